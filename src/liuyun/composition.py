"""How some parts are built from what they stand on; `app` says which there are and in what order."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

import structlog

from liuyun.asynchronous.invocations import place
from liuyun.asynchronous.ports import Ports as AsynchronousPorts
from liuyun.asynchronous.service import Asynchronous
from liuyun.catalog.catalog import Catalog
from liuyun.catalog.configurations import Configurations
from liuyun.catalog.domain_certificates import DomainCertificates
from liuyun.catalog.resolve import Resolver
from liuyun.clock import Clock
from liuyun.compute.compute import Compute
from liuyun.gateway.metrics import MetricsProduct
from liuyun.identity.vault import Vault
from liuyun.ids import Ids
from liuyun.logs.invocation_records import InvocationRecords
from liuyun.messaging.service import Messaging
from liuyun.metadata.core.effective import Reader
from liuyun.metadata.reading import News
from liuyun.metadata.service import Configuration
from liuyun.metadata.watcher import Watcher
from liuyun.model.asynchronous import AsyncConfig, async_config
from liuyun.model.config import ACCOUNT, Json, Level, Scope
from liuyun.model.configuration import ConfigKind
from liuyun.model.function import Function
from liuyun.model.secrets import SecretName, secrets_in
from liuyun.observability.census import Census
from liuyun.observability.metrics import Metrics
from liuyun.observability.minutes import Minutes
from liuyun.observability.observer import Observer
from liuyun.observability.traces import Traces
from liuyun.settings import Settings
from liuyun.storage.database import Database
from liuyun.tls.operators import OperatorsCertificate
from liuyun.triggers.deliveries import Deliveries
from liuyun.triggers.ticking import AsyncQueue, Ticking
from liuyun.workflow.core.decision import ReadConfig
from liuyun.workflow.definition.paths import MISSING, Missing
from liuyun.workflow.service import Workflow

log = structlog.get_logger()
CLOSE_S = 25  # beside what running work may take


@dataclass(frozen=True, slots=True)
class Base:
    """What every part is built on."""

    settings: Settings
    db: Database
    clock: Clock
    ids: Ids
    vault: Vault


@dataclass(frozen=True, slots=True)
class Observing:
    """`observer.invoke` is how everybody calls functions, so that all calls are seen."""

    observer: Observer
    records: InvocationRecords
    metrics: Metrics
    minutes: Minutes
    census: Census
    traces: Traces
    deliveries: Deliveries


def build_observing(base: Base, compute: Compute) -> Observing:
    observer = Observer(invoke=compute.invoke, begin=compute.begin, clock=base.clock)
    metrics, minutes, deliveries = Metrics(), Minutes(), Deliveries()
    traces = Traces(clock=base.clock, endpoint=base.settings.otlp_endpoint)
    records = InvocationRecords(
        db=base.db,
        clock=base.clock,
        observer=observer,
        retention_s=base.settings.limits.record_retention_s,
        sinks=(metrics.add, minutes.add, deliveries.add, traces.add),
    )
    census = Census(clock=base.clock, ask=compute.census, minutes=minutes)
    return Observing(observer, records, metrics, minutes, census, traces, deliveries)


def metrics_product(
    base: Base,
    seen: Observing,
    compute: Compute,
    messaging: Messaging,
    asynchronous: Asynchronous,
    *,
    workflow: Workflow,
) -> MetricsProduct:
    parts = {
        "compute": compute.statistics,
        "deliveries": messaging.deliveries.statistics,
        "asynchronous": asynchronous.statistics,
        "workflow": workflow.statistics,
        "traces": seen.traces.statistics,
    }
    for part, statistics in parts.items():
        seen.metrics.watch(part, statistics)
    token = base.settings.metrics_token
    return MetricsProduct(seen.metrics, token.get_secret_value() if token else "", seen.records.flush)


def build_messaging(base: Base, seen: Observing) -> Messaging:
    return Messaging(
        db=base.db,
        clock=base.clock,
        ids=base.ids,
        vault=base.vault,
        invoke=seen.observer.invoke,
        base_url=lambda: endpoint_of(base.settings),
    )


def build_asynchronous(
    base: Base, resolver: Resolver, configurations: Configurations, seen: Observing, messaging: Messaging
) -> Asynchronous:
    def configure(account_id: str, service: str, qualifier: str, function: str) -> AsyncConfig:
        return async_config(configurations.of(ConfigKind.ASYNC, account_id, service, qualifier, function))

    ports = AsynchronousPorts(
        invoke=seen.observer.invoke,
        resolve=resolver.resolve,
        configure=configure,
        send=messaging.queues.send,
        publish=messaging.topics.publish,
    )
    return Asynchronous(
        db=base.db,
        clock=base.clock,
        ids=base.ids,
        ports=ports,
        limits=base.settings.limits,
        region=base.settings.region,
    )


def build_ticking(base: Base, asynchronous: Asynchronous) -> Ticking:
    queue = AsyncQueue(place, asynchronous.invocations.placed, asynchronous.configure)
    catch_up_s = base.settings.limits.timer_catch_up_s
    return Ticking(db=base.db, clock=base.clock, ids=base.ids, queue=queue, catch_up_s=catch_up_s)


def domain_certificates(base: Base, catalog: Catalog) -> DomainCertificates:
    """Raises Invalid if the operator's certificate is of no use."""
    certificate, private_key = base.settings.tls_certificate, base.settings.tls_private_key
    if not (base.settings.tls_port and certificate and private_key):
        return DomainCertificates(catalog.domains, base.vault.open_sealed)
    return DomainCertificates(catalog.domains, base.vault.open_sealed, OperatorsCertificate(certificate, private_key))


def endpoint_of(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in {"0.0.0.0", ""} else settings.host  # noqa: S104 - for clients, not for binding
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def config_for(configuration: Configuration, execution: str) -> ReadConfig:
    """What an execution's flow reads as `$config`."""

    def read(tenant: str, schema: str, key: str) -> Json | Missing:
        scope = Scope(Level.TENANT, tenant) if tenant else ACCOUNT
        found = configuration.reading.find(schema, key, Reader(scope, unit=execution))
        return MISSING if found is None or found.value is None else found.value

    return read


def reveal_for(configuration: Configuration, function: Function, secret: SecretName) -> str:
    """What a function is given under the name of a secret. Raises ConfigNotFound."""
    reader = Reader(ACCOUNT, unit=f"{function.service}/{function.name}")
    return configuration.reading.reveal(secret.schema, secret.key, reader)


def build_renewing(base: Base, configuration: Configuration, compute: Compute) -> Watcher:
    """Functions get new instances when a secret that they are given changes."""

    def tell(news: News) -> None:
        changes = [change for change in news.changes if change.scope.level is not Level.TENANT]
        moved = {SecretName(change.schema, change.key) for change in changes}

        def concerned(function: Function) -> bool:
            used = set(secrets_in(function.environment).values())
            return bool(used if news.missed else used & moved)

        compute.renew(concerned)

    return Watcher(reading=configuration.reading, clock=base.clock, tell=tell)


class Part(Protocol):
    async def start(self) -> None: ...

    async def close(self, drain_s: float, /) -> None: ...


async def open_part(stack: AsyncExitStack, part: Part, settings: Settings) -> None:
    """Starts it now, and closes it before everything that was opened earlier."""
    await part.start()
    stack.push_async_callback(close_part, part, settings.drain_s)


async def close_part(part: Part, drain_s: float) -> None:
    """One that hangs is told of and left where it is, so that those below it are closed all the same."""
    closing = asyncio.ensure_future(part.close(drain_s))
    if not (await asyncio.wait({closing}, timeout=2 * drain_s + CLOSE_S))[0]:
        log.error("not closed in time", part=type(part).__name__, at=str(closing.get_stack()[-1:]))
        closing.cancel()
        await asyncio.wait({closing}, timeout=1)
    elif (error := closing.exception()) is not None:
        raise error

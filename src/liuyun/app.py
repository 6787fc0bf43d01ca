"""The composition root: from Settings to a running platform. The only file that chooses implementations."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial

from liuyun.asynchronous.service import Asynchronous
from liuyun.catalog.aliases import Aliases
from liuyun.catalog.archive import PackageLimits
from liuyun.catalog.catalog import Catalog
from liuyun.catalog.code import CodePackages, Install
from liuyun.catalog.configurations import Configurations
from liuyun.catalog.domain_certificates import DomainCertificates
from liuyun.catalog.domains import Domains
from liuyun.catalog.functions import Functions
from liuyun.catalog.layers import Layers
from liuyun.catalog.own_functions import OwnFunctions
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.services import Services
from liuyun.catalog.versions import Versions
from liuyun.clock import Clock, SystemClock
from liuyun.composition import (
    Base,
    Observing,
    build_asynchronous,
    build_messaging,
    build_observing,
    build_renewing,
    build_ticking,
    config_for,
    domain_certificates,
    endpoint_of,
    metrics_product,
    open_part,
    reveal_for,
)
from liuyun.compute.compute import Compute
from liuyun.compute.runtimes.revealing import Reveal
from liuyun.errors import PlatformError
from liuyun.gateway.asgi import Gateway
from liuyun.gateway.fc.code_links import CodeLinks
from liuyun.gateway.fc.errors import status_and_code
from liuyun.gateway.fc.product import FcProduct
from liuyun.gateway.fnf.product import FnfProduct
from liuyun.gateway.health import HealthProduct
from liuyun.gateway.later import Later
from liuyun.gateway.mns.errors import explain as explain_message
from liuyun.gateway.mns.product import MnsProduct
from liuyun.gateway.oss.product import OssProduct
from liuyun.identity.access_keys import AccessKeys
from liuyun.identity.audit import Audit
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.bootstrap import establish
from liuyun.identity.keyring import Keyring
from liuyun.identity.root import RootKeys, vault_of
from liuyun.identity.temporary import Credentials, TemporaryCredentials
from liuyun.ids import Ids, SystemIds
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.messaging.service import Messaging
from liuyun.metadata.service import Configuration
from liuyun.model.function import Deployed
from liuyun.model.log import LogLine
from liuyun.objects.storage import ObjectStorage, object_storage
from liuyun.places import DATABASE
from liuyun.settings import Settings
from liuyun.storage.changes import Changes
from liuyun.storage.sqlite import SqliteDatabase
from liuyun.triggers.deliveries import Deliveries
from liuyun.triggers.lifecycle import Triggers
from liuyun.triggers.registry import kinds
from liuyun.triggers.ticking import Ticking
from liuyun.workflow.core.decision import Limits as RunLimits
from liuyun.workflow.integrations.ports import Ports
from liuyun.workflow.service import Workflow


@dataclass(frozen=True, slots=True)
class Platform:
    """A running platform. `app` is its ASGI application; whoever opened the platform serves it.

    `console` is loaded when somebody comes for it, or by its `prepare`.
    """

    settings: Settings
    root: RootKeys
    app: Gateway
    compute: Compute
    messaging: Messaging
    asynchronous: Asynchronous
    workflow: Workflow
    configuration: Configuration
    certificates: DomainCertificates
    console: Later
    changes: Changes

    @property
    def endpoint(self) -> str:
        """Where clients on this machine reach it."""
        return endpoint_of(self.settings)

    def end_waits(self) -> None:
        """Answers long polls now, so that a clean stop needn't wait for them."""
        self.messaging.end_waits()
        self.workflow.end_waits()
        self.configuration.end_waits()
        self.changes.end()


@asynccontextmanager
async def open_platform(
    settings: Settings, *, clock: Clock | None = None, ids: Ids | None = None
) -> AsyncGenerator[Platform]:
    """Starts everything that `settings` describe, takes up what an earlier process left, and closes it all in order."""
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        db = SqliteDatabase(settings.data / DATABASE)
        stack.push_async_callback(db.close)
        base = Base(settings, db, clock or SystemClock(), ids or SystemIds(), vault_of(settings.data))
        root = await establish(db, base.vault, settings, base.ids)
        yield await build(stack, base, root)


async def build(stack: AsyncExitStack, base: Base, root: RootKeys) -> Platform:
    """Each part is started as soon as those stand that it uses, and closed before them."""
    settings, clock, ids = base.settings, base.clock, base.ids
    gateway = Gateway(clock, ids, Audit(db=base.db, clock=clock))
    temporary = TemporaryCredentials(base.vault.derive("temporary credentials"), clock, ids)
    access_keys, authenticator = await open_identity(stack, base, root, temporary)

    logs = await open_logs(stack, base)
    configuration = await open_configuration(base)
    code = package_store(base, lambda folder, runtime: compute.install(folder, runtime))  # noqa: PLW0108 - made below
    resolver = Resolver(db=base.db, code=code, chance=ids.fraction)
    compute = build_compute(
        base, root, resolver, temporary, gateway, reveal=partial(reveal_for, configuration), record_log=logs.record
    )
    await open_part(stack, compute, settings)
    await open_part(stack, build_renewing(base, configuration, compute), settings)
    seen = build_observing(base, compute)
    for part in (seen.traces, seen.records, seen.census):
        await open_part(stack, part, settings)
    messaging = build_messaging(base, seen)
    configurations = Configurations(db=base.db, clock=clock)
    asynchronous = build_asynchronous(base, resolver, configurations, seen, messaging)
    ticking = build_ticking(base, asynchronous)
    triggers = build_triggers(base, resolver, compute, messaging, ticking, deliveries=seen.deliveries)
    catalog = build_catalog(base, code, resolver, compute, triggers, configurations=configurations)
    for known in (catalog.functions, catalog.domains, configurations):
        await known.start()
    configurations.watch(compute.scaling.changed)
    for part in (messaging, asynchronous, ticking):
        await open_part(stack, part, settings)
    await triggers.start()
    workflow = build_workflow(base, seen, messaging, configuration)
    await open_part(stack, workflow, settings)
    storage = await open_objects(base)
    fc = fc_product(
        base, catalog, triggers, seen, asynchronous, compute=compute, storage=storage, account_id=root.account_id,
        logs=logs, authenticator=authenticator, temporary=temporary,
    )  # fmt: skip
    objects = partial(OssProduct, store=storage, authenticator=authenticator, limits=settings.limits)
    gateway.mount(
        objects(port=settings.object_port),
        HealthProduct(),
        metrics_product(base, seen, compute, messaging, asynchronous, workflow=workflow),
        fc,
        objects(),
        MnsProduct(messaging=messaging, authenticator=authenticator),
        FnfProduct(
            flows=workflow.flows, executions=workflow.executions, authenticator=authenticator, region=settings.region
        ),
        epoch=lambda: catalog.domains.epoch,
    )
    console = Later(
        load_console, base, root, authenticator=authenticator, access_keys=access_keys, configuration=configuration,
        workflow=workflow, catalog=catalog, triggers=triggers, seen=seen, logs=logs, messaging=messaging,
    )  # fmt: skip
    gateway.mount_console(console)
    return Platform(
        settings, root, gateway, compute, messaging, asynchronous, workflow, configuration,
        domain_certificates(base, catalog), console, base.db.changes,
    )  # fmt: skip


async def open_identity(
    stack: AsyncExitStack, base: Base, root: RootKeys, temporary: TemporaryCredentials
) -> tuple[AccessKeys, Authenticator]:
    """Users' keys, and what believes them: one keyring is in the hands of both."""
    limits, keyring = base.settings.limits, Keyring([root.access_key])
    access_keys = AccessKeys(
        db=base.db, clock=base.clock, ids=base.ids, vault=base.vault, root=root.access_key, keyring=keyring,
        most=limits.access_keys_of_user,
    )  # fmt: skip
    await open_part(stack, access_keys, base.settings)
    return access_keys, Authenticator(keyring, temporary, base.clock, max_nonces=limits.nonces)


def load_console():
    from liuyun.console import build_console  # noqa: PLC0415 - see there

    return build_console


def build_compute(
    base: Base,
    root: RootKeys,
    resolver: Resolver,
    temporary: TemporaryCredentials,
    platform_app: Gateway,
    *,
    reveal: Reveal,
    record_log: Callable[[LogLine], None],
) -> Compute:
    return Compute(
        settings=base.settings,
        clock=base.clock,
        ids=base.ids,
        account_id=root.account_id,
        resolve=resolver.resolve,
        at_hand=resolver.at_hand,
        release=resolver.released,
        record_log=record_log,
        platform_app=platform_app,
        credentials=lambda deployed: credentials_for(temporary, deployed),
        reveal=reveal,
    )


async def open_configuration(base: Base) -> Configuration:
    vault = base.vault
    made = Configuration(db=base.db, clock=base.clock, ids=base.ids, seal=vault.seal, unseal=vault.open_sealed)
    await made.start()
    return made


async def open_logs(stack: AsyncExitStack, base: Base) -> InvocationLogs:
    logs = InvocationLogs(db=base.db, clock=base.clock, retention_s=base.settings.limits.log_retention_s)
    await logs.start()
    stack.push_async_callback(logs.close)
    return logs


def package_store(base: Base, install: Install) -> CodePackages:
    allowed = base.settings.limits
    limits = PackageLimits(allowed.code_bytes, allowed.code_unpacked_bytes, allowed.code_entries)
    folder = base.settings.data / "code"
    return CodePackages(folder=folder, limits=limits, install=install, ids=base.ids)


async def open_objects(base: Base) -> ObjectStorage:
    folder = base.settings.data / "objects"
    storage = object_storage(db=base.db, clock=base.clock, ids=base.ids, folder=folder, region=base.settings.region)
    await storage.objects.start()
    return storage


def build_triggers(
    base: Base,
    resolver: Resolver,
    compute: Compute,
    messaging: Messaging,
    ticking: Ticking,
    *,
    deliveries: Deliveries,
) -> Triggers:
    topics = messaging.topics
    return Triggers(
        db=base.db,
        clock=base.clock,
        ids=base.ids,
        resolver=resolver,
        kinds=kinds(
            region=base.settings.region,
            subscribe=topics.subscribe,
            unsubscribe=topics.unsubscribe,
            ticking=ticking,
        ),
        replaced=compute.replaced,
        deliveries=deliveries,
    )


def build_catalog(
    base: Base,
    code: CodePackages,
    resolver: Resolver,
    compute: Compute,
    triggers: Triggers,
    *,
    configurations: Configurations,
) -> Catalog:
    db, clock, ids = base.db, base.clock, base.ids
    configurations.watch(resolver.configured)
    services = Services(db=db, clock=clock, ids=ids, resolver=resolver, replaced=compute.replaced)
    layers = Layers(db=db, clock=clock, code=code)
    functions = Functions(
        db=db, clock=clock, ids=ids, code=code, layers=layers, resolver=resolver, configurations=configurations,
        replaced=compute.replaced, drop_triggers=triggers.drop_all,
    )  # fmt: skip
    return Catalog(
        resolver=resolver,
        code=code,
        services=services,
        functions=functions,
        own_functions=OwnFunctions(db=db, clock=clock, ids=ids, services=services, functions=functions),
        versions=Versions(db=db, clock=clock, resolver=resolver, configurations=configurations, led=compute.led),
        aliases=Aliases(db=db, clock=clock, ids=ids, resolver=resolver, configurations=configurations, led=compute.led),
        configurations=configurations,
        layers=layers,
        domains=Domains(db=db, clock=clock, seal=base.vault.seal, unseal=base.vault.open_sealed),
    )


def build_workflow(base: Base, seen: Observing, messaging: Messaging, configuration: Configuration) -> Workflow:
    limits = base.settings.limits
    ports = Ports(
        invoke=seen.observer.invoke,
        explain_function=explain_function,
        publish=messaging.topics.publish,
        send=messaging.queues.send,
        explain_message=explain_message,
        begin_invoke=seen.observer.begin,
    )
    return Workflow(
        db=base.db,
        clock=base.clock,
        ids=base.ids,
        token_key=base.vault.derive("task tokens"),
        ports=ports,
        limits=RunLimits(limits.step_data_bytes, limits.events_per_execution),
        config=partial(config_for, configuration),
    )


def fc_product(
    base: Base,
    catalog: Catalog,
    triggers: Triggers,
    seen: Observing,
    asynchronous: Asynchronous,
    *,
    storage: ObjectStorage,
    compute: Compute,
    account_id: str,
    logs: InvocationLogs,
    authenticator: Authenticator,
    temporary: TemporaryCredentials,
) -> FcProduct:
    return FcProduct(
        catalog=catalog,
        triggers=triggers,
        links=CodeLinks(base.vault.derive("links to code"), base.clock),
        logs=logs,
        records=seen.records,
        traces=seen.traces,
        invoke=seen.observer.invoke,
        begin=seen.observer.begin,
        asynchronous=asynchronous,
        authenticator=authenticator,
        uploads=storage.uploads,
        temporary=temporary,
        limits=base.settings.limits,
        account_id=account_id,
        region=base.settings.region,
        tls_port=base.settings.tls_port,
        provisioned=compute.scaling.state_of,
        instances=compute.instances,
        abort=compute.abort,
    )


def credentials_for(temporary: TemporaryCredentials, deployed: Deployed) -> Credentials | None:
    """A function without a role has none, as at the vendor's."""
    function = deployed.function
    if not deployed.service.role:
        return None
    return temporary.issue(function.account_id, f"{function.service}/{function.name}")


def explain_function(error: PlatformError) -> tuple[int, str]:
    return status_and_code(type(error))

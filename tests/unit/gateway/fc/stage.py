"""Function compute behind its gateway, on a database in memory; what functions do is the test's to say."""

import io
import zipfile
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from liuyun.asynchronous.invocations import place
from liuyun.asynchronous.ports import Ports
from liuyun.asynchronous.service import Asynchronous
from liuyun.catalog.aliases import Aliases
from liuyun.catalog.archive import PackageLimits
from liuyun.catalog.catalog import Catalog
from liuyun.catalog.code import CodePackages
from liuyun.catalog.configurations import Configurations
from liuyun.catalog.domains import Domains
from liuyun.catalog.functions import Functions
from liuyun.catalog.layers import Layers
from liuyun.catalog.own_functions import OwnFunctions
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.services import Services
from liuyun.catalog.versions import Versions
from liuyun.errors import TopicNotFound
from liuyun.gateway.asgi import Gateway
from liuyun.gateway.fc.code_links import CodeLinks
from liuyun.gateway.fc.product import FcProduct
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.keyring import Keyring
from liuyun.identity.signatures import fc
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.logs.invocation_records import InvocationRecords
from liuyun.model.account import AccessKey
from liuyun.model.asynchronous import AsyncConfig
from liuyun.model.instance import ShownInstance
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.message import SubscriptionAttributes
from liuyun.model.provisioned import Provisioned
from liuyun.objects.storage import object_storage
from liuyun.observability.minutes import Minutes
from liuyun.observability.observer import Observer
from liuyun.observability.traces import Traces
from liuyun.settings import Limits
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds
from liuyun.triggers.deliveries import Deliveries
from liuyun.triggers.lifecycle import Triggers
from liuyun.triggers.registry import kinds
from liuyun.triggers.ticking import AsyncQueue, Ticking

ACCOUNT, KEY, SECRET, REGION = "1234567890123456", "LTAItest", "secret", "cn-hangzhou"
PREFIX = "/2016-08-15"


def package(files: Mapping[str, str] | None = None) -> bytes:
    """The same files give the same bytes: entries that carried the time would differ from one second to the next."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in (files or {"index.py": "def handler(event, context): return event"}).items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return buffer.getvalue()


def zip_text(files: Mapping[str, str] | None = None) -> str:
    return b64encode(package(files)).decode()


def echo(invocation: Invocation) -> InvocationResult:
    return InvocationResult(invocation.payload, None, invocation.request_id, "i1", "LATEST", "77", 2.4, 30.987)


def unused_abort(*_: object) -> None:
    raise AssertionError("no test here ends calls")


async def unused(*_: object, **__: object) -> None:
    raise AssertionError("no test here has such a destination")


@dataclass
class Reply:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def document(self) -> Any:
        return msgspec.json.decode(self.body)

    @property
    def code(self) -> str:
        return self.document["ErrorCode"]

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Topics:
    """Stands for the message service: which subscriptions there are."""

    topics: set[str] = field(default_factory=lambda: {"orders"})
    subscriptions: dict[tuple[str, str], SubscriptionAttributes] = field(default_factory=dict)

    async def subscribe(self, account_id: str, topic: str, name: str, attributes: SubscriptionAttributes) -> None:
        if topic not in self.topics:
            raise TopicNotFound(topic)
        self.subscriptions[topic, name] = attributes

    async def unsubscribe(self, account_id: str, topic: str, name: str) -> None:
        if self.subscriptions.pop((topic, name), None) is None:
            raise TopicNotFound(topic)


@dataclass
class Stage:
    folder: Path
    db: MemoryDatabase = field(default_factory=MemoryDatabase)
    clock: FakeClock = field(default_factory=FakeClock)
    ids: CountingIds = field(default_factory=CountingIds)
    wanted: int = 2  # instances, by the schedules and policies of any provision configuration
    limits: Limits = field(default_factory=Limits)
    topics: Topics = field(default_factory=Topics)
    async_config: AsyncConfig = field(default_factory=AsyncConfig)
    instances: list[ShownInstance] = field(default_factory=list)
    answer: Callable[[Invocation], InvocationResult] = echo
    calls: list[Invocation] = field(default_factory=list)
    replaced: list[tuple[str, str, str]] = field(default_factory=list)
    led: list[tuple[Any, ...]] = field(default_factory=list)
    installed: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        shared: dict[str, Any] = {"db": self.db, "clock": self.clock, "ids": self.ids, "replaced": self._note}
        limits = PackageLimits(self.limits.code_bytes, self.limits.code_unpacked_bytes, self.limits.code_entries)
        self.code = CodePackages(folder=self.folder, limits=limits, install=self._install, ids=self.ids)
        self.resolver = Resolver(db=self.db, code=self.code, chance=self.ids.fraction)
        self._watch()
        ports = Ports(self.observer.invoke, self.resolver.resolve, self._configure, unused, unused)
        self.asynchronous = Asynchronous(
            db=self.db, clock=self.clock, ids=self.ids, ports=ports, limits=self.limits, region=REGION
        )
        queue = AsyncQueue(place, self.asynchronous.invocations.placed, self._configure)
        self.ticking = Ticking(db=self.db, clock=self.clock, ids=self.ids, queue=queue, catch_up_s=300)
        kinds_ = kinds(
            region=REGION,
            subscribe=self.topics.subscribe,
            unsubscribe=self.topics.unsubscribe,
            ticking=self.ticking,
        )
        self.services = Services(**shared, resolver=self.resolver)
        self.triggers = Triggers(**shared, resolver=self.resolver, kinds=kinds_, deliveries=self.deliveries)
        self.layers = Layers(db=self.db, clock=self.clock, code=self.code)
        self.configurations = Configurations(db=self.db, clock=self.clock)
        self.functions = Functions(
            **shared,
            code=self.code,
            layers=self.layers,
            resolver=self.resolver,
            configurations=self.configurations,
            drop_triggers=self.triggers.drop_all,
        )
        self.own_functions = OwnFunctions(
            db=self.db, clock=self.clock, ids=self.ids, services=self.services, functions=self.functions
        )
        self.catalog = self._catalog()
        folder = self.folder.parent / "objects"
        self.storage = object_storage(db=self.db, clock=self.clock, ids=self.ids, folder=folder, region=REGION)
        self.logs = InvocationLogs(db=self.db, clock=self.clock, retention_s=3600)
        self.temporary = TemporaryCredentials(b"k" * 32, self.clock, self.ids)
        self.gateway = Gateway(self.clock, self.ids)
        self.gateway.mount(self._product())

    def _catalog(self) -> Catalog:
        shared: dict[str, Any] = {"db": self.db, "clock": self.clock}
        releases: dict[str, Any] = {
            "resolver": self.resolver,
            "configurations": self.configurations,
            "led": lambda *change: self.led.append(change),
        }
        return Catalog(
            resolver=self.resolver,
            code=self.code,
            services=self.services,
            functions=self.functions,
            own_functions=self.own_functions,
            versions=Versions(**shared, **releases),
            aliases=Aliases(**shared, **releases, ids=self.ids),
            configurations=self.configurations,
            layers=self.layers,
            domains=Domains(**shared, seal=lambda secret: secret[::-1], unseal=lambda sealed: sealed[::-1]),
        )

    def _watch(self) -> None:
        self.observer = Observer(invoke=self._invoke, clock=self.clock)
        self.deliveries = Deliveries()
        self.minutes = Minutes()
        self.traces = Traces(clock=self.clock)
        self.records = InvocationRecords(
            db=self.db,
            clock=self.clock,
            observer=self.observer,
            retention_s=3600,
            sinks=[self.minutes.add, self.deliveries.add, self.traces.add],
        )

    def _product(self) -> FcProduct:
        return FcProduct(
            catalog=self.catalog,
            triggers=self.triggers,
            links=CodeLinks(b"k" * 32, self.clock),
            logs=self.logs,
            records=self.records,
            traces=self.traces,
            invoke=self.observer.invoke,
            begin=self.observer.begin,
            asynchronous=self.asynchronous,
            authenticator=Authenticator(
                Keyring([AccessKey(ACCOUNT, KEY, SECRET)]), self.temporary, self.clock, max_nonces=100
            ),
            uploads=self.storage.uploads,
            temporary=self.temporary,
            limits=self.limits,
            account_id=ACCOUNT,
            region=REGION,
            tls_port=7443,
            provisioned=lambda target: Provisioned(self.wanted, current=1, error=""),
            instances=lambda account_id, service, function: self.instances,
            abort=unused_abort,
        )

    async def _note(self, account_id: str, service: str, function: str) -> None:
        self.replaced.append((account_id, service, function))

    def _configure(self, account_id: str, service: str, qualifier: str, function: str) -> AsyncConfig:
        return self.async_config

    async def _install(self, code: Path, runtime: str) -> None:
        self.installed.append(((code / "requirements.txt").read_text(), runtime))

    async def _invoke(self, invocation: Invocation) -> InvocationResult:
        await self.resolver.resolve(
            invocation.account_id, invocation.service, invocation.qualifier, invocation.function
        )
        self.calls.append(invocation)
        return self.answer(invocation)

    async def call(
        self,
        method: str,
        path: str,
        body: object = b"",
        *,
        query: str = "",
        headers: Mapping[str, str] | None = None,
        key: tuple[str, str] | None = (KEY, SECRET),
    ) -> Reply:
        """One request below the version's prefix; signed unless `key` is None. What isn't bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        sent = {"host": "127.0.0.1", "date": formatdate(self.clock.now() / 1000, usegmt=True), **(headers or {})}
        raw_path = PREFIX + path
        if key is not None:
            sign_query = path.startswith("/proxy/")
            resource = fc.proxy_resources(raw_path, query)[0] if sign_query else unquote(raw_path)
            sent["authorization"] = f"FC {key[0]}:{fc.sign(key[1], fc.string_to_sign(method, sent, resource))}"
        return await self.send(method, raw_path, query, sent, content)

    async def send(self, method: str, raw_path: str, query: str, headers: Mapping[str, str], body: bytes) -> Reply:
        events = [{"type": "http.request", "body": body}]
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return events.pop(0) if events else {"type": "http.disconnect"}

        async def send(event: Any) -> None:
            sent.append(event)

        scope = {
            "type": "http", "method": method, "path": unquote(raw_path), "raw_path": raw_path.encode(),
            "query_string": query.encode(), "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
            "client": ("9.8.7.6", 5), "server": ("127.0.0.1", 7080),
        }  # fmt: skip
        await self.gateway(scope, receive, send)
        content = b"".join(event.get("body", b"") for event in sent[1:])
        return Reply(sent[0]["status"], [(k.decode(), v.decode()) for k, v in sent[0]["headers"]], content)

    async def deploy(self, function: str = "f", **members: object) -> None:
        """A service `s` with a function."""
        await self.call("POST", "/services", {"serviceName": "s"})
        body = {"functionName": function, "runtime": "python3", "handler": "index.handler", **members}
        reply = await self.call("POST", "/services/s/functions", {"code": {"zipFile": zip_text()}, **body})
        assert reply.status == 200, reply.body

    async def http_trigger(
        self, auth: str = "anonymous", methods: tuple[str, ...] = ("GET", "POST"), qualifier: str | None = None
    ) -> Reply:
        config = {"authType": auth, "methods": list(methods)}
        body = {"triggerName": "web", "triggerType": "http", "triggerConfig": config, "qualifier": qualifier}
        return await self.call("POST", "/services/s/functions/f/triggers", body)


@asynccontextmanager
async def stage(folder: Path, **options: Any) -> AsyncIterator[Stage]:
    on = Stage(folder / "code", **options)
    await on.functions.start()
    await on.configurations.start()
    await on.catalog.domains.start()
    await on.logs.start()
    await on.storage.objects.start()
    await on.records.start()
    await on.asynchronous.start()
    await on.ticking.start()
    await on.triggers.start()
    yield on
    await on.ticking.close()
    await on.asynchronous.close()
    await on.records.close()
    await on.logs.close()

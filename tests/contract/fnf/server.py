"""The workflow product on a loopback port, with functions, topics and queues that live in the test."""

import asyncio
import hashlib
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from liuyun.errors import FunctionNotFound, PlatformError, TopicNotFound
from liuyun.gateway.asgi import Gateway
from liuyun.gateway.fnf.product import FnfProduct
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.keyring import Keyring
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.ids import SystemIds
from liuyun.model.account import AccessKey
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.serving import Serving, bind
from liuyun.storage.database import Database
from liuyun.storage.sqlite import MemoryDatabase, SqliteDatabase
from liuyun.testing.clock import FakeClock
from liuyun.workflow.core.decision import Limits
from liuyun.workflow.integrations.ports import Ports
from liuyun.workflow.service import Workflow

T = TypeVar("T")
ACCOUNT, KEY, SECRET = "1234567890123456", "LTAItestkey", "test-secret"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the services got it from a task, with the receipt that they gave."""

    target: str
    body: str
    options: Mapping[str, Any]

    @property
    def message_id(self) -> str:
        return "5F290C926D472878-2-14D9529A8FA-200000001"

    @property
    def body_md5(self) -> str:
        return hashlib.md5(self.body.encode()).hexdigest().upper()


@dataclass(slots=True)
class Services:
    """What tasks reach: functions by `service/function`, taking and giving JSON values; topics; any queue."""

    functions: dict[str, Callable[[Any], Any]] = field(default_factory=dict[str, Callable[[Any], Any]])
    topics: set[str] = field(default_factory=set[str])
    invoked: list[tuple[str, Any]] = field(default_factory=list[tuple[str, Any]])
    published: list[Sent] = field(default_factory=list[Sent])
    sent: list[Sent] = field(default_factory=list[Sent])

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        name = f"{invocation.service}/{invocation.function}"
        handler = self.functions.get(name)
        if handler is None:
            raise FunctionNotFound(invocation.service, invocation.function)
        event = msgspec.json.decode(invocation.payload)
        self.invoked.append((name, event))
        try:
            return result(invocation, handler(event), None)
        except Exception as error:  # noqa: BLE001 - as the runtime reports what a handler raises
            document = {"errorMessage": str(error), "errorType": type(error).__name__, "stackTrace": []}
            return result(invocation, document, "UnhandledInvocationError")

    async def publish(self, account_id: str, topic: str, body: str, **options: Any) -> Sent:
        if topic not in self.topics:
            raise TopicNotFound(topic)
        self.published.append(Sent(topic, body, options))
        return self.published[-1]

    async def send(self, account_id: str, queue: str, body: str, **options: Any) -> Sent:
        self.sent.append(Sent(queue, body, options))
        return self.sent[-1]

    @property
    def ports(self) -> Ports:
        return Ports(self.invoke, explain, self.publish, self.send, explain)


def explain(error: PlatformError) -> tuple[int, str]:
    return 404, type(error).__name__


def result(invocation: Invocation, value: Any, error_type: str | None) -> InvocationResult:
    return InvocationResult(
        payload=msgspec.json.encode(value),
        error_type=error_type,
        request_id=invocation.request_id,
        instance_id="i",
        version_id="LATEST",
        code_checksum="0",
        duration_ms=1,
        memory_mb=1,
    )


@dataclass(slots=True)
class FlowServer:
    port: int
    loop: asyncio.AbstractEventLoop
    clock: FakeClock
    workflow: Workflow
    services: Services

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def advance(self, seconds: float) -> None:
        self.run(self.clock.advance(seconds))

    def last_published(self) -> Sent:
        """What a task has published, once everything that was ready to happen has happened."""
        self.advance(0)
        return self.services.published[-1]


@contextmanager
def flow_server(data: Path | None = None, clock: FakeClock | None = None) -> Iterator[FlowServer]:
    """Without `data` all is kept in memory, and what follows from an advance of the clock has happened after it."""
    clock = clock or FakeClock(start=time.time_ns() // 1_000_000)
    ids, services = SystemIds(), Services()
    ready: threading.Event = threading.Event()
    started: list[FlowServer] = []
    stop = asyncio.Event()

    async def serve() -> None:
        db: Database = SqliteDatabase(data / "flows.db") if data else MemoryDatabase()
        workflow = Workflow(db=db, clock=clock, ids=ids, token_key=b"k" * 32, ports=services.ports, limits=Limits())
        temporary = TemporaryCredentials(b"t" * 32, clock, ids)
        authenticator = Authenticator(Keyring([AccessKey(ACCOUNT, KEY, SECRET)]), temporary, clock, max_nonces=10_000)
        product = FnfProduct(
            flows=workflow.flows, executions=workflow.executions, authenticator=authenticator, region="cn-hangzhou"
        )
        gateway = Gateway(clock, ids)
        gateway.mount(product)
        serving, sock = Serving(gateway, begin=gateway.begin), bind("127.0.0.1", 0)
        await workflow.start()
        await serving.listen(sock)
        started.append(FlowServer(sock.getsockname()[1], asyncio.get_running_loop(), clock, workflow, services))
        ready.set()
        await stop.wait()
        await serving.close(0)
        await workflow.close(0)
        await db.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30), "the server did not start"
    try:
        yield started[0]
    finally:
        started[0].loop.call_soon_threadsafe(stop.set)
        thread.join()

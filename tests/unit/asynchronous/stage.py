"""Asynchronous invocations on a database in memory, with functions, queues and topics in the test's hands."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from liuyun.asynchronous.ports import Ports
from liuyun.asynchronous.service import Asynchronous
from liuyun.errors import FunctionNotFound, PlatformError, QueueNotFound
from liuyun.model.asynchronous import AsyncConfig, Task
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.settings import Limits
from liuyun.storage.database import Work
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock, settle
from liuyun.testing.ids import CountingIds

ACCOUNT = "1234567890123456"
KEY = (ACCOUNT, "s", "f")
numbers = count(1)


def succeeded(invocation: Invocation) -> InvocationResult:
    return InvocationResult(b"out", None, invocation.request_id, "i1", "LATEST", "", 12.4, 1.0)


def failed(invocation: Invocation) -> InvocationResult:
    document = b'{"errorMessage":"boom"}'
    return InvocationResult(document, "UnhandledInvocationError", invocation.request_id, "i1", "LATEST", "", 1.0, 1.0)


def raising(error: PlatformError) -> Callable[[Invocation], InvocationResult]:
    def answer(_: Invocation) -> InvocationResult:
        raise error

    return answer


Answer = Callable[[Invocation], InvocationResult | Awaitable[InvocationResult]]


@dataclass
class Stage:
    db: MemoryDatabase = field(default_factory=MemoryDatabase)
    clock: FakeClock = field(default_factory=FakeClock)
    config: AsyncConfig = field(default_factory=AsyncConfig)
    limits: Limits = field(default_factory=Limits)
    answer: Answer = succeeded
    calls: list[Invocation] = field(default_factory=list)
    sent: list[tuple[str, str]] = field(default_factory=list)
    published: list[tuple[str, str]] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        ports = Ports(self._invoke, self._resolve, self._configure, self._send, self._publish)
        self.asynchronous = Asynchronous(
            db=self.db, clock=self.clock, ids=CountingIds(), ports=ports, limits=self.limits, region="cn-hangzhou"
        )
        self.invocations = self.asynchronous.invocations
        self.tasks = self.asynchronous.tasks

    async def accept(self, payload: bytes = b"in", *, function: str = "f", **options: Any) -> str:
        call = Invocation(ACCOUNT, "s", function, payload, f"r{next(numbers)}")
        return await self.invocations.accept(call, **options)

    async def task(self, task_id: str) -> Task:
        return await self.tasks.get(KEY, task_id)

    async def statuses(self, task_id: str) -> list[str]:
        return [event.status for event in (await self.task(task_id)).events]

    async def _invoke(self, invocation: Invocation) -> InvocationResult:
        self.calls.append(invocation)
        answer = self.answer(invocation)
        return answer if isinstance(answer, InvocationResult) else await answer

    async def _resolve(self, account_id: str, service: str, qualifier: str, function: str) -> None:
        if function in self.missing:
            raise FunctionNotFound(service, function)

    def _configure(self, account_id: str, service: str, qualifier: str, function: str) -> AsyncConfig:
        return self.config if function == "f" else AsyncConfig()

    async def _send(self, account_id: str, name: str, body: str, *, along: Work[None] | None = None) -> None:
        if name in self.missing:
            raise QueueNotFound(name)
        assert along is not None
        await self.db.write(along)
        self.sent.append((name, body))

    async def _publish(self, account_id: str, topic: str, body: str) -> None:
        self.published.append((topic, body))


@asynccontextmanager
async def stage(**options: Any) -> AsyncIterator[Stage]:
    on = Stage(**options)
    await on.asynchronous.start()
    yield on
    await on.asynchronous.close()
    await settle()


class Gate:
    """A function that runs until the test lets it go, or until it is cancelled."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.cancelled = 0

    async def __call__(self, invocation: Invocation) -> InvocationResult:
        try:
            await self.open.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return succeeded(invocation)

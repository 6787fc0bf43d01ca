"""A message service on a database in memory, with time and chance in the test's hands."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from liuyun.errors import Unavailable
from liuyun.messaging.service import Messaging
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.message import Message, QueueAttributes, TopicAttributes
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock, settle
from liuyun.testing.ids import CountingIds

T = TypeVar("T")
ACCOUNT = "1234567890123456"


class LateDatabase(MemoryDatabase):
    """Commits at once, and answers only when the loop has turned: as a database beside the loop does."""

    def begin(self, work, then):
        super().begin(work, partial(asyncio.get_running_loop().call_soon, then))


class UnstableDatabase(MemoryDatabase):
    """Refuses to write while it is `broken`, as with a full disk."""

    broken = False

    def begin(self, work, then):
        if self.broken:
            then(Unavailable("The disk is full."))
        else:
            super().begin(work, then)


class PlainVault:
    def seal(self, secret: str) -> str:
        return f"sealed:{secret}"

    def open_sealed(self, sealed: str) -> str:
        return sealed.removeprefix("sealed:")


def succeeded(invocation: Invocation) -> InvocationResult:
    return InvocationResult(b"", None, invocation.request_id, "i", "LATEST", "", 1.0, 1.0)


def failed(invocation: Invocation) -> InvocationResult:
    return InvocationResult(b"{}", "HandledInvocationError", invocation.request_id, "i", "LATEST", "", 1.0, 1.0)


@dataclass
class Functions:
    """Stands for function compute: notes what is called and answers as the test says."""

    answer: Callable[[Invocation], InvocationResult | Awaitable[InvocationResult]] = succeeded
    calls: list[Invocation] = field(default_factory=list)

    async def __call__(self, invocation: Invocation) -> InvocationResult:
        self.calls.append(invocation)
        answer = self.answer(invocation)
        return answer if isinstance(answer, InvocationResult) else await answer


class Stage:
    def __init__(self, db: MemoryDatabase | None = None, clock: FakeClock | None = None) -> None:
        self.clock = clock or FakeClock()
        self.ids = CountingIds()
        self.db = db or MemoryDatabase()
        self.functions = Functions()
        self.messaging = Messaging(
            db=self.db,
            clock=self.clock,
            ids=self.ids,
            vault=PlainVault(),
            invoke=self.functions,
            base_url=lambda: "http://127.0.0.1:7080",
        )
        self.queues = self.messaging.queues
        self.topics = self.messaging.topics

    async def open(self, **attributes: Any) -> "Stage":
        """Starts it, with a queue `q` and a topic `t`."""
        await self.messaging.start()
        await self.queue(**attributes)
        await self.topics.create(ACCOUNT, "t", TopicAttributes())
        return self

    async def idle(self) -> None:
        """Returns when all that can be delivered now is delivered."""
        await settle()
        await self.messaging.deliveries.idle()

    async def queue(self, name: str = "q", **attributes: Any) -> None:
        await self.queues.create(ACCOUNT, name, QueueAttributes(**attributes))

    async def send(self, *bodies: str, priority: int | None = None, delay_s: int | None = None) -> None:
        for body in bodies:
            await self.queues.send(ACCOUNT, "q", body, priority, delay_s)

    async def receive(self, limit: int = 1, wait_s: int = 0) -> list[str]:
        return [message.body for message in await self.messages(limit, wait_s)]

    async def messages(self, limit: int = 1, wait_s: int = 0) -> Sequence[Message]:
        return await self.queues.receive(ACCOUNT, "q", limit, wait_s)

    async def delete(self, *handles: str) -> list[str]:
        return list(await self.queues.delete_messages(ACCOUNT, "q", handles))

    async def waiter(self, limit: int = 1, wait_s: int = 30) -> "asyncio.Task[list[str]]":
        """Somebody who waits for messages, and has found none yet."""
        task = asyncio.create_task(self.receive(limit, wait_s))
        await settle()
        assert not task.done()
        return task


async def got(waiter: "asyncio.Task[T]") -> T:
    """What a waiter has by now; time doesn't pass."""
    await settle()
    assert waiter.done(), "it still waits"
    return waiter.result()

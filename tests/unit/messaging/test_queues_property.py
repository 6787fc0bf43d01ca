"""A queue never loses a message, never shows one twice at a time, and never lets one lie while somebody waits."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from liuyun.errors import InvalidReceiptHandle
from liuyun.model.message import Draft
from tests.conftest import run
from tests.unit.messaging.stage import ACCOUNT, LateDatabase, Stage

VISIBILITY_S, RETENTION_S = 20, 90

sends = st.tuples(st.just("send"), st.integers(1, 16), st.sampled_from([0, 0, 5, 40]))
batches = st.tuples(st.just("batch"), st.lists(st.integers(1, 16), min_size=1, max_size=16))
receives = st.tuples(st.just("receive"), st.integers(1, 16))
deletes = st.tuples(st.just("delete"), st.integers(0, 30))
changes = st.tuples(st.just("change"), st.integers(0, 30), st.sampled_from([0, 3, 60]))
advances = st.tuples(st.just("advance"), st.sampled_from([1, 5, 19, 20, 45]))


@dataclass
class Modelled:
    body: str
    order: int
    priority: int
    visible_at: int
    expires_at: int
    handle: str = ""


@dataclass
class Model:
    """What a queue should be, in the plainest words."""

    messages: dict[str, Modelled] = field(default_factory=dict)
    handles: list[tuple[str, str]] = field(default_factory=list)  # (handle, body), all that were ever given out
    orders: Iterator[int] = field(default_factory=count)

    def send(self, priority: int, now: int, delay_s: int = 0) -> str:
        order = next(self.orders)
        body = f"m{order}"
        self.messages[body] = Modelled(body, order, priority, now + delay_s * 1000, now + RETENTION_S * 1000)
        return body

    def available(self, now: int) -> list[str]:
        found = [each for each in self.messages.values() if each.visible_at <= now < each.expires_at]
        return [each.body for each in sorted(found, key=lambda each: (each.priority, each.order))]

    def good(self, handle: str, body: str, now: int) -> bool:
        message = self.messages.get(body)
        return message is not None and message.handle == handle and now < min(message.visible_at, message.expires_at)


class Player:
    """Plays steps on a real queue and on the model, and compares."""

    def __init__(self) -> None:
        self.stage = Stage(LateDatabase())
        self.model = Model()

    async def play(self, step: tuple) -> None:
        await getattr(self, step[0])(*step[1:])

    async def send(self, priority: int, delay_s: int) -> None:
        body = self.model.send(priority, self.stage.clock.now(), delay_s)
        receipt = await self.stage.queues.send(ACCOUNT, "q", body, priority, delay_s)
        if receipt.receipt_handle:
            self._give(body, receipt.receipt_handle)

    async def batch(self, priorities: list[int]) -> None:
        drafts = [Draft(self.model.send(each, self.stage.clock.now()), each) for each in priorities]
        await self.stage.queues.send_batch(ACCOUNT, "q", drafts)

    async def receive(self, limit: int) -> None:
        now = self.stage.clock.now()
        received = await self.stage.messages(limit)
        assert [message.body for message in received] == self.model.available(now)[:limit]
        for message in received:
            self.model.messages[message.body].visible_at = now + VISIBILITY_S * 1000
            self._give(message.body, message.receipt_handle)

    async def delete(self, index: int) -> None:
        if not self.model.handles:
            return
        handle, body = self.model.handles[index % len(self.model.handles)]
        good = self.model.good(handle, body, self.stage.clock.now())
        assert await self.stage.delete(handle) == ([] if good else [handle])
        if good:
            del self.model.messages[body]

    async def change(self, index: int, timeout_s: int) -> None:
        if not self.model.handles:
            return
        handle, body = self.model.handles[index % len(self.model.handles)]
        now = self.stage.clock.now()
        good = self.model.good(handle, body, now)
        try:
            changed = await self.stage.queues.change_visibility(ACCOUNT, "q", handle, timeout_s)
        except InvalidReceiptHandle:
            assert not good
            return
        assert good
        self.model.messages[body].visible_at = now + timeout_s * 1000
        self._give(body, changed.receipt_handle)

    async def advance(self, seconds: int) -> None:
        await self.stage.clock.advance(seconds)

    def _give(self, body: str, handle: str) -> None:
        self.model.messages[body].handle = handle
        self.model.handles.append((handle, body))


@given(st.lists(sends | batches | receives | deletes | changes | advances, max_size=40))
def test_a_queue_is_what_its_model_is(steps: list[tuple]) -> None:
    """Whatever is done in whatever order, receives show what should be there and handles do what they should."""

    async def main() -> None:
        player = Player()
        await player.stage.queue(visibility_timeout_s=VISIBILITY_S, retention_s=RETENTION_S)
        for step in [*steps, ("receive", 16)]:
            await player.play(step)

    run(main())


limits = st.lists(st.sampled_from([1, 1, 2, 16]), min_size=1, max_size=4)
waits = st.tuples(st.just("wait"), limits, st.sampled_from([3, 30]))
leaves = st.tuples(st.just("leave"), st.integers(0, 20))
pauses = st.tuples(st.just("advance"), st.sampled_from([1, 2, 3]))
several = st.tuples(st.just("several"), st.lists(st.sampled_from([0, 2, 2, 3]), min_size=1, max_size=4))
turns = st.integers(0, 8)  # of the loop until the next step: few, so that steps meet in the midst of each other


class Crowd:
    """Senders and receivers who come and go at the same time."""

    def __init__(self) -> None:
        self.stage = Stage(LateDatabase())
        self.receiving: list[asyncio.Task[list[str]]] = []
        self.sending: list[asyncio.Task[None]] = []

    async def wait(self, limits: list[int], wait_s: int) -> None:
        self.receiving += [asyncio.create_task(self.stage.receive(limit, wait_s)) for limit in limits]

    async def leave(self, index: int) -> None:
        if waiting := [task for task in self.receiving if not task.done()]:
            waiting[index % len(waiting)].cancel()

    async def several(self, delays: list[int]) -> None:
        for delay_s in delays:
            self.sending.append(asyncio.create_task(self.stage.send(f"m{len(self.sending)}", delay_s=delay_s)))

    async def advance(self, seconds: int) -> None:
        await self.stage.clock.advance(seconds)
        if not all(task.done() for task in self.receiving):
            assert await self.stage.queues.peek(ACCOUNT, "q") == []

    async def end(self) -> list[str]:
        """What everybody got, and what is left."""
        await self.advance(0)
        await self.advance(60)
        got = [body for task in self.receiving if not task.cancelled() for body in task.result()]
        while more := await self.stage.receive(16):
            got += more
        return got


@given(st.lists(st.tuples(waits | leaves | pauses | several, turns), min_size=6, max_size=30))
def test_nobody_waits_beside_a_message(steps: list[tuple]) -> None:
    """Receivers come, wait and leave at any instant: no message lies while one waits, and each is got exactly once."""

    async def main() -> None:
        crowd = Crowd()
        await crowd.stage.queue(visibility_timeout_s=43_200)
        for step, turns in steps:
            await getattr(crowd, step[0])(*step[1:])
            for _ in range(turns):
                await asyncio.sleep(0)
        assert sorted(await crowd.end()) == sorted(f"m{index}" for index in range(len(crowd.sending)))

    run(main())

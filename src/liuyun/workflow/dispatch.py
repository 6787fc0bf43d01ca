"""The outbox: effects leave here after their commit, at least once, and what comes of them goes back to the engine.

* An effect is known by (execution, event id). Its row goes in the commit that takes its result; until then a restart
  sends it again.
* Effects of one flow form a lane; lanes are served in turn, and none may take all the places.
* Memory holds a bounded backlog. What doesn't fit is passed over and read from the database when there is room; the
  start of the platform is the case in which everything was passed over.
* An effect that nobody awaits any more (the execution ended, the task timed out) is dropped before it leaves. One that
  is under way is never called off: what it does in the world can't be.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, ExecutionNotFound, PlatformError, Unavailable
from liuyun.model.execution import ExecutionKey
from liuyun.storage.database import Database
from liuyun.storage.stores import executions as store
from liuyun.workflow.core.activations import Activation, TaskFailed
from liuyun.workflow.lanes import Lanes
from liuyun.workflow.outbox import Outgoing, ReportBack, decode_outgoing

PLACES = 1024  # effects under way at once
SHARE = 256  # of these, for one flow
BACKLOG = 10_000  # effects waiting in memory
PAGE = 500
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 100, 5000  # between attempts to hand in a result

T = TypeVar("T")
Carrier = Callable[[ExecutionKey, Any], Awaitable[Activation | None]]
log = structlog.get_logger()


class Receiver(Protocol):
    """The engine, as far as results go."""

    def advance(self, key: ExecutionKey, activation: Activation) -> Awaitable[object]: ...

    async def awaits(self, key: ExecutionKey, event_id: int) -> bool: ...


class Dispatcher:
    def __init__(
        self, *, db: Database, clock: Clock, places: int = PLACES, share: int = SHARE, backlog: int = BACKLOG
    ) -> None:
        self._db = db
        self._clock = clock
        self._backlog = backlog
        self._lanes: Lanes[tuple[ExecutionKey, Outgoing]] = Lanes(places=places, share=share)
        self._known: set[tuple[ExecutionKey, int]] = set()  # waiting or under way
        self._done_while_reading: set[tuple[ExecutionKey, int]] | None = None  # None: nothing is being read
        self._passed_over = asyncio.Event()
        self._room = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._reader: asyncio.Task[None] | None = None
        self._receiver: Receiver | None = None
        self._carriers: Mapping[type, Carrier] = {}

    def start(self, receiver: Receiver, carriers: Mapping[type, Carrier]) -> None:
        """`carriers` hold one function per kind of effect; it answers what to tell the execution, if anything."""
        self._receiver = receiver
        self._carriers = carriers
        self._passed_over.set()
        self._reader = asyncio.create_task(self._read_forever())

    async def close(self, drain_s: float) -> None:
        """Nothing leaves any more; what is under way has `drain_s` to come back. The rest waits for the next start."""
        self._receiver = None
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.wait({self._reader})
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=drain_s)
        for task in (left := tuple(self._tasks)):
            task.cancel()
        if left:
            await asyncio.wait(left)

    def statistics(self) -> dict[str, int]:
        return {"waiting_effects": len(self._lanes), "running_effects": len(self._tasks)}

    def submit(self, key: ExecutionKey, effects: Sequence[Outgoing]) -> None:
        """These effects were committed."""
        for effect in effects:
            self._take(key, effect)
        self._send()

    def _take(self, key: ExecutionKey, effect: Outgoing) -> None:
        if len(self._lanes) >= self._backlog:
            self._passed_over.set()
        elif (key, effect.event_id) not in self._known:
            self._known.add((key, effect.event_id))
            self._lanes.put((key.account_id, key.flow_id), (key, effect))

    def _send(self) -> None:
        while self._receiver is not None and (taken := self._lanes.take()) is not None:
            lane, (key, effect) = taken
            task = asyncio.create_task(self._carry(self._receiver, key, effect))
            self._tasks.add(task)
            task.add_done_callback(partial(self._sent, lane, (key, effect.event_id)))
        if len(self._lanes) <= self._backlog // 2:
            self._room.set()

    def _sent(self, lane: Hashable, identity: tuple[ExecutionKey, int], task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._known.discard(identity)
        if self._done_while_reading is not None:
            self._done_while_reading.add(identity)
        self._lanes.give_back(lane)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("effect left for the next start", execution=identity[0].execution_id, exc_info=error)
        self._send()

    async def _carry(self, receiver: Receiver, key: ExecutionKey, effect: Outgoing) -> None:
        try:
            await self._carry_out(receiver, key, effect)
        except ExecutionNotFound:
            log.info("effect outlived its execution", execution=key.execution_id)

    async def _carry_out(self, receiver: Receiver, key: ExecutionKey, effect: Outgoing) -> None:
        event_id = effect.event_id
        answer: Activation | None = None
        if isinstance(effect, ReportBack) or await self._insist(lambda: receiver.awaits(key, event_id)):
            answer = await self._insist(lambda: self._call(key, effect))
        if answer is None:
            await self._insist(lambda: self._db.write(lambda tx: store.delete_effect(tx, key, event_id)))
        else:
            await self._insist(lambda: receiver.advance(key, answer))

    async def _call(self, key: ExecutionKey, effect: Outgoing) -> Activation | None:
        try:
            return await self._carriers[type(effect)](key, effect)
        except PlatformError:
            raise
        except Exception:
            log.exception("effect failed", execution=key.execution_id, kind=type(effect).__name__)
            cause = "The platform could not carry out the task; its log says why."
            return TaskFailed(effect.event_id, "FnF.RuntimeError", cause)

    async def _insist(self, work: Callable[[], Awaitable[T]]) -> T:
        """The database is worth waiting for: were a result lost, its effect would have to happen again."""
        pause_ms = FIRST_PAUSE_MS
        while True:
            try:
                return await work()
            except (Unavailable, ConcurrentUpdate) as error:
                log.warning("effect waits", reason=error.message)
            await self._clock.sleep_until(self._clock.now() + pause_ms)
            pause_ms = min(pause_ms * 2, LONGEST_PAUSE_MS)

    async def _read_forever(self) -> None:
        """Brings what was passed over back to memory."""
        while True:
            await self._passed_over.wait()
            self._passed_over.clear()
            try:
                await self._read_all()
            except Unavailable as error:
                log.warning("outbox not read yet", reason=error.message)
                self._passed_over.set()
                await self._clock.sleep_until(self._clock.now() + LONGEST_PAUSE_MS)

    async def _read_all(self) -> None:
        after = ("", "", 0)
        page_is_full = True
        while page_is_full:
            await self._has_room()
            done = self._done_while_reading = set[tuple[ExecutionKey, int]]()
            page = await self._db.read(partial(store.effects, after=after, limit=PAGE))
            self._done_while_reading = None
            for key, row in page:
                after = (key.account_id, key.execution_id, row.event_id)
                if (key, row.event_id) not in done:
                    self._take(key, decode_outgoing(row.effect))
            self._send()
            page_is_full = len(page) == PAGE

    async def _has_room(self) -> None:
        while len(self._lanes) > self._backlog // 2:
            self._room.clear()
            await self._room.wait()

"""The outbox: effects leave here after their commit, at least once, and what comes of them goes back to the engine.

* An effect is known by (execution, event id). Its row goes in the commit that takes its result; until then a restart
  sends it again.
* The effects of a flow form a lane. Lanes are served in turn, and none may take all the places: a flow that floods, or
  calls something slow, doesn't keep the others waiting.
* Memory holds the first effects of each lane. A lane with more than that is *behind*: the rest stays in the database
  until there is room. The start of the platform is the case in which every lane is behind.
* An effect that nobody awaits any more (the execution ended, the task timed out) is dropped before it leaves. One that
  is under way is never called off: what it does in the world can't be.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from functools import partial
from typing import Any, Protocol, TypeVar

import structlog

from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, ExecutionNotFound, PlatformError, Unavailable
from liuyun.model.execution import ExecutionKey
from liuyun.storage.database import Database
from liuyun.storage.stores import executions as store
from liuyun.workflow.core.activations import Activation
from liuyun.workflow.core.decision import Decision
from liuyun.workflow.lanes import Lanes
from liuyun.workflow.outbox import Outgoing, ReportBack, decode_outgoing
from liuyun.workflow.prompt import Prompt, Prompter, unexpected

PLACES = 4096  # effects under way at once
SHARE = 512  # of these, for one flow
WAITING = 512  # effects of one flow that wait in memory
BACKLOG = 100_000  # effects of all flows that wait in memory
FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 100, 5000  # between attempts to hand in a result

T = TypeVar("T")
Lane = tuple[str, str]  # account, flow id
Identity = tuple[ExecutionKey, int]  # of an effect
Carrier = Callable[[ExecutionKey, Any], Awaitable[Activation | None]]
log = structlog.get_logger()


class Receiver(Protocol):
    """The engine, as far as results go."""

    def advance(self, key: ExecutionKey, activation: Activation) -> Awaitable[object]: ...

    async def awaits(self, key: ExecutionKey, event_id: int) -> bool: ...


class Dispatcher:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        places: int = PLACES,
        share: int = SHARE,
        waiting: int = WAITING,
        backlog: int = BACKLOG,
    ) -> None:
        self._db = db
        self._clock = clock
        self._waiting = waiting
        self._backlog = backlog
        self._lanes: Lanes[Lane, tuple[ExecutionKey, Outgoing]] = Lanes(places=places, share=share)
        self._known: set[Identity] = set()  # waiting or under way
        self._done_while_reading: set[Identity] | None = None  # None: nothing is being read
        self._behind: set[Lane] = set()
        self._room = asyncio.Event()  # some lane that is behind may go on
        self._tasks: set[asyncio.Task[None]] = set()
        self._prompts: set[Prompt] = set()  # under way without a task
        self._drained: asyncio.Future[None] | None = None  # somebody waits until nothing is under way
        self._reader: asyncio.Task[None] | None = None
        self._receiver: Receiver | None = None
        self._carriers: Mapping[type, Carrier] = {}
        self._prompter: Prompter | None = None

    def start(self, receiver: Receiver, carriers: Mapping[type, Carrier], prompter: Prompter | None = None) -> None:
        """`carriers` hold one function per kind of effect; it answers what to tell the execution, if anything.
        `prompter` is asked before them.
        """
        self._receiver = receiver
        self._carriers = carriers
        self._prompter = prompter
        self._reader = asyncio.create_task(self._read_forever())

    async def close(self, drain_s: float) -> None:
        """Nothing leaves any more; what is under way has `drain_s` to come back. The rest waits for the next start."""
        self._receiver = None
        if self._reader is not None:
            self._reader.cancel()
            await asyncio.wait({self._reader})
        if self._tasks or self._prompts:
            self._drained = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._drained}, timeout=drain_s)
        for prompt in self._prompts:
            prompt.abandon()
        for task in (left := tuple(self._tasks)):
            task.cancel()
        if left:
            await asyncio.wait(left)

    def statistics(self) -> dict[str, int]:
        return {"waiting_effects": len(self._lanes), "running_effects": len(self._tasks) + len(self._prompts)}

    def submit(self, key: ExecutionKey, effects: Sequence[Outgoing]) -> None:
        """These effects were committed."""
        for effect in effects:
            self._take(key, effect)
        self._send()

    def _take(self, key: ExecutionKey, effect: Outgoing) -> None:
        lane, identity = (key.account_id, key.flow_id), (key, effect.event_id)
        if identity in self._known:
            return
        if self._lanes.waiting(lane) >= self._waiting or len(self._lanes) >= self._backlog:
            self._behind.add(lane)
        else:
            self._known.add(identity)
            self._lanes.put(lane, (key, effect))

    def _send(self) -> None:
        while self._receiver is not None and (taken := self._lanes.take()) is not None:
            lane, (key, effect) = taken
            prompt = self._prompter and self._prompter.begin(key, effect, partial(self._stored, self._receiver, lane))
            if prompt is None:
                self._do(lane, (key, effect.event_id), self._carry(self._receiver, key, effect))
            else:
                self._prompts.add(prompt)

    def _stored(self, receiver: Receiver, lane: Lane, prompt: Prompt, outcome: Decision | Exception) -> None:
        """The result of an effect that had no task is; else one brings it to the database."""
        self._prompts.discard(prompt)
        key, identity = prompt.key, (prompt.key, prompt.effect.event_id)
        if isinstance(outcome, Unavailable | ConcurrentUpdate) and prompt.answer is not None:
            self._do(lane, identity, self._hand_in(receiver, key, prompt.answer))
            return
        error = outcome if isinstance(outcome, Exception) else None
        if isinstance(error, ExecutionNotFound):
            log.info("effect outlived its execution", execution=key.execution_id)
            error = None
        self._over(lane, identity, error)

    def _do(self, lane: Lane, identity: Identity, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, lane, identity))

    def _done(self, lane: Lane, identity: Identity, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._over(lane, identity, None if task.cancelled() else task.exception())

    def _over(self, lane: Lane, identity: Identity, error: BaseException | None) -> None:
        self._known.discard(identity)
        if self._done_while_reading is not None:
            self._done_while_reading.add(identity)
        self._lanes.give_back(lane)
        if error is not None:
            log.error("effect left for the next start", execution=identity[0].execution_id, exc_info=error)
        self._send()
        if self._behind and self._has_room(lane):
            self._room.set()
        if self._drained is not None and not self._drained.done() and not (self._tasks or self._prompts):
            self._drained.set_result(None)

    def _has_room(self, lane: Lane) -> bool:
        return self._lanes.waiting(lane) <= self._waiting // 2 and len(self._lanes) <= self._backlog // 2

    async def _carry(self, receiver: Receiver, key: ExecutionKey, effect: Outgoing) -> None:
        try:
            await self._carry_out(receiver, key, effect)
        except ExecutionNotFound:
            log.info("effect outlived its execution", execution=key.execution_id)

    async def _hand_in(self, receiver: Receiver, key: ExecutionKey, answer: Activation) -> None:
        try:
            await self._insist(lambda: receiver.advance(key, answer))
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
        except Exception as error:  # noqa: BLE001 - it is the execution's, and logged
            return unexpected(key, effect, error)

    async def _insist(self, work: Callable[[], Awaitable[T]]) -> T:
        """The database is worth waiting for: were a result lost, its effect would have to happen again."""
        pause_ms = FIRST_PAUSE_MS
        while True:
            try:
                return await work()
            except (Unavailable, ConcurrentUpdate) as error:
                log.warning("effect waits", reason=error.message)
            await self._clock.sleep(pause_ms)
            pause_ms = min(pause_ms * 2, LONGEST_PAUSE_MS)

    async def _read_forever(self) -> None:
        self._behind |= set(await self._insist(lambda: self._db.read(store.flows_with_effects)))
        while True:
            try:
                for lane in [lane for lane in self._behind if self._has_room(lane)]:
                    await self._catch_up(lane)
            except Exception as error:  # whatever it was, the rows are still there
                log.warning("outbox not read yet", exc_info=error)
                await self._clock.sleep(LONGEST_PAUSE_MS)
            if not any(self._has_room(lane) for lane in self._behind):
                await self._room.wait()
                self._room.clear()

    async def _catch_up(self, lane: Lane) -> None:
        """Reads the next effects of a lane. Those that memory knows come first, they are of its oldest executions."""
        account_id, flow_id = lane
        limit = self._lanes.out(lane) + self._lanes.waiting(lane) + self._waiting
        self._behind.discard(lane)  # before the reading, so that what is passed over from now on puts it back
        done = self._done_while_reading = set[Identity]()
        try:
            rows = await self._db.read(partial(store.effects, account_id=account_id, flow_id=flow_id, limit=limit))
        except BaseException:
            self._behind.add(lane)
            raise
        finally:
            self._done_while_reading = None
        for key, row in rows:
            if (key, row.event_id) not in done:
                self._take(key, decode_outgoing(row.effect))
        if len(rows) == limit:
            self._behind.add(lane)
        self._send()

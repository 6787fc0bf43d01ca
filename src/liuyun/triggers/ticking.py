"""Keeps the time of timer triggers.

Each waits in a row for its next tick, and no tick is lost or doubled by a restart: the commit that enqueues a tick's
invocation also says when the next one is due. Ticks that were missed while the platform was down are made up for, one
invocation each, unless they are older than `limits.timer_catch_up_s`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import structlog

from liuyun.clock import Clock
from liuyun.errors import PlatformError
from liuyun.ids import Ids
from liuyun.model.asynchronous import Accepted, AsyncConfig
from liuyun.model.function import Trigger
from liuyun.scheduling.alarm import Alarm
from liuyun.scheduling.cron import schedule
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import timers as store
from liuyun.storage.stores.timers import DueTimer
from liuyun.storage.stores.triggers import Key, key_of
from liuyun.triggers.ticks import invocation, tick

AT_ONCE = 256  # ticks in one commit: bounds how long others wait for it
PAUSE_MS = 1000  # before the database is asked again after a failure

log = structlog.get_logger()
read_schedule = lru_cache(maxsize=10_000)(schedule)


@dataclass(frozen=True, slots=True)
class AsyncQueue:
    """Asynchronous invocations, as far as timers need them: `placed` is told what `place` put into a commit."""

    place: Callable[[Transaction, Accepted], None]
    placed: Callable[[Sequence[Accepted]], None]
    configure: Callable[[str, str, str, str], AsyncConfig]


class Ticking:
    def __init__(self, *, db: Database, clock: Clock, ids: Ids, queue: AsyncQueue, catch_up_s: int) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._queue = queue
        self._catch_up_ms = catch_up_s * 1000
        self._alarm = Alarm(clock)
        self._schedules: dict[Key, str] = {}
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._schedules = await self._db.read(store.schedules)
        self._alarm.set(await self._db.read(store.next_at))
        self._task = asyncio.create_task(self._tick_forever(), name="timers")

    async def close(self, drain_s: float = 0) -> None:  # noqa: ARG002 - what has begun is a commit, and waits for nobody
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def begin(self, trigger: Trigger) -> None:
        """From now on, if it doesn't tick by this schedule already."""
        key, text = key_of(trigger), trigger.config["cronExpression"]
        if self._schedules.get(key) == text:
            return
        next_at = read_schedule(text).after(self._clock.now())
        if next_at is None:
            return
        await self._db.write(lambda tx: store.put(tx, key, text, next_at))
        self._schedules[key] = text
        self._alarm.set(next_at)

    async def end(self, trigger: Trigger) -> None:
        key = key_of(trigger)
        if key in self._schedules:
            await self._db.write(lambda tx: store.drop(tx, key))
            del self._schedules[key]

    async def _tick_forever(self) -> None:
        while True:
            await self._alarm.wait()
            try:
                self._alarm.set(await self._tick_due())
            except PlatformError:
                log.exception("timers can't be read")
                self._alarm.set(self._clock.now() + PAUSE_MS)

    async def _tick_due(self) -> int | None:
        """Enqueues what is due, a piece at a time; when there is something to do again."""
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[list[Accepted], list[Key], int | None]:
            accepted, gone = self._take(tx, now)
            return accepted, gone, store.next_at(tx)

        accepted, gone, next_at = await self._db.write(work)
        for key in gone:
            self._schedules.pop(key, None)
        self._queue.placed(accepted)
        return next_at

    def _take(self, tx: Transaction, now: int) -> tuple[list[Accepted], list[Key]]:
        """What was enqueued, and which timers never tick again."""
        accepted: list[Accepted] = []
        gone: list[Key] = []
        later: list[tuple[Key, int]] = []
        for timer in store.due(tx, now, AT_ONCE):
            found = tick(read_schedule(timer.schedule), timer.next_at, now, self._catch_up_ms)
            if found.skipped:
                log.warning("ticks skipped", timer=timer.key, since=timer.next_at)
            if timer.trigger is None or found.next_at is None:
                store.drop(tx, timer.key)
                gone.append(timer.key)
            else:
                later.append((timer.key, found.next_at))
            if timer.trigger is not None and found.at is not None:
                accepted.append(self._accepted(timer, timer.trigger, found.at, now))
        store.advance(tx, later)
        for each in accepted:
            self._queue.place(tx, each)
        return accepted, gone

    def _accepted(self, timer: DueTimer, trigger: Trigger, at: int, now: int) -> Accepted:
        account_id, service, function, _ = timer.key
        call = invocation(trigger, at, self._ids.uuid())
        config = self._queue.configure(account_id, service, trigger.qualifier, function)
        return Accepted(invocation=call, invocation_id=call.request_id, config=config, enqueued_at=now)

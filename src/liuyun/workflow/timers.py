"""Alarms of executions: kept in the database, rung by one loop that sleeps until the next one is due."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from liuyun.clock import Clock, wait_until
from liuyun.errors import ConcurrentUpdate, Unavailable
from liuyun.model.execution import ExecutionKey
from liuyun.storage.database import Database
from liuyun.storage.stores import executions as store
from liuyun.storage.stores.executions import TimerRow

BATCH = 256
PAUSE_MS = 1000  # before the database is asked again after a failure
POSTPONED_MS = 60_000  # an alarm whose execution can't take it must not hold up the others

Ring = Callable[
    [ExecutionKey, int], Awaitable[object]
]  # (execution, event id that set the alarm); its commit removes it
log = structlog.get_logger()


class Timers:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._next: int | None = None  # the earliest alarm that the loop knows of
        self._earlier = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, ring: Ring) -> None:
        self._task = asyncio.create_task(self._ring_forever(ring))

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def arm(self, due_at: int) -> None:
        """An alarm for `due_at` was committed."""
        if self._next is None or due_at < self._next:
            self._next = due_at
            self._earlier.set()

    async def _ring_forever(self, ring: Ring) -> None:
        while True:
            self._next = None  # from here on `arm` tells what the reading may have missed
            self._earlier.clear()
            try:
                upcoming = await self._ring_due(ring)
            except Exception as error:  # whatever it was, the alarms are still there
                log.warning("timers paused", exc_info=error)
                upcoming = self._clock.now() + PAUSE_MS
            if upcoming is not None:
                self._next = upcoming if self._next is None else min(upcoming, self._next)
            await self._sleep()

    async def _sleep(self) -> None:
        """Until the next alarm is due, however early one is set meanwhile."""
        while True:
            try:
                if self._next is None:
                    await self._earlier.wait()
                else:
                    await wait_until(self._clock, self._earlier.wait(), self._next)
            except TimeoutError:
                return
            self._earlier.clear()

    async def _ring_due(self, ring: Ring) -> int | None:
        """Rings everything that is due; when the first one after that is due."""
        while True:
            rows = await self._db.read(lambda tx: store.timers(tx, BATCH))
            now = self._clock.now()
            due = [(key, row) for key, row in rows if row.due_at <= now]
            await self._ring_all(ring, due)
            if len(due) < len(rows):
                return rows[len(due)][1].due_at
            if len(rows) < BATCH:
                return None

    async def _ring_all(self, ring: Ring, due: Sequence[tuple[ExecutionKey, TimerRow]]) -> None:
        results = await asyncio.gather(*(ring(key, row.event_id) for key, row in due), return_exceptions=True)
        for (key, row), result in zip(due, results, strict=True):
            if isinstance(result, Unavailable | ConcurrentUpdate):
                raise result
            if isinstance(result, Exception):
                log.error("timer postponed", execution=key.execution_id, event_id=row.event_id, exc_info=result)
                later = self._clock.now() + POSTPONED_MS
                await self._db.write(partial(store.postpone, key=key, event_id=row.event_id, due_at=later))

"""Clears away, in small pieces, what nobody can receive any more: expired messages, and those of deleted queues.

A receive never shows an expired message, so this is about space and may lag; it looks at most every few seconds however
many messages expire one after the other.
"""

import asyncio

import structlog

from liuyun.clock import Clock
from liuyun.errors import PlatformError
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import queues as store

AT_ONCE = 500  # rows in one commit: bounds how long others wait for it
PAUSE_MS = 10_000
LONGEST_PAUSE_MS = 60_000  # the shortest retention: nothing stored meanwhile can expire before

log = structlog.get_logger()


class Retention:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._run(), name="retention")

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _run(self) -> None:
        while True:
            try:
                pause_ms = await self.sweep()
            except PlatformError:
                log.exception("expired messages can't be cleared away")
                pause_ms = PAUSE_MS
            await self._clock.sleep(pause_ms)

    async def sweep(self) -> int:
        """Clears away a piece; returns how long the rest, if any, can wait."""
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[int, int | None]:
            return store.expire(tx, now, AT_ONCE) + store.clear_deleted(tx, AT_ONCE), store.next_expiry(tx)

        cleared, next_expiry = await self._db.write(work)
        if cleared:
            return 0
        if next_expiry is None:
            return LONGEST_PAUSE_MS
        return min(max(next_expiry - now, PAUSE_MS), LONGEST_PAUSE_MS)

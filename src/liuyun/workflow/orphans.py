"""Executions of deleted flows come to rest: each one that still runs is stopped, however many there are."""

import asyncio

import structlog

from liuyun.clock import Clock
from liuyun.storage.database import Database
from liuyun.storage.stores import executions as store
from liuyun.workflow.core.activations import Stop
from liuyun.workflow.engine import Engine

PAGE = 100
PAUSE_MS = 5000  # after a failure

log = structlog.get_logger()


class Orphans:
    def __init__(self, *, db: Database, clock: Clock, engine: Engine) -> None:
        self._db = db
        self._clock = clock
        self._engine = engine
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._wanted.set()  # what an earlier process left
        self._task = asyncio.create_task(self._stop_forever())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def look(self) -> None:
        """A flow was deleted."""
        self._wanted.set()

    async def _stop_forever(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._stop_all()
            except Exception:
                log.exception("executions of deleted flows not stopped yet")
                self._wanted.set()
                await self._clock.sleep_until(self._clock.now() + PAUSE_MS)

    async def _stop_all(self) -> None:
        while keys := await self._db.read(lambda tx: store.orphans(tx, PAGE)):
            await asyncio.gather(*(self._engine.advance(key, Stop(cause="The flow was deleted.")) for key in keys))

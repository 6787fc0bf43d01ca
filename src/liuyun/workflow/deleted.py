"""What deleted flows leave behind: their running executions are stopped, then everything they stored is removed.

Both go page by page, so that neither memory nor other commits suffer from a flow with a million executions. A process
that dies in the middle leaves the rest to the next one.
"""

import asyncio

import structlog

from liuyun.clock import Clock
from liuyun.errors import phrase
from liuyun.storage.database import Database
from liuyun.storage.stores import executions as store
from liuyun.storage.stores import flows as flow_store
from liuyun.workflow.core.activations import Stop
from liuyun.workflow.engine import Engine

PAGE = 100
PAUSE_MS = 5000  # after a failure

log = structlog.get_logger()


class DeletedFlows:
    def __init__(self, *, db: Database, clock: Clock, engine: Engine) -> None:
        self._db = db
        self._clock = clock
        self._engine = engine
        self._wanted = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._wanted.set()  # what an earlier process left
        self._task = asyncio.create_task(self._clear_forever())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    def look(self) -> None:
        """A flow was deleted."""
        self._wanted.set()

    async def _clear_forever(self) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            try:
                await self._stop_executions()
                await self._remove_rows()
            except Exception as error:  # whatever it was, the rows are still there
                log.warning("deleted flows not cleared yet", exc_info=error)
                self._wanted.set()
                await self._clock.sleep(PAUSE_MS)

    async def _stop_executions(self) -> None:
        while keys := await self._db.read(lambda tx: store.orphans(tx, PAGE)):
            await asyncio.gather(
                *(
                    self._engine.advance(key, Stop(cause=phrase("flow_deleted", "The flow was deleted.")))
                    for key in keys
                )
            )

    async def _remove_rows(self) -> None:
        while await self._db.write(lambda tx: store.remove_orphans(tx, PAGE)):
            pass
        await self._db.write(flow_store.remove_deleted)

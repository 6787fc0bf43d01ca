"""Asynchronous tasks as their owners see them: listed, described, stopped, and forgotten after a while."""

import asyncio

import structlog

from liuyun.asynchronous.core.tasks import stopped
from liuyun.asynchronous.invocations import Invocations
from liuyun.clock import Clock
from liuyun.errors import Invalid, PlatformError, TaskNotFound
from liuyun.model.asynchronous import FunctionKey, Task, TaskFilter
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import async_tasks as store
from liuyun.storage.stores import asynchronous as queue

PAUSE_MS = 60_000
AT_ONCE = 200  # tasks forgotten in one unit of work

log = structlog.get_logger()


class Tasks:
    """A key is (account_id, service, function); for a function of FC 3.0 the service is `own_service(function)`."""

    def __init__(self, *, db: Database, clock: Clock, invocations: Invocations, retention_s: int) -> None:
        self._db = db
        self._clock = clock
        self._invocations = invocations
        self._retention_ms = retention_s * 1000
        self._forgetting: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._forgetting = asyncio.create_task(self._forget_forever(), name="ended tasks")

    def close(self) -> None:
        if self._forgetting is not None:
            self._forgetting.cancel()

    async def get(self, key: FunctionKey, task_id: str) -> Task:
        """With its payload. Raises TaskNotFound."""
        return await self._db.read(lambda tx: existing(tx, key, task_id))

    async def list(self, key: FunctionKey, wanted: TaskFilter, *, after: str = "", limit: int = 20) -> Page[Task]:
        """Tasks by the time of their acceptance, behind `after`, which is an earlier page's next key."""
        position = position_of(after)
        found = await self._db.read(lambda tx: store.page(tx, key, wanted, after=position, limit=limit + 1))
        more = len(found) > limit
        last = found[limit - 1] if more else None
        return Page(found[:limit], f"{last.started_at}:{last.task_id}" if last else None)

    async def functions(self, account_id: str, *, after: str = "", limit: int = 20) -> Page[tuple[str, str, str]]:
        """Service, function and qualifier of those that have tasks."""
        service, _, rest = after.partition("/")
        function, _, qualifier = rest.partition("/")
        behind = (service, function, qualifier)
        found = await self._db.read(lambda tx: store.functions(tx, account_id, behind, limit + 1))
        return Page(found[:limit], "/".join(found[limit - 1]) if len(found) > limit else None)

    async def stop(self, key: FunctionKey, task_id: str) -> Task:
        """The task as it is from now on: ended if it waited, Stopping until the call is off if it runs.

        Raises TaskNotFound, or TaskEnded for one that has ended in another way.
        """
        now = self._clock.now()

        def work(tx: Transaction) -> tuple[Task, tuple[int, bool] | None]:
            task, waiting = existing(tx, key, task_id), queue.of_task(tx, key, task_id)
            under_way = waiting is not None and waiting[1]
            task = stopped(task, now, under_way=under_way)
            store.update(tx, task)
            if waiting is not None and not under_way:
                queue.finish(tx, waiting[0])
            return task, waiting

        task, waiting = await self._db.write(work)
        if waiting is not None:
            number, under_way = waiting
            self._invocations.stop(number) if under_way else self._invocations.left(key)
        return task

    async def _forget_forever(self) -> None:
        while True:
            before = self._clock.now() - self._retention_ms
            try:
                while await self._db.write(lambda tx, before=before: store.forget(tx, before, AT_ONCE)) == AT_ONCE:
                    pass
            except PlatformError:
                log.exception("ended tasks can't be forgotten")
            await self._clock.sleep(PAUSE_MS)


def existing(tx: Transaction, key: FunctionKey, task_id: str) -> Task:
    task = store.find(tx, key, task_id)
    if task is None:
        raise TaskNotFound(f"the function has no asynchronous task '{task_id[:140]}'")
    return task


def position_of(after: str) -> tuple[int, str] | None:
    if not after:
        return None
    instant, _, task_id = after.partition(":")
    if not (instant.isascii() and instant.isdigit() and len(instant) < 16):
        raise Invalid("nextToken must be one that an earlier answer gave")
    return int(instant), task_id

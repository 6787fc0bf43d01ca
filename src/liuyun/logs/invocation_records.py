"""How invocations went: taken from the observer once a second, handed to whoever counts them, stored, and found again.

What was recorded less than a second before a crash may be lost; nothing is at a clean stop.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

import structlog

from liuyun.clock import Clock
from liuyun.errors import Unavailable
from liuyun.model.record import InvocationRecord, Wanted
from liuyun.observability.observer import Observer
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import records as store
from liuyun.storage.stores.records import Source

PACE_MS = 1000
CLEANING_MS = 60_000
CLEANED = 200  # chunks deleted in one unit of work
CHUNK = 500  # records
COUNTED = 250  # records, without a pause
KEPT_CHUNKS = 5000  # of one function
READ, SEARCHED = 10, 400  # chunks: read at a time, looked through for one answer
IDS_PER_MS = 1000  # see the migration

LAST = 2**62  # no record comes after it

Sink = Callable[[Sequence[InvocationRecord]], None]
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. `before`: where the search goes on; None if all was looked at."""

    records: Sequence[InvocationRecord]
    before: int | None


class InvocationRecords:
    def __init__(
        self, *, db: Database, clock: Clock, observer: Observer, retention_s: int, sinks: Iterable[Sink] = ()
    ) -> None:
        self._db = db
        self._clock = clock
        self._observer = observer
        self._retention_ms = retention_s * 1000
        self._sinks = tuple(sinks)
        self._next_id = 0
        self._recorded = asyncio.Event()
        self._flushing = asyncio.Lock()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._next_id = await self._db.read(store.last_id) + 1
        self._observer.noted = self._recorded.set
        self._tasks = [asyncio.create_task(self._flush_forever()), asyncio.create_task(self._clean_forever())]

    async def close(self, drain_s: float = 0) -> None:  # noqa: ARG002 - storing what there is takes one commit
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.flush()

    async def flush(self) -> None:
        """Counts and stores what was recorded up to now."""
        async with self._flushing:
            self._recorded.clear()
            records = self._observer.take()
            if not records:
                return
            for start in range(0, len(records), COUNTED):
                for sink in self._sinks:
                    sink(records[start : start + COUNTED])
                await asyncio.sleep(0)  # calls wait meanwhile
            first_id = max(self._next_id, self._clock.now() * IDS_PER_MS)
            self._next_id = first_id + len(records)
            try:
                await self._db.write(lambda tx: write(tx, records, first_id))
            except Unavailable as error:
                log.warning("records of invocations lost", records=len(records), reason=error.message)

    async def latest(self, source: Source, wanted: Wanted, *, limit: int) -> list[InvocationRecord]:
        """The last ones that are wanted, newest first."""
        return list((await self.page(source, wanted, limit=limit)).records)

    async def page(self, source: Source, wanted: Wanted, *, limit: int, before: int = LAST) -> Page:
        """The same, from those on that came before one; all of a search come page after page."""
        await self.flush()
        return await self._db.read(lambda tx: search(tx, source, wanted, limit, before))

    async def _flush_forever(self) -> None:
        while True:
            await self._recorded.wait()
            await self._clock.sleep(PACE_MS)
            await self.flush()

    async def _clean_forever(self) -> None:
        while True:
            oldest = (self._clock.now() - self._retention_ms) * IDS_PER_MS
            try:
                while await self._db.write(lambda tx, oldest=oldest: store.delete_old(tx, oldest, CLEANED)) == CLEANED:
                    pass
            except Unavailable as error:
                log.warning("old records of invocations not removed", reason=error.message)
            await self._clock.sleep(CLEANING_MS)


def write(tx: Transaction, records: Iterable[InvocationRecord], first_id: int) -> None:
    by_source: dict[Source, list[InvocationRecord]] = {}
    for record in records:
        by_source.setdefault((record.account_id, record.service, record.function), []).append(record)
    for source, own in by_source.items():
        for start in range(0, len(own), CHUNK):
            chunk = own[start : start + CHUNK]
            first_id += len(chunk)
            store.insert(tx, source, first_id - 1, chunk)
        store.trim(tx, source, KEPT_CHUNKS)


def search(tx: Transaction, source: Source, wanted: Wanted, limit: int, before: int = LAST) -> Page:
    found: list[InvocationRecord] = []
    below = before + CHUNK  # the record that the last page ended with may stand within a chunk
    for _ in range(SEARCHED // READ):
        chunks = store.newest(tx, source, below, READ)
        for below, records in chunks:
            for at, record in zip(count(below, -1), reversed(records), strict=False):
                if at < before and wanted.takes(record):
                    found.append(record)
                    if len(found) == limit:
                        return Page(found, at)
        if len(chunks) < READ or below < wanted.since * IDS_PER_MS:
            return Page(found, None)
    return Page(found, below)

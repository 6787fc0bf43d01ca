"""Functions' logs: taken without waiting, stored many at a time, read, searched and followed.

`record` only appends to memory. One task stores what has gathered: at once when it is quiet, else ten times a second.
Memory is bounded: lines that find no room are counted, and a line of the platform's own says how many are missing. What
was recorded less than a tenth of a second before a crash may be lost; nothing is at a clean stop.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator

import structlog

from liuyun.clock import Clock, wait_for
from liuyun.errors import Unavailable
from liuyun.logs.chunks import IDS_PER_MS, LogPage, Wanted, chunks_of, read_forward, read_tail
from liuyun.model.log import LogLine
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import logs as store
from liuyun.storage.stores.logs import Source

log = structlog.get_logger()
PACE_MS = 100
BUFFER_BYTES = 32 * 1024 * 1024
LINE_BYTES = 300  # what a line costs in memory besides its text
CLEANING_MS = 60_000
CLEANED = 200  # chunks deleted in one unit of work
EVERYTHING = Wanted()


class InvocationLogs:
    def __init__(self, *, db: Database, clock: Clock, retention_s: int, buffer_bytes: int = BUFFER_BYTES) -> None:
        self._db = db
        self._clock = clock
        self._retention_ms = retention_s * 1000
        self._buffer_bytes = self._room = buffer_bytes
        self._lines: list[LogLine] = []
        self._dropped: Counter[Source] = Counter()
        self._next_id = 0
        self._recorded = asyncio.Event()
        self._readers: dict[Source, set[asyncio.Future[None]]] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        self._next_id = await self._db.read(store.last_line) + 1
        self._tasks = [asyncio.create_task(self._store_forever()), asyncio.create_task(self._clean_forever())]

    async def close(self) -> None:
        """Stores what was recorded."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._flush()

    def record(self, line: LogLine) -> None:
        """To be called on the platform's loop. Never waits."""
        cost = len(line.text) + LINE_BYTES
        if cost > self._room:
            self._dropped[line.account_id, line.service, line.function] += 1
            return
        self._room -= cost
        if not self._lines:
            self._recorded.set()
        self._lines.append(line)

    async def query(
        self, source: Source, wanted: Wanted = EVERYTHING, *, cursor: int | None = None, limit: int = 100
    ) -> LogPage:
        """Lines of a function, oldest first: behind the cursor, or from `wanted.since` on, or else the last ones."""
        if cursor is None and not wanted.since:
            return await self._db.read(lambda tx: read_tail(tx, source, wanted, limit=limit))
        position = -1 if cursor is None else cursor
        return await self._db.read(lambda tx: read_forward(tx, source, wanted, cursor=position, limit=limit))

    async def wait(
        self, source: Source, wanted: Wanted = EVERYTHING, *, cursor: int, limit: int = 100, wait_ms: int
    ) -> LogPage:
        """Like query, but waits up to `wait_ms` for a line to come."""
        deadline = self._clock.steady() + wait_ms
        while True:
            news = self._listen(source)
            try:
                page = await self.query(source, wanted, cursor=cursor, limit=limit)
                if page.lines or self._clock.steady() >= deadline:
                    return page
                if page.cursor == cursor:
                    await wait_for(self._clock, news, deadline - self._clock.steady())
            except TimeoutError:
                return LogPage([], cursor)
            finally:
                self._unlisten(source, news)
            cursor = page.cursor

    async def follow(self, source: Source, wanted: Wanted = EVERYTHING, *, cursor: int) -> AsyncIterator[LogLine]:
        """Every wanted line behind the cursor, now and as they come; ends only with its caller."""
        while True:
            page = await self.wait(source, wanted, cursor=cursor, wait_ms=CLEANING_MS)
            for line in page.lines:
                yield line
            cursor = page.cursor

    def _listen(self, source: Source) -> asyncio.Future[None]:
        news: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._readers.setdefault(source, set()).add(news)
        return news

    def _unlisten(self, source: Source, news: asyncio.Future[None]) -> None:
        news.cancel()
        readers = self._readers.get(source, set())
        readers.discard(news)
        if not readers:
            self._readers.pop(source, None)

    async def _store_forever(self) -> None:
        while True:
            await self._recorded.wait()
            await self._flush()
            await self._clock.sleep(PACE_MS)

    async def _flush(self) -> None:
        self._recorded.clear()
        lines, self._lines = self._lines, []
        lines += self._notices(self._clock.now())
        if not lines:
            return
        taken = self._buffer_bytes - self._room
        first_id = max(self._next_id, self._clock.now() * IDS_PER_MS)
        self._next_id = first_id + len(lines)
        try:
            sources = await self._db.write(lambda tx: write(tx, lines, first_id))
        except Unavailable as error:
            log.warning("log lines lost", lines=len(lines), reason=error.message)
            return
        finally:
            self._room += taken
        self._tell(sources)

    def _tell(self, sources: set[Source]) -> None:
        for source in sources:
            for reader in self._readers.get(source, ()):
                if not reader.done():
                    reader.set_result(None)

    def _notices(self, now: int) -> list[LogLine]:
        """What is said in the place of lines that found no room."""
        dropped, self._dropped = self._dropped, Counter()
        return [
            LogLine(
                account_id=account_id,
                service=service,
                function=function,
                version_id="",
                instance_id="",
                request_id="",
                at=now,
                text=f"{count} log lines are missing here: they came faster than they could be stored",
                stream="platform",
            )
            for (account_id, service, function), count in dropped.items()
        ]

    async def _clean_forever(self) -> None:
        while True:
            await self._clean()
            await self._clock.sleep(CLEANING_MS)

    async def _clean(self) -> None:
        """In batches, so that no other unit of work waits long."""
        oldest_id = (self._clock.now() - self._retention_ms) * IDS_PER_MS
        try:
            while await self._db.write(lambda tx: store.delete_old(tx, oldest_id, CLEANED)) == CLEANED:
                pass
        except Unavailable as error:
            log.warning("old log lines not removed", reason=error.message)


def write(tx: Transaction, lines: list[LogLine], first_id: int) -> set[Source]:
    """Which functions the lines are of."""
    chunks = chunks_of(lines, first_id)
    store.insert(tx, chunks)
    return {source for source, _ in chunks}

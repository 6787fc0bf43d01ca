"""Lines of all functions, searched from the newest back, with a histogram of what was found."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from liuyun.logs.chunks import IDS_PER_MS, Wanted, decoded
from liuyun.model.log import LogLine
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import logs as store
from liuyun.storage.stores.logs import Chunk, Source

FLUSHED_MS = 60_000  # after which a line that was printed has long been stored; ids are given then
READ, SEARCHED = 20, 400  # chunks: read at a time, looked through for one answer


@dataclass(frozen=True, slots=True)
class Span:
    """From `since` up to `until`, in `parts` of the same length."""

    since: int
    until: int
    parts: int

    def part_of(self, at: int) -> int:
        return (at - self.since) * self.parts // (self.until - self.since)


@dataclass(frozen=True, slots=True)
class Found:
    """`lines`, newest first, of those `counts` tells of by part of the span. `reached`: where to look on, 0 if all of
    the span was looked at.
    """

    lines: Sequence[LogLine]
    counts: Sequence[int]
    reached: int


class LogSearch:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def search(
        self,
        account_id: str,
        function: tuple[str, str] | None,
        wanted: Wanted,
        span: Span,
        *,
        limit: int,
        start: int = 0,
    ) -> Found:
        """Of one function, given by service and name, or of all. As many lines as `limit`, but all are counted.
        `start`: what an earlier search of the span reached.
        """
        return await self._db.read(lambda tx: search(tx, account_id, function, wanted, span, limit=limit, start=start))


def search(
    tx: Transaction,
    account_id: str,
    function: tuple[str, str] | None,
    wanted: Wanted,
    span: Span,
    *,
    limit: int,
    start: int = 0,
) -> Found:
    lines: list[LogLine] = []
    counts: Counter[int] = Counter()
    before = start or (span.until + FLUSHED_MS) * IDS_PER_MS
    for _ in range(SEARCHED // READ):
        chunks = newest(tx, account_id, function, before)
        for source, chunk in chunks:
            before = chunk.last_line
            taken = [line for _, line in decoded(source, chunk, wanted) if wanted.takes(line) and line.at < span.until]
            counts.update([span.part_of(line.at) for line in taken])
            lines += taken[::-1]
        # an id is that of its line's instant or a later one: what stands further back is older than the span
        if len(chunks) < READ or before < span.since * IDS_PER_MS:
            return Found(latest(lines, limit), [counts[part] for part in range(span.parts)], reached=0)
        lines = latest(lines, limit)
    return Found(lines, [counts[part] for part in range(span.parts)], reached=before)


def newest(
    tx: Transaction, account_id: str, function: tuple[str, str] | None, before: int
) -> list[tuple[Source, Chunk]]:
    if function is None:
        return store.newest_of_all(tx, account_id, before, READ)
    source = (account_id, *function)
    return [(source, chunk) for chunk in store.newest(tx, source, before, READ)]


def latest(lines: list[LogLine], limit: int) -> list[LogLine]:
    return sorted(lines, key=lambda line: -line.at)[:limit]

"""How lines become rows, and how wanted lines are found in them again."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from liuyun.logs.levels import level_of
from liuyun.model.log import Level, LogLine
from liuyun.storage.database import Transaction
from liuyun.storage.stores import logs as store
from liuyun.storage.stores.logs import Chunk, Source

IDS_PER_MS = 1000  # see the migration: an id is at least so many times the instant of its flush
CHUNK_LINES = 500
CHUNK_CHARACTERS = 256 * 1024
SOURCE = attrgetter("account_id", "service", "function")
READ = 20  # chunks read at a time
SEARCHED = 2000  # chunks that one query looks through at most: the caller goes on from the cursor
Found = list[tuple[int, LogLine]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines of a function; empty texts don't restrict. `since` is an instant; `level` the mildest."""

    since: int = 0
    request_id: str = ""
    contains: str = ""
    level: Level = Level.INFO

    def takes(self, line: LogLine) -> bool:
        return (
            line.at >= self.since
            and (not self.request_id or line.request_id == self.request_id)
            and self.contains in line.text
            and (self.level is Level.INFO or self.level.includes(level_of(line.text)))
        )

    def may_be_in(self, chunk: Chunk) -> bool:
        """A quick no without decoding: a request id stands in the JSON text as it is."""
        return self.request_id in chunk.lines


@dataclass(frozen=True, slots=True)
class LogPage:
    """`cursor` stands behind everything that was looked at: the next query goes on from it."""

    lines: list[LogLine]
    cursor: int


def chunks_of(lines: Iterable[LogLine], first_id: int) -> list[tuple[Source, Chunk]]:
    """Lines by function, in chunks of bounded size; ids are given from `first_id` on, one to a line."""
    by_source: dict[Source, list[LogLine]] = {}
    for source, run in groupby(lines, SOURCE):  # they come in runs, and there are two of them for each call
        by_source.setdefault(source, []).extend(run)
    chunks: list[tuple[Source, Chunk]] = []
    next_id = first_id
    for source, own in by_source.items():
        for part in parts_of(own):
            next_id += len(part)
            chunks.append((source, Chunk(next_id - 1, store.encode(part))))
    return chunks


def parts_of(lines: list[LogLine]) -> Iterable[list[LogLine]]:
    for start in range(0, len(lines), CHUNK_LINES):
        some = lines[start : start + CHUNK_LINES]
        if sum([len(line.text) for line in some]) <= CHUNK_CHARACTERS:
            yield some
        else:
            yield from short_parts_of(some)


def short_parts_of(lines: list[LogLine]) -> Iterable[list[LogLine]]:
    """Of lines that are too long for one part."""
    part: list[LogLine] = []
    characters = 0
    for line in lines:
        if part and characters + len(line.text) > CHUNK_CHARACTERS:
            yield part
            part, characters = [], 0
        part.append(line)
        characters += len(line.text)
    yield part


def read_forward(tx: Transaction, source: Source, wanted: Wanted, *, cursor: int, limit: int) -> LogPage:
    """The first `limit` wanted lines behind the cursor."""
    position = max(cursor, wanted.since * IDS_PER_MS - 1)
    lines: list[LogLine] = []
    for _ in range(SEARCHED // READ):
        chunks = store.after(tx, source, position, READ)
        for chunk in chunks:
            for line_id, line in decoded(source, chunk, wanted):
                if line_id > position and wanted.takes(line):
                    lines.append(line)
                    if len(lines) == limit:
                        return LogPage(lines, line_id)
            position = chunk.last_line
        if len(chunks) < READ:
            break
    return LogPage(lines, position)


def read_tail(tx: Transaction, source: Source, wanted: Wanted, *, limit: int) -> LogPage:
    """The last `limit` wanted lines, oldest first."""
    lines: list[LogLine] = []
    end, before = 0, 2**62
    for _ in range(SEARCHED // READ):
        chunks = store.newest(tx, source, before, READ)
        for chunk in chunks:
            end = end or chunk.last_line
            before = chunk.last_line
            own = [line for _, line in decoded(source, chunk, wanted) if wanted.takes(line)]
            lines = own[len(own) - min(len(own), limit - len(lines)) :] + lines
            if len(lines) == limit:
                return LogPage(lines, end)
        if len(chunks) < READ:
            break
    return LogPage(lines, end)


def decoded(source: Source, chunk: Chunk, wanted: Wanted) -> Found:
    return store.decode(source, chunk) if wanted.may_be_in(chunk) else []

"""Functions' logs, many lines to a row."""

from dataclasses import dataclass

import msgspec

from liuyun.model.log import LogLine
from liuyun.storage.database import Row, Transaction

Source = tuple[str, str, str]  # account_id, service, function


class Line(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One line as it is stored: short, because there are many."""

    at: int
    request_id: str
    instance_id: str
    version_id: str
    stream: str
    text: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """`lines` is the JSON text of its lines; the id of the last one is `last_line`."""

    last_line: int
    lines: str


encoder = msgspec.json.Encoder()
decoder = msgspec.json.Decoder(list[Line])


def insert(tx: Transaction, chunks: list[tuple[Source, Chunk]]) -> None:
    tx.run_many(
        "logs.insert",
        [
            {"account_id": a, "service": s, "function": f, "last_line": chunk.last_line, "lines": chunk.lines}
            for (a, s, f), chunk in chunks
        ],
    )


def after(tx: Transaction, source: Source, line_id: int, limit: int) -> list[Chunk]:
    """Chunks with lines behind `line_id`, oldest first."""
    account_id, service, function = source
    rows = tx.all("logs.after", account_id=account_id, service=service, function=function, after=line_id, limit=limit)
    return [to_chunk(row) for row in rows]


def newest(tx: Transaction, source: Source, before: int, limit: int) -> list[Chunk]:
    """Chunks that end before `before`, newest first."""
    account_id, service, function = source
    rows = tx.all("logs.newest", account_id=account_id, service=service, function=function, before=before, limit=limit)
    return [to_chunk(row) for row in rows]


def newest_of_all(tx: Transaction, account_id: str, before: int, limit: int) -> list[tuple[Source, Chunk]]:
    """Chunks of all functions of an account that end before `before`, newest first."""
    rows = tx.all("logs.newest_of_all", account_id=account_id, before=before, limit=limit)
    return [((row["account_id"], row["service"], row["function"]), to_chunk(row)) for row in rows]


def last_line(tx: Transaction) -> int:
    row = tx.one("logs.last")
    return (row["last_line"] if row else None) or 0


def delete_old(tx: Transaction, before: int, limit: int) -> int:
    """How many chunks went."""
    return tx.run("logs.delete_old", before=before, limit=limit)


def encode(lines: list[LogLine]) -> str:
    return encoder.encode(
        [Line(x.at, x.request_id, x.instance_id, x.version_id, x.stream, x.text) for x in lines]
    ).decode()


def decode(source: Source, chunk: Chunk) -> list[tuple[int, LogLine]]:
    """The lines with their ids."""
    lines = decoder.decode(chunk.lines)
    first = chunk.last_line - len(lines) + 1
    return [(first + i, to_line(source, line)) for i, line in enumerate(lines)]


def to_line(source: Source, line: Line) -> LogLine:
    account_id, service, function = source
    return LogLine(
        account_id=account_id,
        service=service,
        function=function,
        version_id=line.version_id,
        instance_id=line.instance_id,
        request_id=line.request_id,
        at=line.at,
        text=line.text,
        stream=line.stream,
    )


def to_chunk(row: Row) -> Chunk:
    return Chunk(row["last_line"], row["lines"])

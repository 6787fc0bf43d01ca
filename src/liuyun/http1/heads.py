"""A connection's latest heads, and what the head of its next request has in common with one of them. Pure.

Clients that keep their connection send much the same heads over and over, and the same bytes mean the same request. So
what was made of them, here and in the application, is kept until heads of other kinds come. One that differs in nothing
but its query and the values of headers is of the same kind: a counter, a trace, a date, a body's length. Two kinds are
kept, as there are clients that receive and delete in turn.

What frames a message has to be the same, byte by byte, but for a plain length; and whatever isn't plain, in a value or
a query, is left to the parser.
"""

import re
from itertools import compress, count
from operator import ne
from typing import Any, NamedTuple

HEAD_END = b"\r\n\r\n"
KINDS = 2  # that are remembered
REMEMBERED_BYTES = 8 * 1024  # of a head; longer ones are read each time, for the sake of memory
QUERY_AND_VERSION = re.compile(rb"([!\"$-~]*) HTTP/1\.1")
VALUE = re.compile(rb": ?([!-~](?:[ -~]*[!-~])?)")
LENGTH = re.compile(rb": ?([0-9]{1,10})")
CONTENT_LENGTH = b"content-length"
FRAMING = frozenset({
    b"connection", b"expect", b"http2-settings", b"keep-alive", b"proxy-connection", b"te", b"trailer",
    b"transfer-encoding", b"upgrade",
})  # fmt: skip


class Head(NamedTuple):
    """One that was read. `lines` is empty if it can't be said which header each of them is; all heads of its kind begin
    with `start`.
    """

    start: bytes
    raw: bytes
    body_bytes: int  # which the head says, as a length
    scope: dict[str, Any]
    memory: dict[str, Any]
    lines: list[bytes]


class Varied(NamedTuple):
    """A request of the same kind as one before, whose scope is `of`."""

    of: dict[str, Any]
    query: bytes | None  # if it has another one
    values: list[tuple[int, bytes]]  # that it has in places of the list of headers
    body_at: int

    def scope(self) -> dict[str, Any]:
        scope = self.of.copy()
        if self.query is not None:
            scope["query_string"] = self.query
        if self.values:
            headers = scope["headers"] = list(self.of["headers"])
            for place, value in self.values:
                headers[place] = (headers[place][0], value)
        return scope


def remember(data: bytes, body_bytes: int, scope: dict[str, Any]) -> Head | None:
    """The head of the one request that `data` is; None if its body isn't all of the rest, so that it is chunked."""
    end = data.find(HEAD_END) + len(HEAD_END)
    if end > REMEMBERED_BYTES or end + body_bytes != len(data):
        return None
    raw = data[:end]
    lines = raw[: -len(HEAD_END)].split(b"\r\n")
    headers = scope["headers"]
    plain = len(lines) == len(headers) + 1 and all(
        line[: len(name)].lower() == name for line, (name, _) in zip(lines[1:], headers, strict=True)
    )
    start = lines[0][: lines[0].find(b"?") + 1] or lines[0]
    return Head(start, raw, body_bytes, scope, {}, lines if plain else [])


def vary(head: Head, data: bytes) -> Varied | None:
    """How the one request that `data` is differs from the one before; None if it is of another kind, or isn't whole."""
    end = data.find(HEAD_END)
    if not 0 < end < REMEMBERED_BYTES:
        return None
    known, lines = head.lines, data[:end].split(b"\r\n")
    if len(known) != len(lines):
        return None
    query, values, body_bytes = None, list[tuple[int, bytes]](), head.body_bytes
    for place in compress(count(), map(ne, known, lines)):
        name = head.scope["headers"][place - 1][0] if place else b""
        value = value_of(name, known[place], lines[place]) if place else query_of(known[0], lines[0])
        if value is None:
            return None
        if not place:
            query = value
            continue
        values.append((place - 1, value))
        if name == CONTENT_LENGTH:
            body_bytes = int(value)
    body_at = end + len(HEAD_END)
    return Varied(head.scope, query, values, body_at) if body_at + body_bytes == len(data) else None


def query_of(known: bytes, line: bytes) -> bytes | None:
    """The query, if all else of the request line is the same."""
    before = known.find(b"?") + 1
    if not before or line[:before] != known[:before] or b"#" in line[:before]:
        return None
    found = QUERY_AND_VERSION.fullmatch(line, before)
    return found and found[1]


def value_of(name: bytes, known: bytes, line: bytes) -> bytes | None:
    """The header's value, if it may differ and the name is the same to the letter."""
    if name in FRAMING or line[: len(name)] != known[: len(name)]:
        return None
    found = (LENGTH if name == CONTENT_LENGTH else VALUE).fullmatch(line, len(name))
    return found and found[1]

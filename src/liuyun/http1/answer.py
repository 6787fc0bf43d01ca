"""The bytes of an answer's head and body; no I/O. Source: RFC 9112."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

import msgspec

CRLF = b"\r\n"
OURS = frozenset({b"connection", b"transfer-encoding"})  # the connection says them itself
BODILESS = frozenset({204, 304})
SWITCHING = 101
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}".encode() for status in HTTPStatus}
STATUS_TEXTS = {status: line.decode() for status, line in STATUS_LINES.items()}
UNTIL_END = -1  # the length of a body that nobody knows


UNSENDABLE = "a header holds a line break or a zero byte"


class BrokenAnswer(Exception):
    """The application said something that can't go out as HTTP."""


class Answer(msgspec.Struct):
    """What is left to send. `left` counts bytes, unless the body is chunked or there is to be none."""

    keep_alive: bool
    silent: bool  # the body is said, not sent
    chunked: bool = False
    left: int = 0

    def head(self, status: int, headers: Iterable[tuple[bytes, bytes]], *, http10: bool) -> bytes:
        """Raises BrokenAnswer for a header that would end its line."""
        lines = [STATUS_LINES.get(status) or b"HTTP/1.1 %d " % status]
        length: bytes | None = None
        for name, value in headers:
            lower = name.lower()
            if lower == b"content-length":
                length = value
            elif lower == b"connection":
                self.keep_alive = self.keep_alive and b"close" not in value.lower()
            if lower not in OURS:
                lines.append(lower + b": " + value)
        self.silent = self.silent or status in BODILESS
        if status == SWITCHING:
            lines += self._switch()
        else:
            lines += self._frame(length, http10=http10)
        return joined(lines)

    def whole(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
        """All of an answer at once. Raises BrokenAnswer for a header that would end its line."""
        lines = [f"{name}: {value}" for name, value in headers]
        if not self.keep_alive:
            lines.append("connection: close")
        head = "\r\n".join((STATUS_TEXTS.get(status) or f"HTTP/1.1 {status} ", *lines, "\r\n"))
        breaks = len(lines) + 2
        if head.count("\n") != breaks or head.count("\r") != breaks or "\0" in head:
            raise BrokenAnswer(UNSENDABLE)
        sent = head.encode("latin-1")
        return sent if self.silent or status in BODILESS else sent + body

    def _switch(self) -> list[bytes]:
        """What follows is no HTTP, until the connection ends."""
        self.left, self.keep_alive = UNTIL_END, False
        return [b"connection: upgrade"]

    def _frame(self, length: bytes | None, *, http10: bool) -> list[bytes]:
        """How the body ends, and what comes after it."""
        lines: list[bytes] = []
        if length is not None:
            self.left = 0 if self.silent else int(length)
        elif not self.silent:
            lines += self._until_end(http10=http10)
        if not self.keep_alive:
            lines.append(b"connection: close")
        return lines

    def _until_end(self, *, http10: bool) -> list[bytes]:
        """How a body of unknown length ends."""
        self.left = UNTIL_END
        self.chunked = not http10
        self.keep_alive = self.keep_alive and self.chunked
        return [b"transfer-encoding: chunked"] if self.chunked else []

    def part(self, body: bytes, *, more: bool) -> bytes:
        """A piece of the body as it goes out. Raises BrokenAnswer for more or less than the head has promised."""
        if self.silent:
            return b""
        if self.left == UNTIL_END:
            return self._chunk(body, more=more) if self.chunked else body
        self.left -= len(body)
        if self.left < 0 or (self.left and not more):
            raise BrokenAnswer("the body is not as long as its Content-Length says")
        return body

    def _chunk(self, body: bytes, *, more: bool) -> bytes:
        chunk = b"%x\r\n%b\r\n" % (len(body), body) if body else b""
        return chunk if more else chunk + b"0\r\n\r\n"


def joined(lines: list[bytes]) -> bytes:
    head = CRLF.join(lines)
    ends = len(lines) - 1
    if head.count(b"\n") != ends or head.count(b"\r") != ends or b"\0" in head:
        raise BrokenAnswer(UNSENDABLE)
    return head + b"\r\n\r\n"


def plain(status: int, text: str) -> bytes:
    """A whole answer of the server's own, after which the connection ends."""
    body = text.encode()
    length = b"%d" % len(body)
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", length)]
    return Answer(keep_alive=False, silent=False).head(status, headers, http10=False) + body

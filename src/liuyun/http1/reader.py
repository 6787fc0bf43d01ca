"""Requests out of bytes: httptools does the parsing, this keeps the bounds and makes ASGI scopes. No I/O."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol
from urllib.parse import unquote

import httptools

HEAD_BYTES = 64 * 1024  # request line and headers together; as much around the chunks of a body, and trailers
HEAD_END = b"\r\n\r\n"
REMEMBERED_BYTES = 8 * 1024  # of a head; longer ones are read each time, for the sake of memory
FRAMING = 8  # bytes that may stand around each byte of a body: chunks of a single byte need 5
OFFER = frozenset({b"connection", b"upgrade", b"http2-settings"})
ASGI = {"version": "3.0", "spec_version": "2.3"}


class HeadTooLarge(Exception):
    pass


@dataclass(frozen=True, slots=True)
class Ends:
    """Of a connection."""

    server: tuple[str, int | None] | None
    client: tuple[str, int] | None
    scheme: str


class Request(Protocol):
    def take(self, data: bytes) -> None: ...

    def offer(self) -> None:
        """It is complete, and would go on as a WebSocket: all that is taken from now on is no HTTP."""
        ...

    def complete(self) -> None: ...


Begin = Callable[[dict[str, Any], bool, bool], Request]  # scope, keep_alive, wants_continue


class Head(NamedTuple):
    """One that was read. Clients that keep their connection send the same head over and over, and the same bytes mean
    the same request; so what was made of them, here and in the application (`memory`), is kept until another one comes.
    """

    raw: bytes
    size: int  # of the whole request: its body has a length, which the head says
    scope: dict[str, Any]
    memory: dict[str, Any]


class Reader:
    """Tells `begin` of each request whose head is complete, and what `begin` answers of the body.

    Beside ASGI, the scope of a request whose head is that of the one before has `liuyun.memory`: a mapping for whoever
    serves it, which lasts as long as the same head comes.
    """

    def __init__(self, ends: Ends, begin: Begin) -> None:
        self._ends = ends
        self._begin = begin
        self._parser = httptools.HttpRequestParser(self)
        self._request: Request | None = None
        self._offering: Request | None = None
        self.in_head = False
        self._fed = self._fed_now = 0  # bytes since this head began, at the most; those being parsed
        self._url = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._wants_continue = False
        self._body_bytes = self._around_bytes = 0  # of the current body, and of what stands around it
        self._head: Head | None = None  # the latest one, if it may come again
        self._read = 0  # requests that were read whole in this connection
        self._latest: dict[str, Any] | None = None  # the scope of the latest, if it asked for nothing special

    @property
    def in_body(self) -> bool:
        """Whether a request has begun whose end is not here yet."""
        return self._request is not None

    @property
    def offering(self) -> bool:
        """Whether what comes belongs to a request that would go on as a WebSocket."""
        return self._offering is not None

    def feed(self, data: bytes) -> None:
        """Raises HeadTooLarge, or HttpParserError for what isn't HTTP."""
        if self._offering is not None:
            self._offering.take(data)
            return
        between = self._request is None and not self.in_head
        head = self._head
        if head is not None and between and len(data) == head.size and data.startswith(head.raw):
            self._repeat(head, data)
            return
        read = self._read
        self._parse(data)
        if between and self._read == read + 1 and self._request is None and not self.in_head:
            self._head = self._remembered(data)

    def _repeat(self, head: Head, data: bytes) -> None:
        """The parser, which is between two requests, needn't know."""
        scope = head.scope.copy()
        scope["liuyun.memory"] = head.memory
        request = self._begin(scope, True, False)
        body = data[len(head.raw) :]
        if body:
            request.take(body)
        request.complete()

    def _remembered(self, data: bytes) -> Head | None:
        """The head of the one request that `data` is; None if that asks for something special, or is chunked."""
        end = data.find(HEAD_END) + len(HEAD_END)
        if self._latest is None or end > REMEMBERED_BYTES or end + self._body_bytes != len(data):
            return None
        return Head(data[:end], len(data), self._latest, {})

    def _parse(self, data: bytes) -> None:
        self._fed_now = len(data)
        self._around_bytes += len(data)
        while data:
            try:
                self._parser.feed_data(data)
            except httptools.HttpParserUpgrade as upgrade:
                if self._offering is not None:
                    self._offering.take(data[upgrade.args[0] :])
                    break
                data = self._without_offer() + data[upgrade.args[0] :]
                self._parser = httptools.HttpRequestParser(self)
            except httptools.HttpParserCallbackError as error:
                if isinstance(error.__context__, HeadTooLarge):
                    raise error.__context__ from None
                raise
            else:
                break
        self._check_bounds()

    def _check_bounds(self) -> None:
        if self.in_head:
            self._fed += self._fed_now
        too_much_around = self.in_body and self._around_bytes > HEAD_BYTES + FRAMING * self._body_bytes
        if too_much_around or (self.in_head and self._fed > HEAD_BYTES):
            raise HeadTooLarge

    def on_message_begin(self) -> None:
        self.in_head = True
        self._fed = 0
        self._url = b""
        self._headers = []
        self._wants_continue = False

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.in_head:
            return  # a trailer: nothing that could be trusted or is asked for
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self._wants_continue = True
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._fed + self._fed_now > HEAD_BYTES and self._head_bytes() > HEAD_BYTES:
            raise HeadTooLarge
        if self._parser.should_upgrade():
            if self._parser.get_method() == b"CONNECT":
                raise ValueError("no tunnels here")
            if not self._offers_websocket():
                return  # see `_without_offer`
        self.in_head = False
        self._body_bytes = self._around_bytes = 0
        version = self._parser.get_http_version()
        keep_alive = version != "1.0" and self._parser.should_keep_alive()
        wants_continue = self._wants_continue and version != "1.0"
        scope = self._scope(version)
        special = wants_continue or not keep_alive or self._parser.should_upgrade()
        self._latest = None if special else scope.copy()  # since whoever serves it adds to it
        request = self._begin(scope, keep_alive, wants_continue)
        if self._parser.should_upgrade():
            request.offer()
            self._offering = request
        else:
            self._request = request

    def on_body(self, data: bytes) -> None:
        self._body_bytes += len(data)
        self._around_bytes -= len(data)
        if self._request is not None:
            self._request.take(data)

    def on_message_complete(self) -> None:
        if self._request is not None:
            request, self._request = self._request, None
            self._read += 1
            request.complete()

    def _offers_websocket(self) -> bool:
        names = dict(self._headers)
        bodiless = b"transfer-encoding" not in names and names.get(b"content-length", b"0") == b"0"
        return bodiless and names.get(b"upgrade", b"").lower() == b"websocket" and self._parser.get_method() == b"GET"

    def _head_bytes(self) -> int:
        return len(self._url) + sum(len(name) + len(value) for name, value in self._headers)

    def _without_offer(self) -> bytes:
        """The head again, without the offer of another protocol, which would end the parser's interest in the body."""
        lines = [b"%b %b HTTP/1.1" % (self._parser.get_method(), self._url)]
        lines += [name + b": " + value for name, value in self._headers if name not in OFFER]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _scope(self, version: str) -> dict[str, Any]:
        raw_path, query = split(self._url)
        path = raw_path.decode("ascii")
        return {
            "type": "http",
            "asgi": ASGI,
            "http_version": version,
            "server": self._ends.server,
            "client": self._ends.client,
            "scheme": self._ends.scheme,
            "root_path": "",
            "method": self._parser.get_method().decode("ascii"),
            "path": unquote(path) if "%" in path else path,
            "raw_path": raw_path,
            "query_string": query,
            "headers": self._headers,
        }


def split(url: bytes) -> tuple[bytes, bytes]:
    """Path and query of a request target; the origin form, nearly every one, needs no parser."""
    if url.startswith(b"/") and b"#" not in url:
        path, _, query = url.partition(b"?")
        return path, query
    parsed = httptools.parse_url(url)
    return parsed.path or b"/", parsed.query or b""

"""Requests out of bytes: httptools does the parsing, this keeps the bounds and makes ASGI scopes. No I/O."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote

import httptools

from liuyun.http1.heads import KINDS, Head, remember, vary

HEAD_BYTES = 64 * 1024  # request line and headers together; as much around the chunks of a body, and trailers
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


class Reader:
    """Tells `begin` of each request whose head is complete, and what `begin` answers of the body.

    Beside ASGI, the scope of a request whose head is of a kind that came before has `liuyun.memory`: a mapping for
    whoever serves it, which lasts until heads of KINDS others have come; and `liuyun.varied`, if it differs from the
    one that the memory is of.
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
        self._heads: tuple[Head, ...] = ()  # of kinds that may come again, the latest first
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
        if between and self._again(data):
            return
        read = self._read
        self._parse(data)
        if between and self._read == read + 1 and self._request is None and not self.in_head:
            head = remember(data, self._body_bytes, self._latest) if self._latest else None
            self._heads = () if head is None else (head, *self._heads[: KINDS - 1])

    def _again(self, data: bytes) -> bool:
        """Whether `data` is a request of the same kind as one before. The parser, between two, needn't know."""
        for head in self._heads:
            if data.startswith(head.start) and self._is_of_kind(head, data):
                if head is not self._heads[0]:
                    self._heads = (head, *(other for other in self._heads if other is not head))
                return True
        return False

    def _is_of_kind(self, head: Head, data: bytes) -> bool:
        """Begins the request if it is."""
        if len(data) == len(head.raw) + head.body_bytes and data.startswith(head.raw):
            scope, body = head.scope.copy(), data[len(head.raw) :]
        else:
            varied = vary(head, data) if head.lines else None
            if varied is None:
                return False
            scope, body = varied.scope(), data[varied.body_at :]
            scope["liuyun.varied"] = varied
        scope["liuyun.memory"] = head.memory
        request = self._begin(scope, True, False)
        if body:
            request.take(body)
        request.complete()
        return True

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

"""The client's side of HTTP/1: one connection to a server, one request at a time, bodies streamed both ways."""

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any, Protocol, cast

import httptools

from liuyun.http1.answer import BODILESS

HEAD_BYTES = 64 * 1024  # status line and headers; as much in trailers
BUFFERED = 64 * 1024  # a body that nobody reads stops the connection here
LAST_CHUNK = b"0\r\n\r\n"
SWITCHED = 101


class Broken(ConnectionError):
    """The server hung up or spoke something else than HTTP. `began`: some of its answer had come by then."""

    def __init__(self, why: str, *, began: bool) -> None:
        super().__init__(why)
        self.began = began


class Line(Protocol):
    def hold(self) -> None: ...

    def go_on(self) -> None: ...


class Answer:
    """One answer as it comes in. After `head` is there, so are `status` and `headers` (names in lower case)."""

    def __init__(self, line: Line, *, bodiless: bool) -> None:
        """`bodiless`: to a HEAD request, whose answer tells the length of a body that doesn't come."""
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.head: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.complete = False  # the end is here
        self.until_end = False  # the end of the body is that of the connection
        self.keep_alive = False
        self._line = line
        self._bodiless = bodiless
        self._parser = httptools.HttpResponseParser(self)
        self._head_bytes = 0
        self._body: list[bytes] = []
        self._size = 0
        self._raw = False
        self._failure: Broken | None = None
        self._waiting: asyncio.Future[None] | None = None

    @property
    def began(self) -> bool:
        return self._head_bytes > 0

    async def read(self) -> bytes:
        """The next piece of the body; empty at its end. Raises Broken."""
        while not (self._body or self.complete or self._failure):
            self._line.go_on()
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        if self._body:
            body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
            self._body, self._size = [], 0
            return body
        if self._failure is not None:
            raise self._failure
        return b""

    def feed(self, data: bytes) -> None:
        """Raises HttpParserError or ValueError for what isn't an answer."""
        if self._raw:
            self.on_body(data)
            return
        if not self.head.done():
            self._head_bytes += len(data)
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._switch(data[upgrade.args[0] :])
        if self._head_bytes > HEAD_BYTES and not self.head.done():
            raise ValueError("the head of the answer is too long")

    def end(self, why: str) -> None:
        """The connection is gone."""
        if self.complete:
            return
        if self.head.done() and (self.until_end or self._raw):
            self.complete = True
        else:
            self._failure = Broken(why, began=self.began)
            if not self.head.done():
                self.head.set_exception(self._failure)
        self._wake()

    def on_message_begin(self) -> None:
        self.headers = []

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self.head.done():  # else a trailer, that nobody asked for
            self.headers.append((name.lower(), value))

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if status < 200 and status != SWITCHED:
            return  # only news on the way to the answer
        self.status = status
        self.keep_alive = self._parser.should_keep_alive() and not self._bodiless
        names = {name for name, _ in self.headers}
        framed = b"content-length" in names or b"transfer-encoding" in names
        self.until_end = not framed and status not in BODILESS
        self.complete = self._bodiless or status in BODILESS
        if not self.head.done():
            self.head.set_result(None)

    def on_body(self, data: bytes) -> None:
        if self._bodiless:
            return
        self._body.append(data)
        self._size += len(data)
        if self._size > BUFFERED:
            self._line.hold()
        self._wake()

    def on_message_complete(self) -> None:
        if self.head.done() and self.status != SWITCHED:
            self.complete = True
            self._wake()

    def _switch(self, data: bytes) -> None:
        if self.status != SWITCHED:
            raise ValueError("the server switched to another protocol without being asked")
        self._raw, self.keep_alive = True, False
        if data:
            self.on_body(data)

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)


class ClientConnection(asyncio.Protocol):
    """May be asked again when the answer before is complete and says `keep_alive`."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._answer: Answer | None = None
        self._congested: asyncio.Future[None] | None = None
        self._held = False
        self.idle_since = 0.0

    @property
    def open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing()

    def ask(self, request: bytes, *, method: str) -> Answer:
        """Sends a head, and what follows it. The rest of a body goes by `send`."""
        self._answer = answer = Answer(self, bodiless=method == "HEAD")
        if self._transport is None:
            answer.end("the connection was closed")
        else:
            self.go_on()  # the body before may have held the line with its last piece
            self._transport.write(request)
            hurry(self._transport)  # only now: what is written makes the kernel patient again
        return answer

    async def send(self, body: AsyncIterator[bytes], *, chunked: bool) -> None:
        async for piece in body:
            if piece:
                await self._write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            await self._write(LAST_CHUNK)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def hold(self) -> None:
        if not self._held and self._transport is not None:
            self._held = True
            self._transport.pause_reading()

    def go_on(self) -> None:
        if self._held and self._transport is not None:
            self._held = False
            self._transport.resume_reading()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclasses

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self.resume_writing()
        if self._answer is not None:
            self._answer.end(f"the connection ended: {exc}" if exc else "the connection ended")

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.complete:
            self.close()  # it speaks without being asked
            return
        try:
            self._answer.feed(data)
        except (httptools.HttpParserError, ValueError) as error:
            self._answer.end(f"the answer is not HTTP: {error}")
            self.close()

    def pause_writing(self) -> None:
        if self._congested is None:
            self._congested = self._loop.create_future()

    def resume_writing(self) -> None:
        if self._congested is not None:
            self._congested.set_result(None)
            self._congested = None

    async def _write(self, data: bytes) -> None:
        if self._congested is not None:
            await asyncio.shield(self._congested)
        if self._transport is not None:
            self._transport.write(data)


def hurry(transport: asyncio.Transport) -> None:
    """A server that sends head and body apart waits for our word on the head: it shall not have to wait 40 ms."""
    sock = transport.get_extra_info("socket")
    if sock is not None and sock.family == socket.AF_INET:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


async def connected(sock: Any) -> ClientConnection:
    """Over a socket that is connected already."""
    connection = ClientConnection()
    await asyncio.get_running_loop().create_connection(lambda: connection, sock=sock)
    return connection

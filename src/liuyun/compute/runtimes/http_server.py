"""A function that is an HTTP server, asked through sockets that its sandbox handed out. Source: fc contract 3.5.

Events go to POST /invoke, and only the body of the answer counts; requests to its URL go through as they are. Bodies of
requests and answers that aren't there at once are streamed, and the slower side sets the pace.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from liuyun.compute.outcome import Answered, Outcome, Reply
from liuyun.compute.runtimes.command_channel import CommandChannel
from liuyun.compute.runtimes.errands import Errand, Kind, Pairs, failed
from liuyun.http1.client import SWITCHED, Answer, Broken, ClientConnection, connected
from liuyun.http1.length import length_of

# Many servers close connections that lie idle for 2 or 5 seconds; a request must not meet that.
IDLE_S = 1.5
SHORT_BYTES = 64 * 1024
ATTEMPTS = 3
REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS"})
FRAMING = frozenset({"content-length", "expect"})
STATUS, FAILED = b"x-fc-status", b"404"


@dataclass(frozen=True, slots=True)
class Prepared:
    head: bytes
    method: str
    chunked: bool


class HttpServer:
    """`most_bytes` bounds the result of an event."""

    def __init__(self, channel: CommandChannel, port: int, *, most_bytes: int) -> None:
        self._channel = channel
        self._port = port
        self._most_bytes = most_bytes
        self._idle: deque[ClientConnection] = deque()
        self._loop = asyncio.get_running_loop()

    async def listens(self) -> bool:
        """Whether somebody listens; the connection is kept for the first call."""
        try:
            self._keep(await self._fresh())
        except OSError:
            return False
        return True

    async def healthy(self, path: str) -> bool:
        """Whether GET `path` is answered by a status of success."""
        prepared = Prepared(head_of("GET", path, [("host", self._host())], 0), "GET", chunked=False)
        try:
            _, answer = await self._asked(prepared, b"")
            while await answer.read():
                pass
        except OSError:
            return False
        return 200 <= answer.status < 400

    async def call(self, errand: Errand) -> Answered:
        """Raises OSError when the server didn't answer."""
        prepared = self._prepared(errand)
        invocation = errand.invocation
        if invocation is not None and invocation.body is not None:
            connection = await self._connection()
            answer = connection.ask(prepared.head, method=prepared.method)
            if invocation.upgrade:
                return await self._upgraded(connection, answer, errand, invocation.body)
            sending = asyncio.ensure_future(connection.send(invocation.body, chunked=prepared.chunked))
            return await self._streamed(connection, answer, errand, sending)
        connection, answer = await self._asked(prepared, errand.payload)
        return await self._answered(connection, answer, errand)

    def close(self) -> None:
        while self._idle:
            self._idle.popleft().close()

    async def _asked(self, prepared: Prepared, payload: bytes) -> tuple[ClientConnection, Answer]:
        """The connection and the answer, whose head is there."""
        for attempt in range(1, ATTEMPTS + 1):
            connection = await self._connection()
            answer = connection.ask(prepared.head + payload, method=prepared.method)
            try:
                await answer.head
            except Broken as broken:
                connection.close()
                if broken.began or prepared.method not in REPEATABLE or attempt == ATTEMPTS:
                    raise
            except BaseException:
                connection.close()
                raise
            else:
                return connection, answer
        raise AssertionError("the last attempt returns or raises")

    async def _streamed(
        self, connection: ClientConnection, answer: Answer, errand: Errand, sending: "asyncio.Future[None]"
    ) -> Answered:
        """For a request whose body is still on its way. It isn't tried again: its body can't be had twice."""
        try:
            await asyncio.wait({answer.head, sending}, return_when=asyncio.FIRST_COMPLETED)
            if sending.done():
                sending.result()
            await answer.head
        except BaseException:
            sending.cancel()
            connection.close()
            raise
        return await self._answered(connection, answer, errand, sending)

    async def _upgraded(
        self, connection: ClientConnection, answer: Answer, errand: Errand, body: AsyncIterator[bytes]
    ) -> Answered:
        """For a request that wants to go on as a WebSocket; if the server does, bytes pass both ways."""
        try:
            await answer.head
        except BaseException:
            connection.close()
            raise
        sending = None
        if answer.status == SWITCHED:
            sending = asyncio.ensure_future(connection.send(body, chunked=False))
            sending.add_done_callback(lambda _: connection.close())  # the client has left
        return await self._answered(connection, answer, errand, sending)

    async def _answered(
        self,
        connection: ClientConnection,
        answer: Answer,
        errand: Errand,
        sending: "asyncio.Future[None] | None" = None,
    ) -> Answered:
        def give_back() -> None:
            if sending is not None and not sending.done():
                sending.cancel()
                connection.close()
            elif answer.complete and answer.keep_alive and connection.open:
                self._keep(connection)
            else:
                connection.close()

        error = any(name == STATUS and value.strip() == FAILED for name, value in answer.headers)
        reply = Reply(id=errand.number, error=error)
        if errand.http is None:
            return await self._result(answer, errand, reply, give_back)
        reply.status = answer.status
        reply.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
        if answer.complete or is_short(answer):
            try:
                return Answered(reply, b"".join([piece async for piece in pieces(answer)]))
            finally:
                give_back()
        return Answered(reply, b"", ServerStream(answer, give_back, self._loop.create_future()))

    async def _result(self, answer: Answer, errand: Errand, reply: Reply, give_back: Callable[[], None]) -> Answered:
        body: list[bytes] = []
        size = 0
        try:
            async for piece in pieces(answer):
                body.append(piece)
                size += len(piece)
                if size > self._most_bytes:
                    return failed(errand.number, f"the response has more than {self._most_bytes} bytes")
        finally:
            give_back()
        if errand.kind is Kind.INITIALIZE and answer.status >= 400:
            reply.error = True
        return Answered(reply, b"".join(body))

    async def _connection(self) -> ClientConnection:
        while self._idle:
            connection = self._idle.pop()
            if connection.open and self._loop.time() - connection.idle_since < IDLE_S:
                return connection
            connection.close()
        return await self._fresh()

    async def _fresh(self) -> ClientConnection:
        return await connected(await self._channel.connect(self._port))

    def _keep(self, connection: ClientConnection) -> None:
        now = self._loop.time()
        connection.idle_since = now
        self._idle.append(connection)
        while self._idle and now - self._idle[0].idle_since >= IDLE_S:
            self._idle.popleft().close()

    def _host(self) -> str:
        return f"127.0.0.1:{self._port}"

    def _prepared(self, errand: Errand) -> Prepared:
        invocation, http = errand.invocation, errand.http
        if invocation is None or http is None:
            method = "POST" if errand.kind in {Kind.INVOKE, Kind.INITIALIZE} else "GET"
            headers = [("host", self._host()), ("content-type", "application/octet-stream"), *errand.headers]
            target = dict(errand.headers)["x-fc-control-path"]
            return Prepared(head_of(method, target, headers, len(errand.payload)), method, chunked=False)
        headers = [(name, value) for name, value in http.headers if name not in FRAMING] + errand.headers
        length = body_length(http.headers, len(invocation.payload), streamed=invocation.body is not None)
        if invocation.upgrade:
            headers += [("connection", "Upgrade"), ("upgrade", "websocket")]
            length = 0
        head = head_of(http.method, invocation.target or http.request_uri or "/", headers, length)
        return Prepared(head, http.method, chunked=length is None)


class ServerStream:
    """The body of an answer as the server sends it. `over` is told once when it has ended, and how."""

    def __init__(self, answer: Answer, give_back: Callable[[], None], final: "asyncio.Future[Outcome]") -> None:
        self.final = final
        self.over: Callable[[Broken | None], None] = lambda _: None
        self._answer = answer
        self._give_back: Callable[[], None] | None = give_back

    async def read(self) -> bytes:
        try:
            piece = await self._answer.read()
        except Broken as broken:
            self._finish(broken)
            raise
        if not piece:
            self._finish(None)
        return piece

    def close(self) -> None:
        self._finish(None)

    def _finish(self, broken: Broken | None) -> None:
        give_back, self._give_back = self._give_back, None
        if give_back is not None:
            give_back()
            self.over(broken)


def is_short(answer: Answer) -> bool:
    """Whether the body is small enough to wait for."""
    told = next((value for name, value in answer.headers if name == b"content-length"), b"")
    length = length_of(told.decode("latin-1"))
    return length is not None and length <= SHORT_BYTES


async def pieces(answer: Answer) -> AsyncIterator[bytes]:
    while piece := await answer.read():
        yield piece


def body_length(headers: tuple[tuple[str, str], ...], size: int, *, streamed: bool) -> int | None:
    """None if only its end will tell."""
    if not streamed:
        return size
    return length_of(next((value for name, value in headers if name == "content-length"), ""))


def head_of(method: str, target: str, headers: Pairs, length: int | None) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", *[f"{name}: {value}" for name, value in headers]]
    if length is None:
        lines.append("transfer-encoding: chunked")
    elif length or method not in REPEATABLE:
        lines.append(f"content-length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

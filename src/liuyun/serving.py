"""Serving an ASGI application on sockets that somebody else opened: the platform's port, and those out of sandboxes."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

AsgiApp = Callable[[Any, Any, Any], Any]
HEADER_BYTES = 64 * 1024  # request line and headers together
PATIENCE_S = 30.0  # for a request's head to be whole, and between two pieces of its body


class Serving:
    """One application, any number of sockets, one drain at the end."""

    def __init__(self, app: AsgiApp, *, keep_alive_s: int = 75, connections: int | None = None) -> None:
        """`connections` bounds how many are open at a time; more are closed at once."""
        self._config = uvicorn.Config(
            app,
            loop="uvloop",
            http=Connection,
            ws="none",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level="error",  # what strangers send wrong is answered, and fills no log
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_keep_alive=keep_alive_s,
        )
        self._config.load()
        self._state = ServerState()
        self._most = connections
        self._servers: list[asyncio.Server] = []

    def protocol(self) -> asyncio.Protocol:
        """A fresh connection handler, for callers that accept connections themselves."""
        if self._most is not None and len(self._state.connections) >= self._most:
            return Refusal()
        factory: Callable[..., asyncio.Protocol] = partial(
            self._config.http_protocol_class,  # pyright: ignore[reportArgumentType]
            config=self._config,
            server_state=self._state,
            app_state={},
        )
        return factory()

    async def listen(self, sock: socket.socket, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Serves connections to a listening socket until the server or all of this is closed."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self.protocol, sock=sock, ssl=tls, backlog=2048)
        self._servers.append(server)
        return server

    async def close(self, drain_s: float) -> None:
        """Takes no more connections, lets running requests finish for `drain_s`, then ends what is left."""
        for server in self._servers:
            server.close()
        for connection in list(self._state.connections):
            connection.shutdown()
        deadline = asyncio.get_running_loop().time() + drain_s
        while self._state.tasks and (left := deadline - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._state.tasks, timeout=left)
        for task in list(self._state.tasks):
            task.cancel()
        await asyncio.gather(*self._state.tasks, return_exceptions=True)


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with bounds that it lacks: the size of a request's head, and the time to send it in."""

    _in_head = False
    _fields = 0  # bytes of the head's whole fields
    _pieces = 0  # bytes that came since the head began, but for the piece that it began in
    _too_large = False
    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        self._await_more()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._pieces += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._pieces > HEADER_BYTES:  # the parser tells of a field only when it has all of it
            self._too_large = True
            self.send_400_response("")
            return
        self._await_more()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._in_head, self._fields, self._pieces = True, 0, 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value) + len(": \r\n"))

    def on_headers_complete(self) -> None:
        self._in_head = False
        super().on_headers_complete()

    def _count(self, size: int) -> None:
        self._fields += size
        if self._in_head and self._fields > HEADER_BYTES:
            self._too_large = True
            raise ValueError("the head is too large")  # the parser ends, and send_400_response is called

    def send_400_response(self, msg: str) -> None:
        self._stop_waiting()
        if not self._too_large:
            super().send_400_response(msg)
            return
        text = b"The request line and headers may have %d bytes." % HEADER_BYTES
        self.transport.write(
            b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain; charset=utf-8\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (len(text), text)
        )
        self.transport.close()

    def _await_more(self) -> None:
        """A head has to be whole in time; a body may take long, but not pause."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete:  # pyright: ignore[reportUnnecessaryComparison]  # None at first
            self._deadline = self._deadline or self.loop.call_later(PATIENCE_S, self._hang_up)
            return
        self._stop_waiting()
        if cycle.more_body:
            self._deadline = self.loop.call_later(PATIENCE_S, self._hang_up)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _hang_up(self) -> None:
        self._deadline = None
        if self.flow.read_paused:  # it is the application that lets the client wait
            self._await_more()
        else:
            self.transport.close()


class Refusal(asyncio.Protocol):
    """Hangs up."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def bind(host: str, port: int) -> socket.socket:
    """A listening TCP socket. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named, not 0: asyncio switches Nagle off only for sockets that say they are TCP
    sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(2048)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock

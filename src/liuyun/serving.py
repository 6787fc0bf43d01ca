"""Serving an ASGI application on sockets that somebody else opened: the platform's port, and those out of sandboxes."""

import asyncio
import socket
import ssl
from contextlib import suppress

from liuyun.http1.connection import AsgiApp, Begin, Connection, Served, never
from liuyun.tls.listener import Choose, SecureListener

__all__ = ["AsgiApp", "Serving", "bind"]


class Serving:
    """One application, any number of sockets, one drain at the end."""

    def __init__(
        self,
        app: AsgiApp,
        *,
        begin: Begin = never,
        keep_alive_s: float = 75,
        patience_s: float = 30,
        connections: int | None = None,
    ) -> None:
        """`begin` is asked before `app`. `connections` bounds how many are open at a time; more are closed at once."""
        self._served = Served(app, keep_alive_s, patience_s, begin)
        self._most = connections
        self._servers: list[asyncio.Server | SecureListener] = []

    def protocol(self) -> asyncio.Protocol:
        """A fresh connection handler, for callers that accept connections themselves."""
        if self._most is not None and len(self._served.connections) >= self._most:
            return Refusal()
        return Connection(self._served)

    async def listen(self, sock: socket.socket, tls: ssl.SSLContext | None = None) -> asyncio.Server:
        """Serves connections to a listening socket until the server or all of this is closed."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self.protocol, sock=sock, ssl=tls, backlog=2048)
        self._servers.append(server)
        return server

    def listen_secure(self, sock: socket.socket, choose: Choose) -> None:
        """As `listen`, by TLS; `choose` says for each client what context the name that it asks for has."""
        self._servers.append(SecureListener(sock, self.protocol, choose))

    async def close(self, drain_s: float) -> None:
        """Takes no more connections, lets running requests finish for `drain_s`, then ends what is left."""
        for server in self._servers:
            server.close()
        self._servers.clear()  # which hold this
        for connection in list(self._served.connections):
            connection.shutdown()
        with suppress(TimeoutError):
            async with asyncio.timeout(drain_s):
                while self._served.busy():
                    self._served.answered.clear()
                    await self._served.answered.wait()
        for task in list(self._served.tasks):
            task.cancel()
        await asyncio.gather(*self._served.tasks, return_exceptions=True)


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

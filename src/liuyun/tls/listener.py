"""A TLS port whose certificate, and what it accepts beside, follow from the name that each client asks for."""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress

import structlog

from liuyun.tls.hello import MOST_BYTES, NoHello, lacking, server_name

Choose = Callable[[str], ssl.SSLContext | None]  # by the name, which may be empty; None: nothing is here for it
GREETING_S = 10  # for all of a handshake
MOST_GREETINGS = 1000  # handshakes at a time; more connections are closed at once
OUT_OF_DESCRIPTORS_S = 1
UNRECOGNIZED_NAME = bytes.fromhex("15 0303 0002 02 70")
NO_TLS = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nContent-Length: 29\r\nConnection: close\r\n\r\n"
    b"This port speaks HTTPS only.\n"
)
log = structlog.get_logger()


class SecureListener:
    """Accepts connections to a listening socket, and hands each over to a protocol once its handshake is done."""

    def __init__(self, sock: socket.socket, protocol: Callable[[], asyncio.Protocol], choose: Choose) -> None:
        self._sock = sock
        self._protocol = protocol
        self._choose = choose
        self._loop = asyncio.get_running_loop()
        self._greetings: set[asyncio.Task[None]] = set()
        self._accepting = asyncio.ensure_future(self._accept())

    def close(self) -> None:
        """Takes no more connections; those that are through their handshake stay."""
        self._accepting.cancel()
        for greeting in self._greetings:
            greeting.cancel()

    async def _accept(self) -> None:
        try:
            while True:
                try:
                    connection, _ = await self._loop.sock_accept(self._sock)
                except OSError as error:
                    if error.errno in {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}:
                        log.warning("no connection can be taken", reason=error.strerror)
                        await asyncio.sleep(OUT_OF_DESCRIPTORS_S)
                    continue  # the client left before it was taken
                if len(self._greetings) >= MOST_GREETINGS:
                    connection.close()
                    continue
                greeting = asyncio.ensure_future(self._greet(connection))
                self._greetings.add(greeting)
                greeting.add_done_callback(self._greetings.discard)
        finally:
            self._sock.close()

    async def _greet(self, connection: socket.socket) -> None:
        """Clients that leave, dawdle or speak nonsense are let go without a word in the log."""
        taken = False
        try:
            async with asyncio.timeout(GREETING_S):
                context = await self._context_for(connection)
                if context is None:
                    return
                taken = True  # by the loop, which closes it
                await self._loop.connect_accepted_socket(self._protocol, connection, ssl=context)
        except (OSError, TimeoutError):
            pass
        except Exception:
            log.exception("a TLS handshake failed")
        finally:
            if not taken:
                connection.close()

    async def _context_for(self, connection: socket.socket) -> ssl.SSLContext | None:
        """None if the client has been told why not."""
        try:
            context = self._choose(server_name(await self._peek(connection)))
            answer = UNRECOGNIZED_NAME
        except NoHello as error:
            context, answer = None, NO_TLS if error.plain else b""
        if context is None:
            with suppress(BlockingIOError):
                connection.recv(MOST_BYTES)  # closed over unread bytes, TCP would take the answer back
                connection.send(answer)
        return context

    async def _peek(self, connection: socket.socket) -> bytes:
        """The whole hello, which stays where it is. Raises NoHello or ConnectionError."""
        connection.setblocking(False)
        data, wanted = b"", lacking(b"")
        while wanted:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, wanted)  # or what is there wakes us for ever
            await self._readable(connection)
            data = connection.recv(MOST_BYTES, socket.MSG_PEEK)
            if len(data) < wanted:
                raise ConnectionResetError
            wanted = lacking(data)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        return data

    async def _readable(self, connection: socket.socket) -> None:
        ready = self._loop.create_future()
        self._loop.add_reader(connection, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            self._loop.remove_reader(connection)

"""The platform's end of the channel to a sandbox that runs a command. The other end is `bootstrap/commands.py`."""

import asyncio
import socket
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from liuyun.compute.runtimes.channel import forget
from liuyun.compute.runtimes.frames import encode

RECEIVE_BYTES = 1  # with each byte comes one descriptor


class CommandChannel:
    """`on_end` is told when the sandbox's first process is gone, and so everything in it."""

    def __init__(self, channel: socket.socket, on_end: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._channel = channel
        self._on_end = on_end
        self._wanted: deque[asyncio.Future[socket.socket]] = deque()
        self._loop.add_reader(channel, self._receive)

    def run(self, command: Sequence[str], environment: Mapping[str, str], folder: str) -> None:
        what = {"command": command, "environment": environment, "folder": folder}
        frame = encode(msgspec.json.encode(what))
        sent = self._channel.send(frame)
        assert sent == len(frame), "the configuration is bounded, and the channel is empty"

    async def connect(self, port: int) -> socket.socket:
        """A connection to what listens on the sandbox's own loopback. Raises OSError if nothing does."""
        sock = await self._socket()
        try:
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            await self._loop.sock_connect(sock, ("127.0.0.1", port))
        except BaseException:
            sock.close()
            raise
        return sock

    def close(self) -> None:
        if self._channel.fileno() >= 0:
            self._loop.remove_reader(self._channel)
            self._channel.close()
        while self._wanted:
            wanted = self._wanted.popleft()
            if not wanted.done():
                wanted.set_exception(ConnectionResetError("the sandbox is gone"))

    async def _socket(self) -> socket.socket:
        if self._channel.fileno() < 0:
            raise ConnectionResetError("the sandbox is gone")
        wanted: asyncio.Future[socket.socket] = self._loop.create_future()
        self._wanted.append(wanted)
        try:
            self._channel.send(b"?")
        except OSError:
            self._lose()
        return await wanted

    def _receive(self) -> None:
        try:
            data, descriptors, _, _ = socket.recv_fds(self._channel, RECEIVE_BYTES, 1)
            given: Any = socket.socket(fileno=descriptors[0]) if descriptors else None
        except BlockingIOError:
            return
        except OSError:
            data, given = b"", None
        if not data:
            self._lose()
        elif given is not None:
            self._give(given)

    def _give(self, sock: socket.socket) -> None:
        while self._wanted:
            wanted = self._wanted.popleft()
            if not wanted.done():
                wanted.set_result(sock)
                return
        sock.close()

    def _lose(self) -> None:
        self.close()
        on_end, self._on_end = self._on_end, forget
        on_end()


def free_port(wanted: int) -> int:
    """Where nothing listens on this machine, `wanted` if possible: for sandboxes without a network of their own."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        try:
            sock.bind(("127.0.0.1", wanted))
        except OSError:
            sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port

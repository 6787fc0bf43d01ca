"""Two connections made one: what arrives at either end leaves at the other, as fast as that takes it."""

import asyncio
from typing import cast

from liuyun.compute.sandbox.egress import CONNECT_S
from liuyun.errors import Unavailable


class TunnelEnd(asyncio.Protocol):
    def __init__(self, opened: set[asyncio.Transport] | None = None) -> None:
        self.transport: asyncio.Transport | None = None
        self.far: TunnelEnd | None = None
        self._opened = opened

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)  # uvloop's are no subclasses

    def data_received(self, data: bytes) -> None:
        if self.far is not None and self.far.transport is not None:
            self.far.transport.write(data)

    def eof_received(self) -> bool:
        if self.far is not None and self.far.transport is not None and self.far.transport.can_write_eof():
            self.far.transport.write_eof()
        return True  # the other direction may go on

    def pause_writing(self) -> None:
        if self.far is not None and self.far.transport is not None:
            self.far.transport.pause_reading()

    def resume_writing(self) -> None:
        if self.far is not None and self.far.transport is not None:
            self.far.transport.resume_reading()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self.far is not None and self.far.transport is not None:
            self.far.transport.close()
        if self.transport is not None and self._opened is not None:
            self._opened.discard(self.transport)
        self.transport = None


async def tunnel(address: str, port: int) -> TunnelEnd:
    """The far end, connected and waiting to be joined. Raises Unavailable."""
    try:
        async with asyncio.timeout(CONNECT_S):
            transport, end = await asyncio.get_running_loop().create_connection(TunnelEnd, address, port)
    except (OSError, TimeoutError) as error:
        raise Unavailable(f"{address} port {port} can't be reached: {error or 'no answer in time'}.") from None
    transport.pause_reading()
    return end


def join(near_transport: asyncio.Transport, far: TunnelEnd, early: bytes, opened: set[asyncio.Transport]) -> None:
    """`early` has arrived at the near end already, which leaves `opened` when it is closed; the far end follows it."""
    near = TunnelEnd(opened)
    near.far, far.far = far, near
    near_transport.set_protocol(near)
    near.connection_made(near_transport)
    if far.transport is None:  # it left meanwhile
        near_transport.close()
        return
    if early:
        far.transport.write(early)
    near_transport.resume_reading()
    far.transport.resume_reading()


class Passage(asyncio.Protocol):
    """A connection that leads to one place, whatever it says."""

    def __init__(self, address: str, port: int, opened: set[asyncio.Transport]) -> None:
        self._address = address
        self._port = port
        self._opened = opened
        self._transport: asyncio.Transport | None = None
        self._work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.pause_reading()
        self._opened.add(self._transport)
        self._work = asyncio.create_task(self._lead(self._transport))

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self._transport is not None:
            self._opened.discard(self._transport)
        if self._work is not None:
            self._work.cancel()

    async def _lead(self, transport: asyncio.Transport) -> None:
        try:
            join(transport, await tunnel(self._address, self._port), b"", self._opened)
        except Unavailable:
            transport.close()

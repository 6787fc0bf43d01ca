"""A worker that takes calls as frames: what all built-in runtimes run in their sandboxes."""

import asyncio
import socket
from collections.abc import Callable

import msgspec

from liuyun.compute.outcome import Answered
from liuyun.compute.runtimes.channel import Channel
from liuyun.compute.runtimes.frames import PAYLOAD_BYTES
from liuyun.model.invocation import HttpCall, Invocation


class Call(msgspec.Struct, omit_defaults=True):
    """The header of a call."""

    id: int
    request_id: str
    qualifier: str
    retry_count: int
    tracing: dict[str, str] = {}
    http: HttpCall | None = None


class FrameWorker:
    """`start` is the header of the first frame, which says what to load."""

    def __init__(self, start: bytes) -> None:
        self._start = start
        self._channel: Channel | None = None

    async def open(
        self, channel: socket.socket, on_answer: Callable[[Answered], None], on_end: Callable[[], None]
    ) -> None:
        framed = Channel(on_answer, on_end, payload_bytes=PAYLOAD_BYTES)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: framed, channel)
        self._channel = framed

    def begin(self) -> None:
        self._send(self._start, b"")

    def call(self, number: int, invocation: Invocation) -> None:
        call = Call(
            number,
            invocation.request_id,
            invocation.qualifier,
            invocation.retry_count,
            dict(invocation.tracing),
            invocation.http,
        )
        self._send(msgspec.json.encode(call), invocation.payload)

    def drop(self, number: int) -> None:
        """It can't be told: the handler goes on, and its answer finds nobody."""

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()

    def _send(self, header: bytes, payload: bytes) -> None:
        assert self._channel is not None, "opened before it is used"
        self._channel.send(header, payload)

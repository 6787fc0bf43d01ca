"""The platform's end of a worker's channel: calls go out as frames, answers come back in any order."""

import asyncio
from collections.abc import Callable, Sequence
from typing import cast

import msgspec

from liuyun.compute.outcome import Answered, Reply
from liuyun.compute.runtimes.frames import Decoder, FrameTooLarge, encode

REPLY = msgspec.json.Decoder(Reply)


class Channel(asyncio.Protocol):
    """`on_answers` is told of answers as they come, `on_end` once the worker is gone or breaks the rules."""

    def __init__(
        self, on_answers: Callable[[Sequence[Answered]], None], on_end: Callable[[], None], *, payload_bytes: int
    ) -> None:
        self._decoder = Decoder(payload_bytes=payload_bytes)
        self._on_answers = on_answers
        self._on_end = on_end
        self._transport: asyncio.WriteTransport | None = None
        self._collected: list[bytes] = []
        self._loop = asyncio.get_running_loop()

    def send(self, header: bytes, payload: bytes = b"") -> None:
        if self._collected:
            self._flush()
        if self._transport is not None:
            self._transport.write(encode(header, payload))

    def collect(self, header: bytes, payload: bytes = b"") -> None:
        """For a worker that is busy: sent together with all that comes in the same turn of the loop."""
        if not self._collected:
            self._loop.call_soon(self._flush)
        self._collected.append(encode(header, payload))

    def _flush(self) -> None:
        collected, self._collected = self._collected, []
        if collected and self._transport is not None:
            self._transport.write(collected[0] if len(collected) == 1 else b"".join(collected))

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.WriteTransport", transport)  # uvloop's are no subclasses

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the signature is asyncio's
        self._transport = None
        on_end = self._on_end
        self._on_answers, self._on_end = forget, forget  # they hold what holds this; so it goes without the collector
        on_end()

    def data_received(self, data: bytes) -> None:
        try:
            answers = [Answered(REPLY.decode(header), payload) for header, payload in self._decoder.feed(data)]
        except (FrameTooLarge, msgspec.DecodeError, msgspec.ValidationError):
            self.close()
        else:
            self._on_answers(answers)


def forget(*_: object) -> None:
    """Stands where nobody is to be told any more."""

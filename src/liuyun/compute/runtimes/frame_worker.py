"""A worker that takes calls as frames: what all built-in runtimes run in their sandboxes."""

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from liuyun.compute.core.lifecycle import Phase
from liuyun.compute.outcome import Answered
from liuyun.compute.runtimes.channel import Channel
from liuyun.compute.runtimes.frames import PAYLOAD_BYTES
from liuyun.model.invocation import HttpCall, Invocation

TRACING = "x-fc-tracing-"
SPAN = f"{TRACING}opentracing-span-context"
BAGGAGE = f"{SPAN}-baggage-"


class Call(msgspec.Struct, omit_defaults=True):
    """The header of a call."""

    id: int
    request_id: str
    qualifier: str
    retry_count: int
    tracing: dict[str, Any] = {}
    http: HttpCall | None = None
    hook: str = ""
    ahead: bool = False


class FrameWorker:
    """`start` is the header of the first frame, which says what to load."""

    def __init__(self, start: bytes) -> None:
        self._start = start
        self._channel: Channel | None = None

    async def open(
        self, channel: socket.socket, on_answers: Callable[[Sequence[Answered]], None], on_end: Callable[[], None]
    ) -> None:
        framed = Channel(on_answers, on_end, payload_bytes=PAYLOAD_BYTES)
        await asyncio.get_running_loop().connect_accepted_socket(lambda: framed, channel)
        self._channel = framed

    def begin(self) -> None:
        self._send(self._start, b"")

    def call(self, number: int, invocation: Invocation, *, ahead: bool = False) -> None:
        call = Call(
            number,
            invocation.request_id,
            invocation.qualifier,
            invocation.retry_count,
            tracing_of(invocation.tracing) if invocation.tracing else {},
            invocation.http,
            ahead=ahead,
        )
        assert self._channel is not None, "opened before it is used"
        if ahead:
            self._channel.collect(msgspec.json.encode(call), invocation.payload)
        else:
            self._channel.send(msgspec.json.encode(call), invocation.payload)

    def enter(self, number: int, phase: Phase, request_id: str) -> None:
        self._send(msgspec.json.encode(Call(number, request_id, "", 0, hook=phase.value)), b"")

    def drop(self, number: int) -> None:
        """It can't be told: the handler goes on, and its answer finds nobody."""

    def close(self) -> None:
        if self._channel is not None:
            self._channel.close()

    def _send(self, header: bytes, payload: bytes) -> None:
        assert self._channel is not None, "opened before it is used"
        self._channel.send(header, payload)


def tracing_of(headers: Mapping[str, str]) -> dict[str, Any]:
    """The caller's tracing headers as contexts show them (fc contract 1.7, 3.1)."""
    return {
        "span_context": headers.get(SPAN, ""),
        "span_baggages": {
            name.removeprefix(BAGGAGE): value for name, value in headers.items() if name.startswith(BAGGAGE)
        },
        "jaeger_endpoint": headers.get(f"{TRACING}jaeger-endpoint", ""),
    }

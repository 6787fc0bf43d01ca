"""Traces of invocations: the latest are kept in memory, and all are sent to a collector if there is one.

They go by OTLP over HTTP in its JSON form, which every OpenTelemetry collector takes, many together, every few seconds.
A collector that doesn't answer costs spans, never an invocation: what finds no room is counted and dropped.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import Any

import httpx
import structlog

from liuyun.clock import Clock
from liuyun.model.record import InvocationRecord
from liuyun.observability.spans import Span, context_of, spans

KEPT = 2048  # records whose spans can be found, in memory
WAITING = 20_000  # spans that wait to be sent
BATCH = 1000
PACE_MS = 2000
ANSWER_S = 10
ERROR = 2  # OpenTelemetry's number for the status of what failed

log = structlog.get_logger()


class Traces:
    """`endpoint` is a collector's address, such as http://127.0.0.1:4318; empty: there is none."""

    def __init__(self, *, clock: Clock, endpoint: str = "") -> None:
        self._clock = clock
        self._endpoint = endpoint.rstrip("/")
        self._latest: deque[InvocationRecord] = deque(maxlen=KEPT)
        self._waiting: deque[Span] = deque()
        self._work = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.sent = 0
        self.dropped = 0

    async def start(self) -> None:
        if self._endpoint:
            self._task = asyncio.create_task(self._send_forever(), name="traces")

    async def close(self, drain_s: float = 0) -> None:
        """Sends what there is, if that can be done in time."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.wait({self._task})
        if self._waiting and drain_s:
            async with httpx.AsyncClient(timeout=min(drain_s, ANSWER_S)) as client:
                await self._send(client)

    def add(self, records: Sequence[InvocationRecord]) -> None:
        """Spans are worked out only for who wants them: it would take a tenth of what a warm call does."""
        self._latest.extend(records)
        if not self._endpoint:
            return
        for record in records:
            made = spans(record)
            if len(self._waiting) + len(made) > WAITING:
                self.dropped += len(made)
            else:
                self._waiting.extend(made)
                self._work.set()

    def find(self, account_id: str, *, request_id: str = "", trace_id: str = "") -> list[Span]:
        """Of the latest, in the order in which they ended."""
        return [
            span
            for record in self._latest
            if record.account_id == account_id
            and (record.request_id == request_id or (trace_id and context_of(record)[0] == trace_id))
            for span in spans(record)
        ]

    def statistics(self) -> dict[str, int]:
        return {"waiting": len(self._waiting), "sent": self.sent, "dropped": self.dropped}

    async def _send_forever(self) -> None:
        async with httpx.AsyncClient(timeout=ANSWER_S) as client:
            while True:
                await self._work.wait()
                await self._clock.sleep(PACE_MS)
                self._work.clear()
                while self._waiting:
                    await self._send(client)

    async def _send(self, client: httpx.AsyncClient) -> None:
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        try:
            answer = await client.post(f"{self._endpoint}/v1/traces", json=request(batch))
            answer.raise_for_status()
        except httpx.HTTPError as error:
            self.dropped += len(batch)
            log.warning("spans lost", spans=len(batch), reason=str(error) or type(error).__name__)
        else:
            self.sent += len(batch)


def request(batch: Sequence[Span]) -> dict[str, Any]:
    """An ExportTraceServiceRequest: 64-bit numbers are texts in its JSON form, ids hexadecimal."""
    resource = {"attributes": [attribute("service.name", "liuyun")]}
    scope = {"scope": {"name": "liuyun.invocations"}, "spans": [otlp(span) for span in batch]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def otlp(span: Span) -> dict[str, Any]:
    found: dict[str, Any] = {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(round(span.began_at * 1_000_000)),
        "endTimeUnixNano": str(round(span.ended_at * 1_000_000)),
        "attributes": [attribute(name, value) for name, value in span.attributes.items()],
    }
    if span.parent_id:
        found["parentSpanId"] = span.parent_id
    if span.error:
        found["status"] = {"code": ERROR, "message": span.error}
    return found


def attribute(name: str, value: Any) -> dict[str, Any]:
    match value:
        case bool():
            typed: dict[str, Any] = {"boolValue": value}
        case int():
            typed = {"intValue": str(value)}
        case float():
            typed = {"doubleValue": value}
        case _:
            typed = {"stringValue": str(value)}
    return {"key": name, "value": typed}

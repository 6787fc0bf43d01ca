"""The trace of an invocation, worked out of its record: from what triggered it to its handler. Pure.

A trace has the id that the caller sent (`traceparent`, W3C Trace Context), else the request id's own digits: so whoever
knows a request id finds its trace, with all tries of an asynchronous invocation. Names of attributes are those of
OpenTelemetry's conventions for functions.
"""

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

from liuyun.model.record import InvocationRecord, Outcome

PARENT = re.compile(r"[0-9a-f]{2}-(?P<trace>(?!0{32})[0-9a-f]{32})-(?P<span>(?!0{16})[0-9a-f]{16})-[0-9a-f]{2}")
SERVER, CONSUMER, INTERNAL = 2, 5, 1  # OpenTelemetry's numbers for kinds of spans
SHORTEST_MS = 1  # of waits that are told: the clock is no finer
TRIGGERS = {"api": "other", "http": "http", "timer": "timer", "mns_topic": "pubsub"}


@dataclass(frozen=True, slots=True)
class Span:
    """Times are milliseconds since the epoch. `error` is empty unless it failed."""

    account_id: str
    request_id: str
    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: int
    began_at: float
    ended_at: float
    attributes: dict[str, Any]
    error: str = ""


def spans(record: InvocationRecord) -> list[Span]:
    """One for the trigger; for the handler if that was called; and for whatever wait was before it."""
    trace_id, parent_id = context_of(record)
    found = [
        Span(
            account_id=record.account_id,
            request_id=record.request_id,
            trace_id=trace_id,
            span_id=span_id(record, "trigger"),
            parent_id=parent_id,
            name=f"{record.source} {record.service}/{record.function}",
            kind=SERVER if record.source in {"api", "http"} else CONSUMER,
            began_at=record.caused_at or record.began_at,
            ended_at=record.ended_at,
            attributes=attributes(record),
            error="" if record.outcome is Outcome.OK else record.error or record.outcome.value,
        )
    ]
    called_at = record.ended_at - record.duration_ms if record.instance_id else record.ended_at
    if record.caused_at and record.began_at - record.caused_at >= SHORTEST_MS:
        found.append(part(found[0], record, "queue", record.caused_at, record.began_at))
    if called_at - record.began_at >= SHORTEST_MS:
        waited = {"faas.coldstart": record.cold}
        found.append(part(found[0], record, "instance", record.began_at, called_at, attributes=waited))
    if record.instance_id:
        ran = {"faas.instance": record.instance_id, "liuyun.memory_mb": record.memory_mb}
        handler = part(found[0], record, "handler", called_at, record.ended_at, attributes=ran)
        found.append(replace(handler, error=record.error))
    return found


def part(
    whole: Span,
    record: InvocationRecord,
    what: str,
    began_at: float,
    ended_at: float,
    *,
    attributes: dict[str, Any] | None = None,
) -> Span:
    return replace(
        whole,
        span_id=span_id(record, what),
        parent_id=whole.span_id,
        name=f"{what} {record.service}/{record.function}",
        kind=INTERNAL,
        began_at=began_at,
        ended_at=ended_at,
        attributes=attributes or {},
        error="",
    )


def context_of(record: InvocationRecord) -> tuple[str, str]:
    """The ids of the trace and of the span that this is part of; an empty one if it begins a trace."""
    if sent := PARENT.fullmatch(record.traceparent):
        return sent["trace"], sent["span"]
    digits = record.request_id.replace("-", "")
    if re.fullmatch(r"[0-9a-f]{32}", digits):
        return digits, ""
    return blake2b(record.request_id.encode(), digest_size=16).hexdigest(), ""


def span_id(record: InvocationRecord, part: str) -> str:
    return blake2b(f"{record.request_id}/{record.retry}/{part}".encode(), digest_size=8).hexdigest()


def attributes(record: InvocationRecord) -> dict[str, Any]:
    return {
        "faas.name": record.function,
        "faas.version": record.version_id,
        "faas.trigger": TRIGGERS.get(record.source, "other"),
        "faas.invocation_id": record.request_id,
        "faas.coldstart": record.cold,
        "liuyun.service": record.service,
        "liuyun.source": record.source,
        "liuyun.retry": record.retry,
        "liuyun.outcome": record.outcome.value,
    }

"""How invocations and triggers went, for `liuyun invocations`, `liuyun trigger` and the console. An extension of this
platform; documented in docs/reference/api-extensions.md.
"""

from typing import Any

from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, integer
from liuyun.gateway.http import Response
from liuyun.model.function import Trigger, own_service
from liuyun.model.listing import Listing
from liuyun.model.record import InvocationRecord, Outcome, Wanted
from liuyun.observability.spans import Span
from liuyun.triggers.deliveries import Summary

MOST = 1000
LONGEST_TEXT = 256
LATEST_INSTANT = 2**50


async def get_invocations(call: Call) -> Response:
    query = call.query()
    source = source_of(call, query)
    outcome = query.get("outcome", "")
    if outcome and outcome not in set(Outcome):
        raise Invalid(f"outcome must be one of {', '.join(Outcome)}, but is '{outcome[:40]}'")
    wanted = Wanted(
        outcome=Outcome(outcome) if outcome else None,
        since=integer(query, "since", 0, low=0, high=LATEST_INSTANT),
        request_id=query.get("requestId", "")[:LONGEST_TEXT],
        source=query.get("source", "")[:LONGEST_TEXT],
    )
    limit = integer(query, "limit", 100, low=1, high=MOST)
    found = await call.platform.records.latest(source, wanted, limit=limit)
    if not found:
        await call.platform.functions.get(*source)
    return answer(call, {"invocations": [record_body(record) for record in found]})


async def get_triggers(call: Call) -> Response:
    source = source_of(call, call.query())
    await call.platform.records.flush()
    page = await call.platform.triggers.list(*source, Listing(limit=100))
    bodies = [status_body(trigger, call.platform.triggers.deliveries.of(trigger)) for trigger in page.items]
    return answer(call, {"triggers": bodies})


async def get_trace(call: Call) -> Response:
    query = call.query()
    request_id, trace_id = query.get("requestId", "")[:LONGEST_TEXT], query.get("traceId", "")[:LONGEST_TEXT]
    if not request_id and not trace_id:
        raise Invalid("requestId or traceId must name the trace that is wanted")
    await call.platform.records.flush()
    found = call.platform.traces.find(call.account_id, request_id=request_id, trace_id=trace_id)
    return answer(call, {"spans": [span_body(span) for span in found]})


def source_of(call: Call, query: dict[str, str]) -> tuple[str, str, str]:
    """Without a service, a function of FC 3.0 is meant."""
    function = query.get("function", "")
    if not function:
        raise Invalid("function must name the function that is meant, and service its service if it has one")
    return call.account_id, query.get("service", "") or own_service(function), function


def status_body(trigger: Trigger, summary: Summary) -> dict[str, Any]:
    return {
        "triggerName": trigger.name,
        "triggerType": trigger.kind,
        "qualifier": trigger.qualifier,
        "delivered": summary.delivered,
        "failed": summary.failed,
        "meanLagMs": round(summary.mean_lag_ms, 1),
        "worstLagMs": summary.worst_lag_ms,
        "last": [record_body(record) for record in summary.last],
    }


def span_body(span: Span) -> dict[str, Any]:
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "parentSpanId": span.parent_id,
        "name": span.name,
        "startTime": span.began_at,
        "endTime": span.ended_at,
        "error": span.error,
        "attributes": span.attributes,
    }


def record_body(record: InvocationRecord) -> dict[str, Any]:
    return {
        "requestId": record.request_id,
        "time": record.began_at,
        "endTime": record.ended_at,
        "source": record.source,
        "qualifier": record.qualifier or "LATEST",
        "versionId": record.version_id,
        "instanceId": record.instance_id,
        "outcome": record.outcome,
        "error": record.error,
        "retry": record.retry,
        "lagMs": record.lag_ms,
        "durationMs": round(record.duration_ms, 3),
        "billedMs": record.billed_ms,
        "memoryMb": round(record.memory_mb, 2),
        "coldStart": record.cold,
    }

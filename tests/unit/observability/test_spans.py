"""The trace of an invocation."""

from liuyun.model.record import InvocationRecord, Outcome
from liuyun.observability.spans import CONSUMER, SERVER, spans
from liuyun.observability.traces import request

REQUEST = "0af76519-16cd-43dd-8448-eb211c80319c"
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def record(source: str = "api", *, outcome: Outcome = Outcome.OK, **facts) -> InvocationRecord:
    ran = {"instance_id": "i", "duration_ms": 7.5, "version_id": "3", "memory_mb": 30.0, **facts}
    caused_at = 900 if source == "timer" else 0
    return InvocationRecord("1", "s", "f", "", REQUEST, source, "", caused_at, 0, 1000, 1020, outcome, **ran)


def test_a_trace_leads_from_the_trigger_to_the_handler() -> None:
    """Its id is the request's, so that it can be found."""
    outer, *waits, inner = spans(record("timer"))
    assert [(wait.name, wait.began_at, wait.ended_at) for wait in waits] == [
        ("queue s/f", 900, 1000), ("instance s/f", 1000, 1012.5),
    ]  # fmt: skip
    assert outer.trace_id == inner.trace_id == REQUEST.replace("-", "")
    assert (outer.parent_id, inner.parent_id) == ("", outer.span_id)
    assert (outer.kind, outer.began_at, outer.ended_at) == (CONSUMER, 900, 1020)
    assert (inner.began_at, inner.ended_at) == (1012.5, 1020)
    assert (outer.attributes["faas.trigger"], inner.attributes["faas.instance"]) == ("timer", "i")


def test_a_caller_that_traces_is_followed() -> None:
    """The span is a child of the caller's; what is no traceparent counts for nothing."""
    outer, *_ = spans(record(traceparent=PARENT))
    assert (outer.trace_id, outer.parent_id) == (PARENT.split("-")[1], "00f067aa0ba902b7")
    assert outer.kind == SERVER
    for broken in ("x", PARENT[:-3], PARENT.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32)):
        assert spans(record(traceparent=broken))[0].trace_id == REQUEST.replace("-", "")


def test_retries_are_spans_of_one_trace() -> None:
    """Each its own."""
    records = [InvocationRecord("1", "s", "f", "", REQUEST, "api", "", 0, retry, 1, 2, Outcome.OK) for retry in (0, 1)]
    tries = [spans(each) for each in records]
    assert len({each[0].trace_id for each in tries}) == 1
    assert len({each[0].span_id for each in tries}) == 2


def test_what_never_ran_has_no_handler() -> None:
    """And says why."""
    outer, wait = spans(record(outcome=Outcome.THROTTLED, instance_id="", error="Throttled"))
    assert (outer.error, wait.name, wait.ended_at) == ("Throttled", "instance s/f", 1020)


def test_spans_in_the_form_of_otlp() -> None:
    """Numbers of 64 bits as texts, kinds and status as numbers, attributes with their type."""
    failed = spans(record(outcome=Outcome.ERROR, error="UnhandledInvocationError", traceparent=PARENT))
    document = request(failed)["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert document[0]["startTimeUnixNano"] == "1000000000"
    assert document[0]["parentSpanId"] == "00f067aa0ba902b7"
    assert document[0]["status"] == {"code": 2, "message": "UnhandledInvocationError"}
    typed = {each["key"]: each["value"] for each in document[0]["attributes"]}
    assert (typed["faas.coldstart"], typed["liuyun.retry"]) == ({"boolValue": False}, {"intValue": "0"})
    assert typed["faas.name"] == {"stringValue": "f"}

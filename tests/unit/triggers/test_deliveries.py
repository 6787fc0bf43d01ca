"""What became of a trigger's events lately."""

from liuyun.model.function import Trigger
from liuyun.model.record import InvocationRecord, Outcome
from liuyun.triggers.deliveries import LAST, Deliveries

TIMER = Trigger("1", "s", "f", "t", "id-1", "timer", {})
WEB = Trigger("1", "s", "f", "web", "id-2", "http", {})


def record(source: str, trigger: str = "", *, outcome: Outcome = Outcome.OK, lag_ms: int = 5, qualifier: str = ""):
    facts = ("1", "s", "f", qualifier, "r", source, trigger, 1000, 0, 1000, 1000 + lag_ms, outcome)
    return InvocationRecord(*facts)


def test_deliveries_are_counted_for_their_trigger() -> None:
    """Failures and lag with them; what no trigger caused counts for none."""
    deliveries = Deliveries()
    deliveries.add([record("timer", "id-1"), record("timer", "id-1", outcome=Outcome.ERROR, lag_ms=15), record("api")])
    summary = deliveries.of(TIMER)
    assert (summary.delivered, summary.failed, summary.mean_lag_ms, summary.worst_lag_ms) == (2, 1, 10, 15)
    assert [each.outcome for each in summary.last] == [Outcome.ERROR, Outcome.OK]
    assert deliveries.of(WEB).delivered == 0


def test_a_version_has_one_http_trigger() -> None:
    """So its calls are found by the version's names."""
    deliveries = Deliveries()
    deliveries.add([record("http"), record("http", qualifier="LATEST"), record("http", qualifier="prod")])
    assert deliveries.of(WEB).delivered == 2


def test_what_is_remembered_is_bounded() -> None:
    """The last deliveries of a trigger, and the triggers that were heard of last."""
    deliveries = Deliveries(most=1)
    deliveries.add([record("timer", "id-1")] * (LAST + 5))
    assert len(deliveries.of(TIMER).last) == LAST
    deliveries.add([record("timer", "id-9")])
    assert deliveries.of(TIMER).delivered == 0

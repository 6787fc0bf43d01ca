"""How calls went, minute by minute."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from liuyun.model.record import InvocationRecord, Outcome
from liuyun.observability.minutes import KEPT, MINUTE_MS, STEP, Minutes

RECORD = InvocationRecord("1", "s", "f", "", "r", "api", "", 0, 0, 0, 0, Outcome.OK, instance_id="i", duration_ms=8.0)
NOW = 1000 * MINUTE_MS + 5


def test_calls_belong_to_the_minute_in_which_they_ended() -> None:
    """The running minute stands at the end, and one without calls is there too."""
    minutes = Minutes()
    minutes.add([replace(RECORD, ended_at=NOW - MINUTE_MS), replace(RECORD, ended_at=NOW, outcome=Outcome.ERROR)])
    shown = minutes.until(NOW)
    assert [(minute.whole.sums.calls, minute.whole.sums.errors) for minute in shown[-3:]] == [(0, 0), (1, 0), (1, 1)]
    assert (len(shown), shown[-1].at) == (KEPT, NOW - 5)


def test_an_hour_is_kept() -> None:
    """What is older goes, and doesn't come back by a record that is late."""
    minutes = Minutes()
    minutes.add(replace(RECORD, ended_at=NOW + number * MINUTE_MS) for number in range(KEPT + 5))
    minutes.add([replace(RECORD, ended_at=NOW)])
    assert sum(sums.calls for sums in minutes.functions(0).values()) == KEPT


def test_functions_are_told_apart() -> None:
    """Summed over the minutes that are wanted."""
    minutes = Minutes()
    failed = replace(RECORD, function="g", outcome=Outcome.ERROR)
    for at in (NOW - MINUTE_MS, NOW):
        minutes.add([replace(RECORD, ended_at=at), replace(failed, ended_at=at)])
    assert {name: (sums.calls, sums.errors) for name, sums in minutes.functions(NOW - 5).items()} == {
        ("s", "f"): (1, 0), ("s", "g"): (1, 1),
    }  # fmt: skip


@given(st.lists(st.floats(0.2, 600_000), min_size=1, max_size=50))
def test_quantiles_are_right_to_within_a_step(durations: list[float]) -> None:
    """Of the sorted durations, the one at that share."""
    minutes = Minutes()
    minutes.add([replace(RECORD, ended_at=NOW, duration_ms=each) for each in durations])
    minute = minutes.until(NOW)[-1].whole
    middle = sorted(durations)[(len(durations) + 1) // 2 - 1]
    assert middle <= minute.quantile_ms(0.5) * 1.0001
    assert minute.quantile_ms(0.5) <= middle * STEP * 1.0001


def test_a_function_has_durations_and_instances_of_its_own() -> None:
    """The most instances that were seen at the same time in a minute, also in one without calls."""
    minutes = Minutes()
    minutes.add([replace(RECORD, ended_at=NOW), replace(RECORD, function="g", ended_at=NOW, duration_ms=800.0)])
    for at, count in [(NOW - MINUTE_MS, 1), (NOW, 2), (NOW + 1000, 1)]:
        minutes.counted(at, {("s", "f"): count, ("s", "g"): 4})
    before, running = [own for _, own in minutes.of_function(("s", "f"), NOW)[-2:]]
    assert (before.sums.calls, before.instances) == (0, 1)
    assert (running.sums.calls, running.instances, 8 <= running.quantile_ms(0.99) <= 8 * STEP) == (1, 2, True)
    assert minutes.until(NOW)[-1].whole.instances == 6

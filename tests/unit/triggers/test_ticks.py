"""Which ticks of a timer count, and what the function gets."""

import json

from hypothesis import given
from hypothesis import strategies as st

from liuyun.model.function import Trigger
from liuyun.scheduling.cron import Every, schedule
from liuyun.triggers.ticks import Tick, event, invocation, tick

HOUR = 3_600_000
FIVE_MINUTES = 300_000
TIMER = Trigger("1", "s", "f", "nightly", "id-1", "timer", {"payload": '{"a": "云"}'}, qualifier="prod")
HOURLY = schedule("0 0 * * * *")


def test_a_tick_leads_to_the_next() -> None:
    """By the schedule, however late the platform is."""
    assert tick(HOURLY, 5 * HOUR, 5 * HOUR + 20, FIVE_MINUTES) == Tick(5 * HOUR, 6 * HOUR)
    assert tick(Every(10), 50_000, 50_020, FIVE_MINUTES) == Tick(50_000, 60_000)


def test_a_missed_tick_is_made_up_for() -> None:
    """Each of them, one at a time."""
    assert tick(Every(10), 50_000, 75_000, FIVE_MINUTES) == Tick(50_000, 60_000)


def test_ticks_that_are_too_old_are_gone() -> None:
    """What comes next keeps to the schedule."""
    now = 100 * HOUR + 1000
    assert tick(HOURLY, 5 * HOUR, now, FIVE_MINUTES) == Tick(100 * HOUR, 101 * HOUR, skipped=True)
    assert tick(HOURLY, 5 * HOUR, now + FIVE_MINUTES, FIVE_MINUTES) == Tick(None, 101 * HOUR, skipped=True)
    assert tick(Every(7), 7000, 10_000_000, 5000) == Tick(9_996_000, 10_003_000, skipped=True)


def test_the_event_of_a_tick() -> None:
    """The instant that was due in seconds of UTC; the payload stays a text."""
    assert json.loads(event(TIMER, 1_703_576_940_400)) == {
        "triggerTime": "2023-12-26T07:49:00Z", "triggerName": "nightly", "payload": '{"a": "云"}',
    }  # fmt: skip


def test_the_call_of_a_tick() -> None:
    """It names the version, the trigger and the time."""
    call = invocation(TIMER, 5000, "r")
    assert (call.service, call.function, call.qualifier, call.request_id) == ("s", "f", "prod", "r")
    assert (call.source, call.trigger, call.caused_at) == ("timer", "id-1", 5000)


@given(st.integers(1, 100), st.lists(st.integers(0, 400_000), min_size=1, max_size=30), st.integers(0, 60_000))
def test_no_tick_is_given_twice_nor_left_out_while_it_counts(
    period_s: int, pauses: list[int], catch_up_ms: int
) -> None:
    """However irregularly it is looked: the ticks given are those of the schedule that were young enough."""
    due_at, now = period_s * 1000, 0
    given_ticks: list[int] = []
    for pause in pauses:
        now += pause
        while due_at <= now:
            found = tick(Every(period_s), due_at, now, catch_up_ms)
            assert found.next_at is not None
            if found.at is not None:
                assert now - catch_up_ms <= found.at <= now
                given_ticks.append(found.at)
            due_at = found.next_at
        assert due_at % (period_s * 1000) == 0
    assert given_ticks == sorted(set(given_ticks))
    if catch_up_ms >= max(pauses) + period_s * 1000:
        assert given_ticks == list(range(period_s * 1000, now + 1, period_s * 1000))

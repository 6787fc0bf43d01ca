"""When a busy instance is handed further calls: the rules."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from liuyun.compute.core.calls_ahead import (
    BRISK_MS,
    DEPTH,
    STALLED_MS,
    UNKNOWN_MS,
    is_brisk,
    least_busy,
    suffices,
    usual,
)


@dataclass
class Busy:
    running: int
    heard_at: int


NUMBERS = st.lists(st.tuples(st.integers(0, 2 * DEPTH), st.integers(0, 4 * STALLED_MS)), max_size=8)


def mean_of(*took_ms: float) -> float:
    mean = UNKNOWN_MS
    for each in took_ms:
        mean = usual(mean, each)
    return mean


def test_a_function_has_to_show_that_it_is_brisk():
    """Nothing is known of its first calls, and a hundred short ones suffice."""
    assert not is_brisk(mean_of(*[0.1] * 10))
    assert is_brisk(mean_of(*[0.1] * 100))


def test_one_call_that_takes_long_ends_it():
    """A single one of a tenth of a second, whatever came before."""
    assert not is_brisk(mean_of(*[0.1] * 1000, 100.0))


def test_the_least_busy_instance_takes_the_call():
    """The first of those that are equal."""
    more, first, second = Busy(3, 0), Busy(1, 0), Busy(1, 0)
    assert least_busy([more, first, second], 0) is first


def test_no_instance_is_handed_more_than_so_many():
    """Calls that find no place wait, as ever."""
    assert least_busy([Busy(DEPTH, 0), Busy(DEPTH, 0)], 0) is None


def test_an_instance_that_does_not_answer_is_handed_none():
    """What it works on may take long."""
    stalled, other = Busy(1, 0), Busy(5, 1)
    assert least_busy([stalled, other], STALLED_MS + 1) is other


@given(NUMBERS)
def test_who_is_chosen_answers_and_has_room(instances: list[tuple[int, int]]):
    """And none of those has fewer calls."""
    now = 4 * STALLED_MS
    busy = [Busy(calls, heard_at=now - quiet) for calls, quiet in instances]
    fit = [calls for calls, quiet in instances if calls < DEPTH and quiet <= STALLED_MS]
    chosen = least_busy(busy, now)
    if chosen is None:
        assert not fit
    else:
        assert chosen.running == min(fit)
        assert now - chosen.heard_at <= STALLED_MS


def test_a_brisk_function_gets_no_more_instances_than_it_can_use():
    """Unless none of them answers; one that isn't brisk gets as many as it needs."""
    now = STALLED_MS + 1
    stalled, other = Busy(1, 0), Busy(1, now)
    assert suffices(BRISK_MS / 2, 4, 4, [stalled, other], now)
    assert not suffices(BRISK_MS / 2, 3, 4, [other], now)
    assert not suffices(BRISK_MS / 2, 4, 4, [stalled, stalled], now)
    assert not suffices(BRISK_MS, 4, 4, [other], now)

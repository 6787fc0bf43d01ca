"""Whose turn it is to have deliveries made."""

from hypothesis import given
from hypothesis import strategies as st

from liuyun.scheduling.lanes import Lanes


def lanes(places: int = 10, lane_limit: int = 4, turn: int = 2) -> Lanes:
    return Lanes(places=places, lane_limit=lane_limit, turn=turn)


def test_nothing_is_due_before_its_time() -> None:
    """A lane waits for its earliest delivery."""
    some = lanes()
    some.due([1], 200)
    some.due([1], 100)
    some.due([1], 300)
    assert (some.share(99), some.next_due()) == ({}, 100)
    assert some.share(100) == {1: 2}


def test_a_turn_is_small_and_goes_round() -> None:
    """Who was served last comes last."""
    some = lanes(places=4)
    some.due([1, 2, 3], 0)
    assert some.share(0) == {1: 2, 2: 2}
    for lane in (1, 2):
        some.taken(lane, 0, 0)
        some.done(lane, 2)
    assert some.share(0) == {3: 2, 1: 2}


def test_a_lane_has_a_limit_of_its_own() -> None:
    """A slow subscriber fills its own lane, and doesn't wake the dispatcher in vain."""
    some = lanes(lane_limit=3)
    some.due([1], 0)
    some.taken(1, 0, 0) if some.share(0) == {1: 2} else None
    assert some.share(0) == {1: 1}
    some.taken(1, 0, 0)
    assert (some.share(0), some.next_due()) == ({}, None)
    some.done(1)
    assert some.next_due() == 0


def test_all_places_taken_means_no_hurry() -> None:
    """While nothing is free the dispatcher isn't called, whatever is due."""
    some = lanes(places=2)
    some.due([1, 2], 0)
    assert some.share(0) == {1: 2}
    assert some.next_due() is None
    some.taken(1, 2, None)
    assert some.next_due() == 0


def test_the_limit_can_grow() -> None:
    """What is delivered to is known only after the first look."""
    some = lanes(lane_limit=2, turn=9)
    some.due([1], 0)
    some.share(0)
    some.taken(1, 0, 0, limit=7)
    assert some.share(0) == {1: 5}


def test_what_becomes_due_during_a_turn_is_not_forgotten() -> None:
    """A publication that comes between claim and answer is served in the next turn."""
    some = lanes()
    some.due([1], 0)
    some.share(0)
    some.due([1], 5)
    some.taken(1, 2, None)
    assert some.share(5) == {1: 2}


def test_lanes_without_work_are_forgotten() -> None:
    """Nothing is kept of a subscription that has nothing to get."""
    some = lanes()
    some.due([1], 0)
    some.share(0)
    some.taken(1, 1, None)
    assert len(some) == 1
    some.done(1)
    assert (len(some), some.under_way) == (0, 0)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 20)), max_size=30), st.integers(1, 12))
def test_places_are_never_exceeded_and_everything_is_served(backlog: list[tuple[int, int]], places: int) -> None:
    """Whatever lies in however many lanes, all of it is served within the limits."""
    some = lanes(places=places, lane_limit=3)
    left: dict[int, int] = {}
    for lane, count in backlog:
        left[lane] = left.get(lane, 0) + count
    some.due([lane for lane, count in left.items() if count], 0)
    while turns := some.share(0):
        assert sum(turns.values()) <= some.under_way <= places
        assert all(count <= 3 for count in turns.values())
        for lane, count in turns.items():
            got = min(count, left[lane])
            left[lane] -= got
            some.taken(lane, count - got, 0 if left[lane] else None)
            if got:
                some.done(lane, got)
    assert not any(left.values())
    assert (len(some), some.under_way) == (0, 0)

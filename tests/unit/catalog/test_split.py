"""How an alias shares its calls."""

from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.catalog.split import fractions, pick, shares


@given(weight=st.floats(0, 1), start=st.floats(0, 1, exclude_max=True))
def test_a_share_is_right_within_a_percent_over_ten_thousand_calls(weight: float, start: float):
    """Whatever the weight is and wherever chance begins."""
    among = shares("1", {"2": weight})
    counted = Counter(pick(among, fraction) for fraction in islice(fractions(start), 10_000))
    assert abs(counted["2"] / 10_000 - weight) < 0.01
    assert counted["1"] + counted["2"] == 10_000


@pytest.mark.parametrize(("weight", "only"), [(0.0, "1"), (1.0, "2")])
def test_none_and_all_mean_that(weight: float, only: str):
    """A weight of 0 sends nobody, one of 1 everybody."""
    assert {pick(shares("1", {"2": weight}), f) for f in islice(fractions(0.99), 1000)} == {only}


def test_chance_decides_where_it_begins():
    """Two resolvers don't send the same callers to the new version."""
    assert next(fractions(0.1)) != next(fractions(0.7))


@given(start=st.floats(0, 1, exclude_max=True))
def test_fractions_stay_in_their_range(start: float):
    """0 to 1, without 1."""
    assert all(0 <= fraction < 1 for fraction in islice(fractions(start), 100))

"""How many stem cells stand ready, and of what kinds."""

from liuyun.compute.core.stems import KindFacts, StemLimits, StemPlan, plan

LIMITS = StemLimits(each=2, kinds=2, idle_ms=1000)


def test_each_kind_in_use_has_its_number():
    """What stands or comes counts; the kind that was used last is served first."""
    facts = {"old": KindFacts(1, 0, 10), "new": KindFacts(0, 1, 20)}
    assert plan(facts, LIMITS, 100) == StemPlan(("new", "old"), ())


def test_a_kind_that_nobody_uses_has_none():
    """After the idle time its stem cells are given up."""
    assert plan({"old": KindFacts(2, 0, 10)}, LIMITS, 1010) == StemPlan((), ("old",))


def test_only_so_many_kinds_have_any():
    """Those that were used last."""
    facts = {"a": KindFacts(2, 0, 1), "b": KindFacts(2, 0, 3), "c": KindFacts(0, 0, 2)}
    assert plan(facts, LIMITS, 5) == StemPlan(("c", "c"), ("a",))


def test_nothing_is_done_where_all_stand():
    """More than enough is no reason to do anything."""
    assert plan({"a": KindFacts(3, 0, 1)}, LIMITS, 5) == StemPlan((), ())

"""Who may run a program now."""

from liuyun.errors import Throttled
from liuyun.gateway.console.turns import Turns
from liuyun.testing.clock import FakeClock
from tests.conftest import run


def refused(turns: Turns, address: str) -> int | None:
    """After how many seconds to come again."""
    try:
        with turns.taken(address):
            return None
    except Throttled as error:
        return int(str(error.facts["wait_s"]))


def test_so_many_run_together(clock: FakeClock):
    """Whoever they are; a place is free again when its program has ended."""
    turns = Turns(clock, most=1, most_of_one=9, per_minute=9)
    with turns.taken(""):
        assert refused(turns, "192.0.2.1")
    assert refused(turns, "192.0.2.1") is None


def test_one_address_does_not_keep_others_out(clock: FakeClock):
    """Of the newer addresses a household has very many."""
    turns = Turns(clock, most=9, most_of_one=1, per_minute=9)
    with turns.taken("2001:db8::1"):
        assert refused(turns, "2001:db8::ffff")
        assert refused(turns, "2001:db8:0:1::1") is None
        assert refused(turns, "192.0.2.1") is None


def test_so_many_in_a_minute(clock: FakeClock):
    """Who has run too many is told when the next one may begin."""
    turns = Turns(clock, most=9, most_of_one=9, per_minute=2)
    assert refused(turns, "192.0.2.1") is None
    run(clock.advance(10))
    assert refused(turns, "192.0.2.1") is None
    assert refused(turns, "192.0.2.1") == 50
    assert refused(turns, "192.0.2.2") is None
    run(clock.advance(50))
    assert refused(turns, "192.0.2.1") is None
    assert refused(turns, "192.0.2.1") == 10


def test_who_is_known_is_not_counted(clock: FakeClock):
    """They have no address here."""
    turns = Turns(clock, most=9, most_of_one=1, per_minute=1)
    with turns.taken(""), turns.taken(""):
        assert refused(turns, "") is None

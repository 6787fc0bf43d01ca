"""Spans and instants: only the second follow a clock that somebody sets."""

import asyncio
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.clock import SystemClock, rfc3339, wait_for, wait_until
from liuyun.testing.clock import FakeClock

HOUR = 3_600_000


def test_a_span_is_as_long_whatever_the_clock_is_set_to():
    """Neither forward nor back."""

    async def act() -> None:
        clock = FakeClock()
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = asyncio.ensure_future(wait_for(clock, never, 1000))
        await clock.advance(0.5)
        await clock.set_by(3600)
        await clock.advance(0.4)
        assert not waiting.done()
        await clock.set_by(-7200)
        await clock.advance(0.2)
        with pytest.raises(TimeoutError):
            await waiting

    asyncio.run(act())


def test_an_instant_comes_when_the_clock_is_set_to_it():
    """As a timer for tomorrow does."""

    async def act() -> None:
        clock = FakeClock()
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiting = asyncio.ensure_future(wait_until(clock, never, clock.now() + HOUR))
        await clock.advance(1)
        assert not waiting.done()
        await clock.set_by(3600)
        with pytest.raises(TimeoutError):
            await waiting

    asyncio.run(act())


def test_what_came_before_is_the_result():
    """And a result that is there already needs no clock."""

    async def act() -> None:
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        ready.set_result("here")
        assert await wait_for(FakeClock(), ready, 0) == "here"

    asyncio.run(act())


def test_the_machines_steady_clock_never_goes_back():
    """It starts anywhere."""
    clock = SystemClock()
    readings = [clock.steady() for _ in range(100)]
    assert readings == sorted(readings)


def test_what_is_called_after_a_span_is_called_once_unless_it_was_called_off():
    """In a later turn of the loop, not before the caller goes on."""

    async def act() -> list[str]:
        clock, called = SystemClock(), list[str]()
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        call_off = clock.after(0, lambda: called.append("called off"))
        clock.after(HOUR, lambda: called.append("later"))
        clock.after(0, lambda: called.append("due"))
        clock.after(1, lambda: over.set_result(None))
        call_off()
        assert not called
        await over
        return called

    assert asyncio.run(act()) == ["due"]


@given(st.integers(0, 4_102_444_800_000))
def test_instants_are_shown_with_milliseconds_in_utc(instant: int):
    """Read again, they are the same."""
    shown = rfc3339(instant)
    assert (len(shown), shown[-1]) == (24, "Z")
    assert round(datetime.fromisoformat(shown).timestamp() * 1000) == instant

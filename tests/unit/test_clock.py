"""Spans and instants: only the second follow a clock that somebody sets."""

import asyncio

import pytest

from liuyun.clock import SystemClock, wait_for, wait_until
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

"""Time, passed in. Instants are whole milliseconds since the epoch; spans carry their unit (`_s`, `_ms`).

Machines' clocks are set, by people and by time servers. So how long something takes or may take is never told from two
instants, but by the steady clock, which no one sets and which means nothing outside this process.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

T = TypeVar("T")


class Clock(Protocol):
    def now(self) -> int:
        """Milliseconds since the epoch."""
        ...

    def steady(self) -> int:
        """Milliseconds since some moment, by a clock that nobody sets."""
        ...

    async def sleep_until(self, instant: int) -> None:
        """Returns at once when `instant` has passed."""
        ...

    async def sleep(self, span_ms: int) -> None:
        """By the steady clock."""
        ...

    def after(self, span_ms: int, ring: Callable[[], object]) -> Callable[[], object]:
        """The same without a task: calls `ring` once, in a later turn of the loop. The answer calls it off."""
        ...


class SystemClock:
    def now(self) -> int:
        return time.time_ns() // 1_000_000

    def steady(self) -> int:
        return time.monotonic_ns() // 1_000_000

    async def sleep_until(self, instant: int) -> None:
        # In slices, so that a stepped wall clock is noticed within a minute.
        while (remaining := instant - self.now()) > 0:  # noqa: ASYNC110 - a clock is the thing that polls
            await asyncio.sleep(min(remaining / 1000, 60))

    async def sleep(self, span_ms: int) -> None:
        await asyncio.sleep(span_ms / 1000)

    def after(self, span_ms: int, ring: Callable[[], object]) -> Callable[[], object]:
        return asyncio.get_running_loop().call_later(span_ms / 1000, ring).cancel


async def wait_until(clock: Clock, awaitable: Awaitable[T], deadline: int) -> T:
    """The result of `awaitable`, or TimeoutError once the clock reaches `deadline`; the loser is cancelled."""
    return await _unless(clock.sleep_until(deadline), awaitable)


async def wait_for(clock: Clock, awaitable: Awaitable[T], span_ms: int) -> T:
    """The same for a span, whatever becomes of the machine's clock meanwhile."""
    return await _unless(clock.sleep(span_ms), awaitable)


async def _unless(over: Coroutine[Any, Any, None], awaitable: Awaitable[T]) -> T:
    work = asyncio.ensure_future(awaitable)
    if work.done():
        over.close()
        return work.result()
    alarm = asyncio.ensure_future(over)
    try:
        await asyncio.wait({work, alarm}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            return work.result()
        raise TimeoutError
    finally:
        for loser in (work, alarm):
            if not loser.done():
                loser.cancel()


def rfc3339(instant: int) -> str:
    """`2020-10-27T22:17:52.413Z`, the vendor's form: UTC with milliseconds."""
    second, ms = divmod(instant, 1000)
    return f"{shown(second)}.{ms:03d}Z"


@lru_cache(maxsize=256)  # most instants that are shown are of this second
def shown(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")

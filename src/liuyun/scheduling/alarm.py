"""One sleeper, woken at the earliest instant that anybody asked for."""

import asyncio

from liuyun.clock import Clock, wait_until


class Alarm:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at: int | None = None
        self._moved: asyncio.Future[None] | None = None

    def set(self, instant: int | None) -> None:
        """Rings at `instant` unless it rings before; None asks for nothing."""
        if instant is None or (self._at is not None and self._at <= instant):
            return
        self._at = instant
        if self._moved is not None and not self._moved.done():
            self._moved.set_result(None)

    async def wait(self) -> None:
        """Returns when it rings, which forgets what it was set to."""
        while self._at is None or self._at > self._clock.now():
            self._moved = asyncio.get_running_loop().create_future()
            if self._at is None:
                await self._moved
            else:
                await self._until(self._moved, self._at)
        self._at = None

    async def _until(self, moved: "asyncio.Future[None]", instant: int) -> None:
        try:
            await wait_until(self._clock, moved, instant)
        except TimeoutError:
            return

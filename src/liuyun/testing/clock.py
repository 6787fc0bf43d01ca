"""A clock that moves only when a test says so."""

import asyncio
import heapq
from itertools import count


class FakeClock:
    def __init__(self, start: int = 1_700_000_000_000) -> None:
        self._now = start
        self._sleepers: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = count()

    def now(self) -> int:
        return self._now

    async def sleep_until(self, instant: int) -> None:
        if instant <= self._now:
            return
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (instant, next(self._order), sleeper))
        await sleeper

    async def advance(self, seconds: float) -> None:
        """Moves time forward, waking sleepers in order, each given the chance to act before time moves on."""
        end = self._now + round(seconds * 1000)
        await settle()
        while self._sleepers and self._sleepers[0][0] <= end:
            instant, _, sleeper = heapq.heappop(self._sleepers)
            if sleeper.done():
                continue
            self._now = max(self._now, instant)
            sleeper.set_result(None)
            await settle()
        self._now = end
        await settle()


async def settle(rounds: int = 20) -> None:
    """Lets everything that is ready to run, run."""
    for _ in range(rounds):
        await asyncio.sleep(0)

"""A clock that moves only when a test says so."""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count

Sleeper = tuple[int, int, asyncio.Future[None]]  # when it is due, its place among those due then


class FakeClock:
    """The steady clock shows the same as the machine's until a test sets that."""

    def __init__(self, start: int = 1_700_000_000_000) -> None:
        self._now = start
        self._set_by = 0  # how far the machine's clock is ahead of the steady one
        self._sleepers: list[Sleeper] = []
        self._dreamers: list[Sleeper] = []  # until an instant, whenever that is
        self._order = count()

    def now(self) -> int:
        return self._now + self._set_by

    def steady(self) -> int:
        return self._now

    @property
    def sleeping(self) -> int:
        """How many wait for its time."""
        return sum(not sleeper.done() for among in (self._sleepers, self._dreamers) for _, _, sleeper in among)

    async def sleep_until(self, instant: int) -> None:
        await self._rest(self._dreamers, instant, self.now())

    async def sleep(self, span_ms: int) -> None:
        await self._rest(self._sleepers, self._now + span_ms, self._now)

    def after(self, span_ms: int, ring: Callable[[], object]) -> Callable[[], object]:
        async def rest() -> None:
            await self.sleep(span_ms)
            ring()

        return asyncio.ensure_future(rest()).cancel

    async def set_by(self, seconds: float) -> None:
        """Somebody sets the machine's clock; no time has passed."""
        self._set_by += round(seconds * 1000)
        await self.advance(0)

    async def advance(self, seconds: float) -> None:
        """Moves time forward, waking sleepers in order, each given the chance to act before time moves on."""
        end = self._now + round(seconds * 1000)
        await settle()
        while (due := self._next(end)) is not None:
            instant, sleeper = due
            if sleeper.done():
                continue
            self._now = max(self._now, instant)
            sleeper.set_result(None)
            await settle()
        self._now = end
        await settle()

    async def _rest(self, among: list[Sleeper], due: int, now: int) -> None:
        if due <= now:
            return
        sleeper = asyncio.get_running_loop().create_future()
        heapq.heappush(among, (due, next(self._order), sleeper))
        await sleeper

    def _next(self, end: int) -> tuple[int, asyncio.Future[None]] | None:
        """Who is to be woken next, and when by the steady clock; nobody if that is after `end`."""
        queues = [(self._sleepers, 0), (self._dreamers, self._set_by)]
        firsts = [(queue[0][0] - ahead, queue[0][1], queue) for queue, ahead in queues if queue]
        if not firsts or (first := min(firsts))[0] > end:
            return None
        return first[0], heapq.heappop(first[2])[2]


async def settle(rounds: int = 20) -> None:
    """Lets everything that is ready to run, run."""
    for _ in range(rounds):
        await asyncio.sleep(0)

"""Hands out stored work, lane by lane: claimed in the database when it is due, and a task for each piece.

One task sleeps until a lane has something due (`lanes` says whose turn it is) and claims a few pieces of each in one
commit. A piece of work may take minutes; its row stays until it is done, which is the business of whoever carries it
out. After a restart nothing is under way, so what was is claimed again: at least once.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import structlog

from liuyun.clock import Clock
from liuyun.errors import PlatformError, Unavailable
from liuyun.scheduling.alarm import Alarm
from liuyun.scheduling.lanes import Lanes

K = TypeVar("K", bound=Hashable)
W = TypeVar("W")
T = TypeVar("T")
TURN = 64
RETRY_AFTER_ERROR_MS = 1000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed(Generic[W]):
    """Work of one lane to do now, and when its next is due. `limit`: how much of the lane may be under way at once."""

    work: Sequence[W]
    next_due: int | None
    limit: int | None = None


class Dispatcher(Generic[K, W]):
    """`claim(turns, now)` takes up to so many due pieces of each lane for this process alone; `carry` does one."""

    def __init__(
        self,
        name: str,
        *,
        clock: Clock,
        places: int,
        lane_limit: int,
        claim: Callable[[Mapping[K, int], int], Awaitable[Mapping[K, Claimed[W]]]],
        carry: Callable[[W], Awaitable[None]],
    ) -> None:
        self._name = name
        self._clock = clock
        self._claim = claim
        self._carry = carry
        self._lanes: Lanes[K] = Lanes(places=places, lane_limit=lane_limit, turn=TURN)
        self._alarm = Alarm(clock)
        self._dispatching: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        self._dispatching = asyncio.create_task(self._dispatch(), name=self._name)

    async def close(self, drain_s: float = 0) -> None:
        """Starts no more, gives what is under way `drain_s`, then lets go of it: it is done again after a start."""
        if self._dispatching is not None:
            self._dispatching.cancel()
        try:
            async with asyncio.timeout(drain_s):  # the machine's own time: no clock may keep a platform from stopping
                await self.idle()
        except TimeoutError:
            log.info("work cut short", work=self._name, under_way=len(self._tasks))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def due(self, keys: Collection[K], instant: int) -> None:
        """These lanes have something to be done at `instant`."""
        self._lanes.due(keys, instant)
        if keys:
            self._alarm.set(instant)

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def statistics(self) -> dict[str, int]:
        return {"under_way": self._lanes.under_way, "lanes": len(self._lanes)}

    async def _dispatch(self) -> None:
        while True:
            await self._alarm.wait()
            turns = self._lanes.share(self._clock.now())
            if turns:
                await self._take_up(turns)
            self._alarm.set(self._lanes.next_due())

    async def _take_up(self, turns: Mapping[K, int]) -> None:
        now = self._clock.now()
        try:
            claimed = await self._claim(turns, now)
        except PlatformError:
            log.exception("work can't be read", work=self._name)
            for key, limit in turns.items():
                self._lanes.taken(key, limit, now + RETRY_AFTER_ERROR_MS)
            return
        for key, found in claimed.items():
            self._lanes.taken(key, turns[key] - len(found.work), found.next_due, found.limit)
            for piece in found.work:
                self._begin(key, piece)

    def _begin(self, key: K, piece: W) -> None:
        task = asyncio.create_task(self._do(piece), name=self._name)
        self._tasks.add(task)
        task.add_done_callback(partial(self._done, key))

    async def _do(self, piece: W) -> None:
        try:
            await self._carry(piece)
        except Exception:
            log.exception("work left for the next start", work=self._name)

    def _done(self, key: K, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        self._lanes.done(key)
        self._alarm.set(self._lanes.next_due())


async def insist(clock: Clock, work: Callable[[], Awaitable[T]]) -> T:
    """Does it as soon as the database can be written again; until then the work counts as under way."""
    while True:
        try:
            return await work()
        except Unavailable:
            log.exception("what came of some work can't be recorded")
            await clock.sleep(RETRY_AFTER_ERROR_MS)

"""How many instances each function has, looked at once a second and put into the minutes."""

import asyncio
from collections.abc import Callable, Mapping

from liuyun.clock import Clock
from liuyun.observability.minutes import Minutes, Name

PACE_MS = 1000


class Census:
    """`ask` tells how many each function has at this moment; those with none may lack."""

    def __init__(self, *, clock: Clock, ask: Callable[[], Mapping[Name, int]], minutes: Minutes) -> None:
        self._clock = clock
        self._ask = ask
        self._minutes = minutes
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._task = asyncio.create_task(self._look_forever(), name="census")

    async def close(self, drain_s: float = 0) -> None:  # noqa: ARG002 - there is nothing to wait for
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})

    async def _look_forever(self) -> None:
        while True:
            self._minutes.counted(self._clock.now(), self._ask())
            await self._clock.sleep(PACE_MS)

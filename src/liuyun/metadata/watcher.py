"""Tells somebody in this process of every change, for as long as it runs."""

import asyncio
from collections.abc import Callable

import structlog

from liuyun.clock import Clock
from liuyun.metadata.reading import News, Reading

LOOK_MS = 60_000
log = structlog.get_logger()


class Watcher:
    def __init__(self, *, reading: Reading, clock: Clock, tell: Callable[[News], None]) -> None:
        self._reading = reading
        self._clock = clock
        self._tell = tell
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._watching = asyncio.create_task(self._watch(self._reading.sequence))

    async def close(self, drain_s: float = 0) -> None:
        del drain_s
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.wait({self._watching})

    async def _watch(self, after: int) -> None:
        while True:
            news = await self._reading.watch(after, self._clock.steady() + LOOK_MS)
            after = news.sequence
            if not (news.changes or news.missed):
                continue
            try:
                self._tell(news)
            except Exception:
                log.exception("a change of configuration was not heard of", sequence=after)

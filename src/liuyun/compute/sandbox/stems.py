"""Stem cells that stand ready, and their replacements: starts a sandbox from one where it can, and anew where not."""

import asyncio
from collections import Counter, deque
from contextlib import suppress
from functools import partial

import structlog

from liuyun.clock import Clock, wait_for
from liuyun.compute.core.stems import KindFacts, StemLimits, plan
from liuyun.compute.sandbox.sandbox import Sandbox, Sandboxes, Wish
from liuyun.compute.sandbox.stem import Stem, Stores, kind_of, place, places_of, start_stem
from liuyun.errors import Unavailable
from liuyun.ids import Ids

log = structlog.get_logger()
CALM_MS = 50  # a start that is going on comes first
LOOK_MS = 60_000  # how often kinds that nobody uses any more are looked for


class Stems:
    """`stores` are the folders that hold all code; only what lies in one of them can be given to a stem cell."""

    def __init__(self, *, sandboxes: Sandboxes, stores: Stores, limits: StemLimits, clock: Clock, ids: Ids) -> None:
        self._sandboxes = sandboxes
        self._stores = stores
        self._limits = limits
        self._clock = clock
        self._ids = ids
        self._ready: dict[Wish, deque[Stem]] = {}
        self._coming: Counter[Wish] = Counter()
        self._used: dict[Wish, int] = {}
        self._changed = asyncio.Event()
        self._complete = asyncio.Event()
        self._tending: asyncio.Task[None] | None = None

    def open(self) -> None:
        if self._limits.each and self._sandboxes.isolated:
            self._tending = asyncio.ensure_future(self._tend_on())

    async def close(self) -> None:
        if self._tending is not None:
            self._tending.cancel()
            with suppress(asyncio.CancelledError):
                await self._tending
            self._tending = None
        for kind in list(self._ready):
            await self._drop(kind)

    async def start(self, wish: Wish) -> Sandbox:
        """Raises Unavailable."""
        if self._tending is None or places_of(wish, self._stores) is None:
            return await self._sandboxes.start(wish)
        self.expect(wish)
        while (stem := self._take(kind_of(wish))) is not None:
            try:
                sandbox = await place(self._sandboxes, stem, wish, self._stores)
            except Unavailable as error:
                log.warning("stem cell not used", reason=str(error))
            else:
                assert sandbox.placing is not None, "it was a stem cell"
                sandbox.placing.add_done_callback(partial(self._judge, kind_of(wish)))
                return sandbox
        return await self._sandboxes.start(wish)

    def expect(self, wish: Wish) -> None:
        """Sandboxes of this kind are wanted, or will be soon."""
        self._used[kind_of(wish)] = self._clock.steady()
        self._complete.clear()
        self._changed.set()

    async def wait_complete(self) -> None:
        """Until all stem cells that are wanted stand ready."""
        await self._complete.wait()

    def statistics(self) -> dict[str, int]:
        return {"stem_cells": sum(map(len, self._ready.values())), "stem_cells_starting": self._coming.total()}

    def _take(self, kind: Wish) -> Stem | None:
        ready = self._ready.get(kind)
        while ready:
            stem = ready.popleft()
            if stem.alive:
                return stem
            self._give_back(stem)
        return None

    def _judge(self, kind: Wish, placing: asyncio.Task[None]) -> None:
        """What one stem cell couldn't do, others like it won't either: whoever tries again starts anew."""
        if not placing.cancelled() and (error := placing.exception()) is not None:
            log.warning("stem cell not used", reason=str(error))
            for stem in self._ready.pop(kind, ()):
                self._give_back(stem)

    async def _tend_on(self) -> None:
        while True:
            with suppress(TimeoutError):
                await wait_for(self._clock, self._changed.wait(), LOOK_MS)
            self._changed.clear()
            await self._clock.sleep(CALM_MS)
            await self._tend()

    async def _tend(self) -> None:
        """One after the other, for what is wanted may change meanwhile."""
        while True:
            wanted = plan(self._facts(), self._limits, self._clock.steady())
            for kind in wanted.drop:
                await self._drop(kind)
            if not wanted.start:
                if not self._changed.is_set():
                    self._complete.set()
                return
            await self._start_one(wanted.start[0])

    def _facts(self) -> dict[Wish, KindFacts]:
        return {
            kind: KindFacts(len(self._ready.get(kind, ())), self._coming[kind], used_at)
            for kind, used_at in self._used.items()
        }

    async def _start_one(self, kind: Wish) -> None:
        self._coming[kind] += 1
        try:
            stem = await start_stem(self._sandboxes, kind, f"stem-{self._ids.hex(16)}", self._stores)
        except Unavailable as error:
            log.warning("no stem cell started", reason=str(error))
            self._used.pop(kind, None)  # until somebody wants one again
        else:
            self._ready.setdefault(kind, deque()).append(stem)
        finally:
            del self._coming[kind]

    async def _drop(self, kind: Wish) -> None:
        self._used.pop(kind, None)
        for stem in self._ready.pop(kind, ()):
            await stem.abandon()

    def _give_back(self, stem: Stem) -> None:
        task = asyncio.ensure_future(stem.abandon())
        task.add_done_callback(lambda done: done.exception())

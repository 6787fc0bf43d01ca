"""Keeps the instances that provision configurations ask for; `core/provisioning.py` says how many at what time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from liuyun.clock import Clock, wait_for
from liuyun.compute.core.provisioning import SETTLE_MS, Measured, keep_old, target
from liuyun.compute.lane import Lane
from liuyun.compute.lanes import Qualified
from liuyun.compute.pool import Pool
from liuyun.errors import PlatformError
from liuyun.model.function import Deployed
from liuyun.model.provisioned import Provisioned
from liuyun.model.scaling import CPU, Provision

EVERY_MS = 1000
Release = Callable[[str, str, str, str], Awaitable[Sequence[tuple[Deployed, float]]]]


@dataclass(slots=True)
class Kept:
    """One configuration and what became of it. `revisions` are all that have instances because of it."""

    provision: Provision
    target: int
    current: int = 0
    error: str = ""
    measured: deque[Measured] = field(default_factory=lambda: deque(maxlen=SETTLE_MS // EVERY_MS))
    revisions: dict[str, Deployed] = field(default_factory=dict[str, Deployed])
    cpu_s: dict[str, float] = field(default_factory=dict[str, float])  # what each instance had used when last looked at


class Provisioner:
    """`release` gives the versions behind a qualifier, each with its share of the calls."""

    def __init__(self, *, pool: Pool, release: Release, clock: Clock) -> None:
        self._pool = pool
        self._release = release
        self._clock = clock
        self._kept: dict[Qualified, Kept] = {}
        self._changed = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._loop = asyncio.ensure_future(self._adjust_on())

    async def close(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    def set(self, key: Qualified, provision: Provision | None) -> None:
        """What was stored; None: nothing any more."""
        old = self._kept.pop(key, None)
        if provision is None:
            self._drop(old)
        else:
            now = self._clock.now()
            self._kept[key] = Kept(provision, target(provision, (), now))
            if old is not None:
                self._kept[key].revisions, self._kept[key].current = old.revisions, old.current
        self.look()

    def state(self, key: Qualified) -> Provisioned:
        kept = self._kept.get(key)
        if kept is None:
            return Provisioned(0)
        kept.target = target(kept.provision, kept.measured, self._clock.now())
        return Provisioned(kept.target, kept.current, kept.error)

    def look(self) -> None:
        """Something changed that may change what has to be kept."""
        self._changed.set()

    def statistics(self) -> dict[str, int]:
        kept = self._kept.values()
        return {
            "configurations": len(kept),
            "target": sum(each.target for each in kept),
            "current": sum(each.current for each in kept),
        }

    async def _adjust_on(self) -> None:
        while True:
            if not self._kept:
                await self._changed.wait()
            self._changed.clear()
            for key, kept in list(self._kept.items()):
                await self._adjust(key, kept)
            with suppress(TimeoutError):
                await wait_for(self._clock, self._changed.wait(), EVERY_MS)

    async def _adjust(self, key: Qualified, kept: Kept) -> None:
        account_id, service, function, qualifier = key
        try:
            released = await self._release(account_id, service, qualifier, function)
        except PlatformError as error:  # deleted, or not there yet
            released, kept.error = (), error.message
        if self._kept.get(key) is not kept:
            return  # another was set meanwhile
        kept.target = target(kept.provision, kept.measured, self._clock.now())
        wanted = divided(kept.target, released)
        lanes = [self._pool.keep(deployed, count) for deployed, count in wanted]
        kept.current = sum(min(lane.keep, len(lane.instances)) for lane in lanes)
        if released:
            kept.error = next((lane.error for lane in lanes if lane.error), "")
            self._measure(kept, lanes)
        self._let_old_go(kept, {deployed.revision: deployed for deployed, _ in wanted})

    def _let_old_go(self, kept: Kept, wanted: dict[str, Deployed]) -> None:
        """Of revisions that were replaced, as many as the new ones don't have yet."""
        rest = keep_old(kept.target, kept.current) if wanted else 0
        for revision, deployed in list(kept.revisions.items()):
            lane = self._pool.lanes.find(deployed)
            if revision in wanted or lane is None:
                continue
            lane = self._pool.keep(deployed, min(rest, lane.keep))
            rest -= lane.keep
            if not lane.keep:
                del kept.revisions[revision]
        kept.revisions.update(wanted)

    def _measure(self, kept: Kept, lanes: Sequence[Lane]) -> None:
        if not kept.provision.policies:
            return
        now = self._clock.now()
        calls = sum(lane.calls for lane in lanes)
        cores = 0.0
        if any(policy.metric == CPU for policy in kept.provision.policies):
            spent = {i.instance_id: i.cpu_s() for lane in lanes for i in lane.instances.values()}
            last = kept.measured[-1].at if kept.measured else now
            used = sum(max(0.0, cpu_s - kept.cpu_s.get(name, cpu_s)) for name, cpu_s in spent.items())
            cores = used * 1000 / max(1, now - last)
            kept.cpu_s = spent
        kept.measured.append(Measured(now, calls, lanes[0].concurrency, cores))

    def _drop(self, kept: Kept | None) -> None:
        for deployed in kept.revisions.values() if kept else ():
            if self._pool.lanes.find(deployed) is not None:
                self._pool.keep(deployed, 0)


def divided(instances: int, released: Sequence[tuple[Deployed, float]]) -> list[tuple[Deployed, int]]:
    """Each version gets what its share of the calls is worth, rounded up; the largest takes the rest."""
    found: list[tuple[Deployed, int]] = []
    left = instances
    for deployed, share in sorted(released, key=lambda each: each[1]):
        count = left if len(found) == len(released) - 1 else min(left, -(-int(instances * share * 1000) // 1000))
        left -= count
        found.append((deployed, count))
    return found

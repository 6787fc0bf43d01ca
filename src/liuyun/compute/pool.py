"""Carries out what `core/pool.py` decides: starts instances, hands them to calls, lets calls wait, retires the idle.

All of it happens on the platform's loop; between two awaits nothing else moves, so no locks are needed.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from liuyun.clock import Clock, wait_until
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.core.pool import InstanceFacts, PoolLimits, Waiting, assign, surplus
from liuyun.compute.instance import Instance
from liuyun.compute.lane import Lane, Ticket
from liuyun.compute.outcome import StartFailed
from liuyun.errors import PlatformError, Unavailable
from liuyun.ids import Ids
from liuyun.model.function import Deployed
from liuyun.settings import Limits

log = structlog.get_logger()

TICK_MS = 20  # how often deadlines and queues are looked at while anything runs or waits
SWEEP_MS = 1000  # how often idle instances are

Key = tuple[str, str, str, str]  # account, service, function, revision
Start = Callable[[Deployed, str, str], Awaitable[Instance]]


class Pool:
    """All instances on this node."""

    def __init__(self, *, start: Start, limits: Limits, clock: Clock, ids: Ids) -> None:
        self._start = start
        self._limits = limits
        self._clock = clock
        self._ids = ids
        self._lanes: dict[Key, Lane] = {}
        self._busy: set[Instance] = set()
        self._queued: set[Lane] = set()  # lanes in which somebody waits, or did a moment ago
        self._sweep_at = 0
        self._tickets = 0
        self._work = asyncio.Event()  # something waits or runs
        self._closed = False
        self._ticking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._ticking = asyncio.ensure_future(self._tick_on())

    async def acquire(self, deployed: Deployed, request_id: str) -> Instance:
        """An instance with a place taken for this call; give it back by `release`.

        Raises StartFailed, Throttled, Unavailable or Unsupported.
        """
        lane = self._lane(deployed)
        instance = None if lane.waiting else lane.take()
        if instance is None:
            instance = await self._wait(lane, request_id)
        instance.used_at = self._clock.now()
        self._busy.add(instance)
        if not self._work.is_set():
            self._work.set()
        return instance

    def release(self, instance: Instance) -> None:
        instance.used_at = self._clock.now()
        instance.running -= 1
        if not instance.running:
            self._busy.discard(instance)
            if instance.state is InstanceState.RETIRING:
                instance.stop()
        lane = self._lanes.get(key_of(instance.deployed))
        if lane is not None and instance.state is InstanceState.READY:
            lane.give_back(instance)

    def replaced(self, account_id: str, service: str, function: str) -> None:
        """Retires all instances of a function: idle ones now, others after what they are doing."""
        for key, lane in self._lanes.items():
            if key[:3] == (account_id, service, function):
                lane.supersede()

    async def close(self, drain_s: float) -> None:
        """Takes no more calls, lets running ones finish for `drain_s`, then ends all."""
        self._closed = True
        if self._ticking is not None:
            self._ticking.cancel()
        starting = [task for lane in self._lanes.values() for task in lane.starting.values()]
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        for lane in self._lanes.values():
            for ticket in lane.waiting:
                ticket.fail(Unavailable("The platform is stopping."))
        deadline = self._clock.now() + round(drain_s * 1000)
        while self._busy and self._clock.now() < deadline:
            await self._clock.sleep_until(min(deadline, self._clock.now() + TICK_MS))
        instances = [instance for lane in self._lanes.values() for instance in lane.instances.values()]
        for instance in instances:
            instance.stop()
        await asyncio.gather(*(instance.wait_gone() for instance in instances))

    def statistics(self) -> dict[str, int]:
        lanes = self._lanes.values()
        return {
            "functions": len(self._lanes),
            "instances": sum(len(lane.instances) for lane in lanes),
            "starting": sum(len(lane.starting) for lane in lanes),
            "running": sum(instance.running for instance in self._busy),
            "waiting": sum(len(lane.waiting) for lane in lanes),
        }

    def _lane(self, deployed: Deployed) -> Lane:
        key = key_of(deployed)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(deployed)
        lane.superseded = False  # or nobody would be sent here
        return lane

    async def _wait(self, lane: Lane, request_id: str) -> Instance:
        if self._closed:
            raise Unavailable("The platform is stopping.")
        self._tickets += 1
        waiting = Waiting(self._tickets, self._clock.now())
        ticket = Ticket(waiting, request_id, asyncio.get_running_loop().create_future())
        lane.waiting.append(ticket)
        self._queued.add(lane)
        self._work.set()
        if self._changes_plan(lane):
            self._plan(lane)
        try:
            return await ticket.instance
        except asyncio.CancelledError:
            if ticket.instance.done() and not ticket.instance.cancelled() and ticket.instance.exception() is None:
                self.release(ticket.instance.result())
            with suppress(ValueError):
                lane.waiting.remove(ticket)
            raise

    def _changes_plan(self, lane: Lane) -> bool:
        """Whether the newest call needs an instance or a refusal; else a long queue would be planned anew each time."""
        alone = len(lane.waiting) - len(lane.starting) * lane.concurrency  # calls with no instance on its way
        may_grow = lane.size < self._limits.instances_per_function
        return (alone > 0 and may_grow) or alone > self._limits.queued_invocations

    def _limits_of(self, lane: Lane) -> PoolLimits:
        limits = self._limits
        others = [each for each in self._lanes.values() if each is not lane]
        room = limits.instances - lane.size - sum(each.size - len(each.idle()) for each in others)
        return PoolLimits(
            concurrency=lane.concurrency,
            room=max(0, min(limits.instances_per_function - lane.size, room)),
            queued=limits.queued_invocations,
            idle_ms=limits.instance_idle_s * 1000,
            wait_ms=limits.queued_s * 1000,
        )

    def _plan(self, lane: Lane) -> None:
        waiting = [ticket.waiting for ticket in lane.waiting]
        limits = self._limits_of(lane)
        plan = assign(waiting, lane.facts(), limits, self._clock.now())
        if plan.reuse:
            lane.serve()
        if plan.refuse:
            lane.refuse(set(plan.refuse))
        self._make_room(lane, plan.start)
        for _ in range(plan.start):
            name = self._ids.hex(16)
            lane.starting[name] = asyncio.ensure_future(self._start_one(lane, name))
        for name in plan.reap:
            lane.instances[name].retire()

    def _make_room(self, lane: Lane, needed: int) -> None:
        """On a full node the instances that were idle longest go, whosever they are."""
        over = sum(each.size for each in self._lanes.values()) + needed - self._limits.instances
        if not needed or over <= 0:
            return
        idle = {i.instance_id: i for each in self._lanes.values() if each is not lane for i in each.idle()}
        facts = [InstanceFacts(i.instance_id, i.state, 0, i.used_at) for i in idle.values()]
        for name in surplus(facts, over):
            idle[name].retire()

    async def _start_one(self, lane: Lane, name: str) -> None:
        """Starts an instance for one of those who wait, who also learns of it if that fails."""
        mine = len(lane.starting) - 1
        ticket = lane.waiting[mine] if mine < len(lane.waiting) else None
        failed: Exception | None = None
        try:
            instance = await self._start(lane.deployed, name, ticket.request_id if ticket else "")
        except (PlatformError, StartFailed) as error:
            failed = error
        except Exception as error:
            log.exception("instance not started", function=lane.deployed.function.name)
            failed = Unavailable(f"No instance can be started: {type(error).__name__}.")
        else:
            self._welcome(lane, instance)
        finally:
            del lane.starting[name]
        if failed is not None:
            lane.fail(ticket, failed)
            self._plan(lane)

    def _welcome(self, lane: Lane, instance: Instance) -> None:
        instance.on_gone = self._forget
        instance.used_at = self._clock.now()
        instance.ready()
        lane.add(instance)
        if instance.state is InstanceState.GONE:
            self._forget(instance)

    def _forget(self, instance: Instance) -> None:
        lane = self._lanes.get(key_of(instance.deployed))
        if lane is None:
            return
        lane.remove(instance)
        if lane.waiting and not self._closed:
            self._plan(lane)

    async def _tick_on(self) -> None:
        while True:
            if self._busy or self._queued:
                await self._clock.sleep_until(self._clock.now() + TICK_MS)
            else:
                self._work.clear()
                with suppress(TimeoutError):
                    await wait_until(self._clock, self._work.wait(), self._clock.now() + SWEEP_MS)
            self._tick(self._clock.now())

    def _tick(self, now: int) -> None:
        for instance in list(self._busy):
            instance.expire(now)
        self._queued = {lane for lane in self._queued if lane.waiting}
        for lane in self._queued:
            self._plan(lane)
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_MS
            self._sweep(now - self._limits.instance_idle_s * 1000)

    def _sweep(self, idle_since: int) -> None:
        for key, lane in list(self._lanes.items()):
            since = lane.longest_idle_since
            if since is not None and since <= idle_since:
                self._plan(lane)
            elif not lane.size and not lane.waiting:
                del self._lanes[key]


def key_of(deployed: Deployed) -> Key:
    function = deployed.function
    return function.account_id, function.service, function.name, deployed.revision

"""Carries out what `core/pool.py` decides: starts instances, hands them to calls, lets calls wait, retires what is idle.

All of it happens on the platform's loop; between two awaits nothing else moves, so no locks are needed.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import structlog

from liuyun.clock import Clock, wait_until
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.core.pool import InstanceFacts, PoolLimits, Waiting, assign, impatient, surplus
from liuyun.compute.instance import Instance
from liuyun.compute.outcome import StartFailed
from liuyun.errors import PlatformError, Throttled, Unavailable
from liuyun.ids import Ids
from liuyun.model.function import Deployed
from liuyun.settings import Limits

log = structlog.get_logger()

TICK_MS, IDLE_TICK_MS = 20, 1000  # how often the clock is looked at while there is work, and while there is none
PATIENCE_MS = 20  # about what a cold start takes
LEARNING = 1 / 16  # the weight of the newest call in what is typical

Key = tuple[str, str, str, str]  # account, service, function, revision
Start = Callable[[Deployed, str, str], Awaitable[Instance]]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One call that waits for an instance."""

    waiting: Waiting
    request_id: str
    instance: asyncio.Future[Instance]


class Lane:
    """One revision of one function: its instances and who waits for them."""

    def __init__(self, deployed: Deployed) -> None:
        self.deployed = deployed
        self.concurrency = deployed.function.instance_concurrency
        self.instances: dict[str, Instance] = {}
        self.free: list[Instance] = []  # that may have a place; the one used last is at the end
        self.starting: dict[str, asyncio.Task[None]] = {}
        self.waiting: deque[Ticket] = deque()
        self.typical_ms: float | None = None
        self.superseded = False  # a newer revision is there

    @property
    def size(self) -> int:
        return len(self.instances) + len(self.starting)

    def take(self) -> Instance | None:
        """A place in the ready instance that was used last: `assign`'s first rule, for the call that needs no plan."""
        while self.free:
            instance = self.free[-1]
            has_place = instance.state is InstanceState.READY and instance.running < self.concurrency
            if has_place:
                instance.running += 1
            if not has_place or instance.running == self.concurrency:
                self.free.pop()
            if has_place:
                return instance
        return None

    def facts(self) -> list[InstanceFacts]:
        ready = [InstanceFacts(i.instance_id, i.state, i.running, i.used_at) for i in self.instances.values()]
        return ready + [InstanceFacts(name, InstanceState.STARTING, 0, 0) for name in self.starting]


class Pool:
    def __init__(self, *, start: Start, limits: Limits, clock: Clock, ids: Ids) -> None:
        self._start = start
        self._limits = limits
        self._clock = clock
        self._ids = ids
        self._lanes: dict[Key, Lane] = {}
        self._busy: set[Instance] = set()
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
        now = self._clock.now()
        instance.running -= 1
        if not instance.running:
            self._busy.discard(instance)
        lane = self._lanes.get(key_of(instance.deployed))
        took = now - instance.used_at
        instance.used_at = now
        if instance.state is InstanceState.RETIRING and not instance.running:
            instance.stop()
        if lane is None or instance.state is not InstanceState.READY:
            return
        lane.typical_ms = took if lane.typical_ms is None else lane.typical_ms + (took - lane.typical_ms) * LEARNING
        if instance not in lane.free:
            lane.free.append(instance)
        self._serve(lane)
        if lane.superseded and not lane.waiting and not instance.running:
            instance.retire()

    def replaced(self, account_id: str, service: str, function: str) -> None:
        """Retires all instances of a function: idle ones now, others after what they are doing."""
        for key, lane in self._lanes.items():
            if key[:3] == (account_id, service, function):
                lane.superseded = True
                for instance in list(lane.instances.values()):
                    instance.retire()

    async def close(self, drain_s: float) -> None:
        """Takes no more calls, lets running ones finish for `drain_s`, then ends all."""
        self._closed = True
        if self._ticking is not None:
            self._ticking.cancel()
        for lane in self._lanes.values():
            for ticket in lane.waiting:
                settle(ticket, Unavailable("The platform is stopping."))
            for task in lane.starting.values():
                task.cancel()
            await asyncio.gather(*lane.starting.values(), return_exceptions=True)
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
        self._work.set()
        if self._needs_plan(lane, waiting):
            self._plan(lane)
        try:
            return await ticket.instance
        except asyncio.CancelledError:
            if ticket.instance.done() and not ticket.instance.cancelled() and ticket.instance.exception() is None:
                self.release(ticket.instance.result())
            with suppress(ValueError):
                lane.waiting.remove(ticket)
            raise

    def _needs_plan(self, lane: Lane, newest: Waiting) -> bool:
        """Whether the newest call changes anything; a long queue is not planned anew for each that joins it."""
        position = len(lane.waiting) - 1 - len(lane.starting) * lane.concurrency
        places = len(lane.instances) * lane.concurrency
        if position < 0:
            return False
        limits = self._pool_limits(lane)
        return position >= limits.queued or impatient(
            position, newest, places, limits, newest.since, typical_ms=lane.typical_ms
        )

    def _pool_limits(self, lane: Lane) -> PoolLimits:
        limits = self._limits
        total = sum(each.size for each in self._lanes.values())
        idle = sum(1 for each in self._lanes.values() if each is not lane for i in each.free if not i.running)
        return PoolLimits(
            concurrency=lane.concurrency,
            room=max(0, min(limits.instances_per_function - lane.size, limits.instances - total + idle)),
            queued=limits.queued_invocations,
            idle_ms=limits.instance_idle_s * 1000,
            wait_ms=limits.queued_s * 1000,
            patience_ms=PATIENCE_MS,
        )

    def _plan(self, lane: Lane) -> None:
        now = self._clock.now()
        waiting = [ticket.waiting for ticket in lane.waiting]
        plan = assign(waiting, lane.facts(), self._pool_limits(lane), now, typical_ms=lane.typical_ms)
        if plan.reuse:
            self._serve(lane)
        if plan.refuse:
            self._refuse(lane, set(plan.refuse))
        if plan.start:
            self._make_room(lane, plan.start)
            for _ in range(plan.start):
                self._begin(lane)
        for name in plan.reap:
            lane.instances[name].retire()

    def _serve(self, lane: Lane) -> None:
        """Gives places to who waits, in order."""
        while lane.waiting:
            if lane.waiting[0].instance.done():
                lane.waiting.popleft()
                continue
            instance = lane.take()
            if instance is None:
                return
            lane.waiting.popleft().instance.set_result(instance)

    def _refuse(self, lane: Lane, numbers: set[int]) -> None:
        function = lane.deployed.function
        for ticket in [ticket for ticket in lane.waiting if ticket.waiting.ticket in numbers]:
            lane.waiting.remove(ticket)
            settle(
                ticket,
                Throttled(
                    f"All {lane.size} instances of the function {function.service}/{function.name} are busy and "
                    f"{len(lane.waiting)} invocations wait for one; try again later."
                ),
            )

    def _make_room(self, lane: Lane, needed: int) -> None:
        """On a full node the instances that were idle longest go, whosever they are."""
        over = sum(each.size for each in self._lanes.values()) + needed - self._limits.instances
        if over <= 0:
            return
        idle = {
            i.instance_id: i for each in self._lanes.values() if each is not lane for i in each.free if not i.running
        }
        facts = [InstanceFacts(i.instance_id, i.state, 0, i.used_at) for i in idle.values()]
        for name in surplus(facts, over):
            idle[name].retire()

    def _begin(self, lane: Lane) -> None:
        name = self._ids.hex(16)
        lane.starting[name] = asyncio.ensure_future(self._start_one(lane, name))

    async def _start_one(self, lane: Lane, name: str) -> None:
        """Starts an instance for whoever waits first, who also learns of it if that fails."""
        ahead = len(lane.starting)  # who of them waits for this one
        ticket = lane.waiting[min(ahead, len(lane.waiting)) - 1] if lane.waiting else None
        try:
            instance = await self._start(lane.deployed, name, ticket.request_id if ticket else "")
        except (PlatformError, StartFailed) as error:
            del lane.starting[name]
            self._tell_failure(lane, ticket, error)
            return
        except asyncio.CancelledError:
            lane.starting.pop(name, None)
            raise
        except Exception as error:
            del lane.starting[name]
            log.exception("instance not started", function=lane.deployed.function.name)
            self._tell_failure(lane, ticket, Unavailable(f"No instance can be started: {type(error).__name__}."))
            return
        del lane.starting[name]
        self._welcome(lane, instance)

    def _tell_failure(self, lane: Lane, ticket: Ticket | None, error: Exception) -> None:
        if ticket is None or ticket.instance.done():
            ticket = next((each for each in lane.waiting if not each.instance.done()), None)
        if ticket is not None:
            with suppress(ValueError):
                lane.waiting.remove(ticket)
            settle(ticket, error)
        self._plan(lane)

    def _welcome(self, lane: Lane, instance: Instance) -> None:
        instance.on_gone = self._forget
        instance.used_at = self._clock.now()
        instance.ready()
        lane.instances[instance.instance_id] = instance
        lane.free.append(instance)
        self._serve(lane)
        if instance.state is InstanceState.GONE:
            self._forget(instance)

    def _forget(self, instance: Instance) -> None:
        lane = self._lanes.get(key_of(instance.deployed))
        if lane is None:
            return
        lane.instances.pop(instance.instance_id, None)
        with suppress(ValueError):
            lane.free.remove(instance)
        if lane.waiting and not self._closed:
            self._plan(lane)

    async def _tick_on(self) -> None:
        while True:
            working = bool(self._busy) or any(lane.waiting for lane in self._lanes.values())
            if not working:
                self._work.clear()
            tick = self._clock.now() + (TICK_MS if working else IDLE_TICK_MS)
            if working:
                await self._clock.sleep_until(tick)
            else:
                with suppress(TimeoutError):
                    await wait_until(self._clock, self._work.wait(), tick)
            self._tick(self._clock.now())

    def _tick(self, now: int) -> None:
        for instance in list(self._busy):
            instance.expire(now)
        for key, lane in list(self._lanes.items()):
            if lane.waiting or (lane.free and self._due(lane, now)):
                self._plan(lane)
            elif not lane.size:
                del self._lanes[key]

    def _due(self, lane: Lane, now: int) -> bool:
        """Whether anything of the lane has been idle for long enough; the first in the list was used earliest."""
        return now - lane.free[0].used_at >= self._limits.instance_idle_s * 1000


def key_of(deployed: Deployed) -> Key:
    function = deployed.function
    return function.account_id, function.service, function.name, deployed.revision


def settle(ticket: Ticket, error: Exception) -> None:
    if not ticket.instance.done():
        ticket.instance.set_exception(error)

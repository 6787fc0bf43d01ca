"""Carries out what `core` decides: starts instances, hands them to calls, lets calls wait, retires the idle.

All of it happens on the platform's loop; between two awaits nothing else moves, so no locks are needed.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from liuyun.clock import Clock, wait_for
from liuyun.compute.caps import Caps
from liuyun.compute.core.autoscale import ahead, worn
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.core.pool import Plan, PoolLimits, Waiting, assign
from liuyun.compute.core.sharing import Name
from liuyun.compute.instance import Instance
from liuyun.compute.lane import Lane, Ticket, facts_of, load_of
from liuyun.compute.lanes import Lanes
from liuyun.compute.node import Node
from liuyun.compute.roster import Roster, Start
from liuyun.errors import FunctionDisabled, NodeFull, Phrase, PlatformError, Throttled, Unavailable
from liuyun.ids import Ids
from liuyun.model.function import Deployed, Function
from liuyun.model.release import LATEST
from liuyun.settings import Limits

TICK_MS = 20  # how often deadlines and queues are looked at while anything runs or waits
SWEEP_MS = 1000  # how often idle instances are
GONE_S = 15  # in which whatever is killed has been seen off, or never will be


class Pool:
    """All instances on this node."""

    def __init__(self, *, start: Start, limits: Limits, clock: Clock, ids: Ids) -> None:
        self._limits = limits
        self._clock = clock
        self._node = Node(limits)
        self.caps = Caps(limits, self._node)
        self.lanes = Lanes(limits.instance_idle_s * 1000)
        self._roster = Roster(
            start=start, node=self._node, clock=clock, ids=ids, changed=self._plan_if_wanted, freed=self._fill
        )
        self._busy: set[Instance] = set()
        self._queued: set[Lane] = set()  # lanes in which somebody waits, or did a moment ago
        self._sweep_at = 0
        self._tickets = 0
        self._work = asyncio.Event()  # something waits or runs
        self._closed = False
        self._quiet = asyncio.Event()  # closed, and nothing runs any more
        self._ticking: asyncio.Task[None] | None = None

    async def open(self) -> None:
        self._ticking = asyncio.ensure_future(self._tick_on())

    async def acquire(self, deployed: Deployed, request_id: str) -> Instance:
        """An instance with a place taken for this call; give it back by `release`.

        Raises StartFailed, Throttled, Unavailable or Unsupported.
        """
        instance = self.take(deployed, self._clock.steady())
        if instance is None:
            lane = self.lanes.of(deployed)
            instance = await self._wait(lane, request_id)
            self._note(lane, instance, self._clock.steady())
        return instance

    def take(self, deployed: Deployed, now: int) -> Instance | None:
        """The same where an instance has a place right now; None if the call would have to wait."""
        lane = self.lanes.of(deployed)
        instance = None if lane.waiting else lane.take(now)
        if instance is not None:
            self._note(lane, instance, now)
        return instance

    def _note(self, lane: Lane, instance: Instance, now: int) -> None:
        """A place in it is taken."""
        instance.used_at = lane.taken_at = now
        if instance.running == 1:
            instance.heard_at = now
        self._busy.add(instance)
        if lane.starts_ahead and not lane.free:
            self._queued.add(lane)
        if not self._work.is_set():
            self._work.set()

    def release(self, instance: Instance, now: int) -> None:
        instance.used_at = instance.heard_at = now
        instance.running -= 1
        if not instance.running:
            self._busy.discard(instance)
            if self._closed and not self._busy:
                self._quiet.set()
        lane = self._roster.home(instance)
        if lane is None:
            return
        if lane.pace is not None:
            lane.pace.answered(instance)
        if instance.state is InstanceState.READY:
            if lane.single_use or is_worn(instance, now - instance.ready_at, self._limits):
                self._roster.retire(lane, instance)
            else:
                lane.give_back(instance)
        elif not instance.running and instance.state is InstanceState.RETIRING:
            self._roster.end(lane, instance)

    def replaced(self, account_id: str, service: str, function: str) -> None:
        """Retires the instances of a function's newest state, busy ones last; nothing of this changes a version."""
        for lane in self.lanes.of_function((account_id, service, function)):
            if lane.deployed.version_id == LATEST:
                self._roster.supersede(lane)

    def led(self, account_id: str, service: str, qualifier: str, versions: Collection[str]) -> None:
        """A qualifier leads to these versions from now on. Those that nobody calls by another name are as replaced."""
        for lane in self.lanes.led((account_id, service), qualifier, versions):
            self._roster.supersede(lane)

    def renew(self, concerned: Callable[[Function], bool]) -> None:
        """Retires all instances of these functions, also of versions and provisioned ones."""
        for lane in self.lanes:
            if concerned(lane.deployed.function):
                self._roster.renew(lane)

    def abort(self, function: Name, why: Phrase) -> None:
        """Ends what the function's calls do, of all versions, and tells those that wait for an instance."""
        for lane in self.lanes.of_function(function):
            lane.refuse({ticket.waiting.ticket for ticket in lane.waiting}, FunctionDisabled(why))
        for instance in self._busy:
            called = instance.deployed.function
            if (called.account_id, called.service, called.name) == function:
                instance.stop(aborted=why)

    def keep(self, deployed: Deployed, instances: int) -> Lane:
        """So many of them stay however idle they are, and are started before a call wants them."""
        lane = self.lanes.find(deployed) or self.lanes.of(deployed)
        lane.keep = instances
        if lane.superseded:
            self._roster.shrink(lane)
        else:
            self._start_ahead(lane, self._clock.steady())
        return lane

    async def close(self, drain_s: float) -> None:
        """Takes no more calls, lets running ones finish for `drain_s`, then ends all."""
        self._closed = True
        if self._ticking is not None:
            self._ticking.cancel()
        starting = [task for lane in self.lanes for task in lane.starting.values()]
        for task in starting:
            task.cancel()
        await asyncio.gather(*starting, return_exceptions=True)
        for lane in self.lanes:
            for ticket in lane.waiting:
                ticket.fail(Unavailable("platform_stopping", "The platform is stopping."))
        if self._busy:
            with suppress(TimeoutError):
                async with asyncio.timeout(drain_s):
                    await self._quiet.wait()
        await see_off(self._roster.everybody(), drain_s)

    def statistics(self) -> dict[str, int]:
        lanes = self.lanes
        held = self._node.held
        return {
            "functions": len(self.lanes),
            "instances": sum(len(lane.instances) for lane in lanes),
            "starting": sum(len(lane.starting) for lane in lanes),
            "leaving": self._roster.leaving,
            "running": sum(instance.running for instance in self._busy),
            "waiting": sum(len(lane.waiting) for lane in lanes),
            "memory_mb": held.memory_mb,
        }

    async def _wait(self, lane: Lane, request_id: str) -> Instance:
        if self._closed:
            raise Unavailable("platform_stopping", "The platform is stopping.")
        self._tickets += 1
        waiting = Waiting(self._tickets, self._clock.steady())
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
                self.release(ticket.instance.result(), self._clock.steady())
            with suppress(ValueError):
                lane.waiting.remove(ticket)
            raise

    def _changes_plan(self, lane: Lane) -> bool:
        """Whether the newest call needs an instance or a refusal; else a long queue would be planned anew each time."""
        alone, now = lane.alone, self._clock.steady()
        may_start = (
            alone > 0 and self.caps.left(lane) > 0 and self._node.starts_left(now) > 0 and not suffices(lane, now)
        )
        return may_start or alone > self.caps.queue(lane).calls

    def _plan(self, lane: Lane) -> None:
        now, queue = self._clock.steady(), self.caps.queue(lane)
        wanted = 0 if suffices(lane, now) else min(self.caps.left(lane), -(-lane.alone // lane.concurrency))
        room, leaving = self._node.room(lane, wanted, self.lanes) if wanted else (0, [])
        bounds = PoolLimits(
            concurrency=lane.concurrency,
            room=room,
            starts=self._node.starts_left(now),
            queued=queue.calls,
            idle_ms=lane.idle_ms,
            wait_ms=queue.wait_ms,
            keep=lane.keep,
        )
        plan = assign([ticket.waiting for ticket in lane.waiting], facts_of(lane), bounds, now)
        self._carry_out(lane, plan, leaving)
        if wanted > room:
            self._roster.claim(lane, self.lanes)
        elif not lane.waiting and (lane.starts_ahead or lane.keep):
            self._start_ahead(lane, now)

    def _carry_out(self, lane: Lane, plan: Plan, leaving: list[tuple[Lane, Instance]]) -> None:
        if plan.reuse:
            lane.serve(self._clock.steady())
        if plan.refuse:
            lane.refuse(set(plan.refuse), refusal(lane, self.caps))
        if plan.start:
            for other, instance in leaving:
                self._roster.retire(other, instance)
        for _ in range(plan.start):
            self._roster.begin(lane)
        for name in plan.reap:
            self._roster.retire(lane, lane.instances[name])

    def _start_ahead(self, lane: Lane, now: int) -> None:
        wanted = min(ahead(load_of(lane, now), self._limits.target_utilisation), self.caps.left(lane))
        if wanted and now >= lane.retry_at and not self._closed:
            room, _ = self._node.room(lane, wanted, ())  # nobody has to go for what nobody waits for
            for _ in range(min(room, self._node.starts_left(now))):
                self._roster.begin(lane)

    def _plan_if_wanted(self, lane: Lane) -> None:
        if lane.waiting and not self._closed:
            self._plan(lane)

    def _fill(self) -> None:
        """Uses the starts that are free: for functions that have no instance, then for whoever waits longest."""
        if self._closed:
            return
        wanting = [lane for lane in self._queued if lane.alone and self.caps.left(lane)]
        for lane in sorted(wanting, key=lambda each: (each.size > 0, each.waiting[0].waiting.since)):
            if not self._node.starts_left(self._clock.steady()):
                return
            self._plan(lane)

    async def _tick_on(self) -> None:
        while True:
            if self._busy or self._queued:
                await self._clock.sleep(TICK_MS)
            else:
                self._work.clear()
                with suppress(TimeoutError):
                    await wait_for(self._clock, self._work.wait(), SWEEP_MS)
            self._tick(self._clock.steady())

    def _tick(self, now: int) -> None:
        for instance in list(self._busy):
            instance.expire(now)
        queued = sorted(self._queued, key=lambda each: each.waiting[0].waiting.since if each.waiting else now)
        self._queued = {lane for lane in queued if lane.waiting}
        for lane in queued:
            self._plan(lane)
        if now >= self._sweep_at:
            self._sweep_at = now + SWEEP_MS
            self._sweep(now)

    def _sweep(self, now: int) -> None:
        for lane in self.lanes:
            if lane.free and lane.free[0].used_at <= now - lane.idle_ms:
                self._plan(lane)
        self.lanes.sweep()


def is_worn(instance: Instance, age_ms: int, limits: Limits) -> bool:
    instance.first_mb = instance.first_mb or instance.memory_mb
    return worn(
        served=instance.served,
        first_mb=instance.first_mb,
        peak_mb=instance.memory_mb,
        memory_mb=instance.deployed.function.memory_mb,
        age_ms=age_ms,
        most_age_ms=limits.instance_age_s * 1000,
    )


def refusal(lane: Lane, caps: Caps) -> PlatformError:
    name = "/".join(lane.function[1:])
    waiting = f"{len(lane.waiting)} invocations wait for one; try again later."
    if caps.left(lane) == 0:
        return Throttled(
            "instances_busy",
            "All {size} instances that the function {name} may have are busy and {waiting}",
            size=lane.size,
            name=name,
            waiting=waiting,
        )
    return NodeFull(
        "machine_full",
        "This machine has no room for another instance of the function {name} and {waiting}",
        name=name,
        waiting=waiting,
    )


def suffices(lane: Lane, now: int) -> bool:
    """Whether it gets no more instances because those that it has answer so soon."""
    return lane.pace is not None and lane.pace.suffices(lane.size, now)


async def see_off(instances: Sequence[Instance], patience_s: float) -> None:
    """Ends them; what their functions want done at the end has so long. Time is the machine's own here."""
    for instance in instances:
        instance.stop()
    leaving = [asyncio.ensure_future(instance.wait_gone()) for instance in instances]
    if leaving:
        await asyncio.wait(leaving, timeout=patience_s)
    for instance in instances:
        instance.hurry()
    if leaving:
        await asyncio.wait(leaving, timeout=GONE_S)

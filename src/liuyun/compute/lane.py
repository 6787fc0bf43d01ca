"""The instances of one revision of one function, and who waits for them."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from liuyun.compute.core.autoscale import Load
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.core.lifecycle import hooks_of
from liuyun.compute.core.pool import InstanceFacts, Waiting
from liuyun.compute.core.sharing import Name
from liuyun.compute.instance import Instance
from liuyun.compute.pace import Pace
from liuyun.model.function import Deployed

Key = tuple[str, str, str, str, str]  # account, service, function, revision, group
EXCLUSIVE = "REQUEST_EXCLUSIVE"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One call that waits for an instance."""

    waiting: Waiting
    request_id: str
    instance: asyncio.Future[Instance]

    def fail(self, error: Exception) -> None:
        if not self.instance.done():
            self.instance.set_exception(error)


class Lane:
    """`superseded` says that a newer revision is there, so that nobody new will come. `keep` instances are provisioned.

    `instances` are those that take calls, `free` those of them that have a place; the one used last is at its end.
    `taken_at`: when a call came last. `group` is the qualifier if that has limits or provisioned instances of its own.
    With a `pace`, calls may be handed to busy instances.
    `names` are the qualifiers by which calls have come; one that leads elsewhere by now is taken out.
    `error` says why the last start that nobody waited for failed; `retry_at` when the next one may be.
    """

    def __init__(self, deployed: Deployed, group: str, idle_ms: int) -> None:
        function = deployed.function
        self.deployed = deployed
        self.group = group
        self.function: Name = (function.account_id, function.service, function.name)
        self.memory_mb = function.memory_mb
        self.single_use = function.config.get("instanceIsolationMode") == EXCLUSIVE
        self.concurrency = 1 if self.single_use else function.instance_concurrency
        self.starts_ahead = self.concurrency > 1 or self.single_use
        self.idle_ms = idle_ms_of(deployed, idle_ms)
        self.keep = 0
        self.instances: dict[str, Instance] = {}
        self.starting: dict[str, asyncio.Task[None]] = {}
        self.waiting: deque[Ticket] = deque()
        self.superseded = False
        self.outdated: set[str] = set()  # of those that start: what they start with has changed
        self.names: set[str] = set()
        self.taken_at = 0
        self.error = ""
        self.retry_at = 0
        self.free: list[Instance] = []
        self.pace = Pace() if in_turn(deployed) else None

    @property
    def size(self) -> int:
        return len(self.instances) + len(self.starting)

    @property
    def calls(self) -> int:
        """Those that run and those that wait."""
        return len(self.waiting) + sum(instance.running for instance in self.instances.values())

    @property
    def alone(self) -> int:
        """Calls that have no instance on its way."""
        return max(0, len(self.waiting) - len(self.starting) * self.concurrency)

    def idle(self) -> list[Instance]:
        return [instance for instance in self.free if not instance.running]

    def spare(self) -> list[Instance]:
        """Idle ones that another function may have the room of."""
        idle = self.idle()
        return idle[: max(0, len(idle) - self.keep)] if self.keep else idle

    def take(self, now: int) -> Instance | None:
        """A place for one call, without a plan; one behind other calls if that serves it better."""
        if self.pace is None:
            return self._take_free()
        instance = self.pace.next(now)
        if instance is not None:
            instance.running += 1
            return instance
        instance = self._take_free()
        if instance is not None:
            self.pace.busy[instance] = None
        return instance

    def _take_free(self) -> Instance | None:
        """A place in the ready instance that was used last: `assign`'s first rule."""
        free = self.free
        while free:
            instance = free[-1]
            if instance.state is not InstanceState.READY:
                free.pop()
                continue
            instance.running += 1
            if instance.running == self.concurrency:
                free.pop()
            return instance
        return None

    def give_back(self, instance: Instance) -> None:
        """A place in a ready instance is free again; `running` no longer counts it."""
        if instance.running == self.concurrency - 1:  # it was full, so it is not among the free ones
            self.free.append(instance)
        if self.waiting:
            self.serve(instance.used_at)

    def add(self, instance: Instance) -> None:
        self.instances[instance.instance_id] = instance
        self.free.append(instance)
        self.serve(instance.used_at)

    def remove(self, instance: Instance) -> bool:
        """False if it had been removed before."""
        with suppress(ValueError):
            self.free.remove(instance)
        if self.pace is not None:
            self.pace.busy.pop(instance, None)
        return self.instances.pop(instance.instance_id, None) is not None

    def serve(self, now: int) -> None:
        """Gives places to who waits, in order."""
        while self.waiting:
            if self.waiting[0].instance.done():
                self.waiting.popleft()
                continue
            instance = self.take(now)
            if instance is None:
                return
            self.waiting.popleft().instance.set_result(instance)

    def refuse(self, numbers: set[int], error: Exception) -> None:
        refused = [ticket for ticket in self.waiting if ticket.waiting.ticket in numbers]
        self.waiting = deque(ticket for ticket in self.waiting if ticket.waiting.ticket not in numbers)
        for ticket in refused:
            ticket.fail(error)

    def fail(self, ticket: Ticket | None, error: Exception) -> None:
        """Tells whoever an instance was started for, or who waits first, why there is none."""
        if ticket is None or ticket.instance.done():
            ticket = next((each for each in self.waiting if not each.instance.done()), None)
        if ticket is not None:
            with suppress(ValueError):
                self.waiting.remove(ticket)
            ticket.fail(error)


def in_turn(deployed: Deployed) -> bool:
    """Whether its instances take calls as frames, one at a time in order, and do nothing between two of them."""
    function = deployed.function
    single = function.instance_concurrency == 1 and function.config.get("instanceIsolationMode") != EXCLUSIVE
    return single and function.runtime.startswith("python") and not hooks_of(function)


def facts_of(lane: Lane) -> list[InstanceFacts]:
    ready = [InstanceFacts(i.instance_id, i.state, i.running, i.used_at) for i in lane.instances.values()]
    return ready + [InstanceFacts(name, InstanceState.STARTING, 0, 0) for name in lane.starting]


def load_of(lane: Lane, now: int) -> Load:
    return Load(
        calls=lane.calls,
        size=lane.size,
        concurrency=lane.concurrency,
        keep=lane.keep,
        single_use=lane.single_use,
        lately=now - lane.taken_at < lane.idle_ms,
    )


def idle_ms_of(deployed: Deployed, default: int) -> int:
    """FC 3.0's idleTimeout, where the function has one."""
    own = deployed.function.config.get("idleTimeout")
    return own * 1000 if isinstance(own, int) and own > 0 else default

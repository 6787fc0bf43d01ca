"""The instances of one revision of one function, and who waits for them."""

import asyncio
from collections import deque
from contextlib import suppress
from dataclasses import dataclass

from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.core.pool import InstanceFacts, Waiting
from liuyun.compute.instance import Instance
from liuyun.errors import Throttled
from liuyun.model.function import Deployed


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
    """`superseded` says that a newer revision is there, so that nobody new will come."""

    def __init__(self, deployed: Deployed) -> None:
        self.deployed = deployed
        self.concurrency = deployed.function.instance_concurrency
        self.instances: dict[str, Instance] = {}
        self.starting: dict[str, asyncio.Task[None]] = {}
        self.waiting: deque[Ticket] = deque()
        self.superseded = False
        self._free: list[Instance] = []  # those that may have a place; the one used last is at the end

    @property
    def size(self) -> int:
        return len(self.instances) + len(self.starting)

    @property
    def longest_idle_since(self) -> int | None:
        return self._free[0].used_at if self._free else None

    def idle(self) -> list[Instance]:
        return [instance for instance in self._free if not instance.running]

    def take(self) -> Instance | None:
        """A place in the ready instance that was used last: `assign`'s first rule, for the call that needs no plan."""
        while self._free:
            instance = self._free[-1]
            has_place = instance.state is InstanceState.READY and instance.running < self.concurrency
            if has_place:
                instance.running += 1
            if not has_place or instance.running == self.concurrency:
                self._free.pop()
            if has_place:
                return instance
        return None

    def give_back(self, instance: Instance) -> None:
        """A place in a ready instance is free again."""
        if instance not in self._free:
            self._free.append(instance)
        self.serve()
        if self.superseded and not instance.running:
            instance.retire()

    def add(self, instance: Instance) -> None:
        self.instances[instance.instance_id] = instance
        self._free.append(instance)
        self.serve()

    def remove(self, instance: Instance) -> None:
        self.instances.pop(instance.instance_id, None)
        with suppress(ValueError):
            self._free.remove(instance)

    def serve(self) -> None:
        """Gives places to who waits, in order."""
        while self.waiting:
            if self.waiting[0].instance.done():
                self.waiting.popleft()
                continue
            instance = self.take()
            if instance is None:
                return
            self.waiting.popleft().instance.set_result(instance)

    def refuse(self, numbers: set[int]) -> None:
        function = self.deployed.function
        for ticket in [ticket for ticket in self.waiting if ticket.waiting.ticket in numbers]:
            self.waiting.remove(ticket)
            ticket.fail(
                Throttled(
                    f"All {self.size} instances of the function {function.service}/{function.name} are busy and "
                    f"{len(self.waiting)} invocations wait for one; try again later."
                )
            )

    def fail(self, ticket: Ticket | None, error: Exception) -> None:
        """Tells whoever an instance was started for, or who waits first, why there is none."""
        if ticket is None or ticket.instance.done():
            ticket = next((each for each in self.waiting if not each.instance.done()), None)
        if ticket is not None:
            with suppress(ValueError):
                self.waiting.remove(ticket)
            ticket.fail(error)

    def supersede(self) -> None:
        self.superseded = True
        for instance in list(self.instances.values()):
            instance.retire()

    def facts(self) -> list[InstanceFacts]:
        ready = [InstanceFacts(i.instance_id, i.state, i.running, i.used_at) for i in self.instances.values()]
        return ready + [InstanceFacts(name, InstanceState.STARTING, 0, 0) for name in self.starting]

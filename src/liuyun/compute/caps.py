"""What the operator and a function's owner allow: how many instances a lane may have, whatever the machine has left.

A function that its owner has limited answers at once that it is at its limit, as the vendor's does; one that is at a
limit of the platform lets its calls wait.
"""

from dataclasses import dataclass, replace

from liuyun.compute.core.sharing import Name
from liuyun.compute.lane import Lane
from liuyun.compute.lanes import Qualified
from liuyun.compute.node import Node
from liuyun.settings import Limits


@dataclass(frozen=True, slots=True)
class Queue:
    calls: int
    wait_ms: int


class Caps:
    """`on_demand` and `reserved` are the owners' limits, by qualifier and by function."""

    def __init__(self, limits: Limits, node: Node) -> None:
        self.on_demand: dict[Qualified, int] = {}
        self.reserved: dict[Name, int] = {}
        self._limits = limits
        self._node = node
        self._queue = Queue(limits.queued_invocations, limits.queued_s * 1000)

    def limit(self, key: Qualified, most: int | None) -> None:
        """On-demand instances that calls by this qualifier may have, beside the provisioned ones."""
        if most is None:
            self.on_demand.pop(key, None)
        else:
            self.on_demand[key] = most

    def reserve(self, function: Name, instances: int | None) -> None:
        """The function may have so many, and the others leave them to it."""
        if instances is None:
            self.reserved.pop(function, None)
        else:
            self.reserved[function] = instances
        self._node.reserved = dict(self.reserved)

    def left(self, lane: Lane) -> int:
        """How many more instances."""
        own = self._owners(lane)
        platform = self._platforms(lane)
        return max(0, platform if own is None else min(own, platform))

    def queue(self, lane: Lane) -> Queue:
        """How many calls may wait without an instance on its way, and how long."""
        own = self._owners(lane)
        if own is None or own >= lane.alone or own > self._platforms(lane):
            return self._queue
        wait_s = self._limits.wait_at_own_limit_s
        return Queue(self._queue.calls, wait_s * 1000) if wait_s else replace(self._queue, calls=0)

    def _platforms(self, lane: Lane) -> int:
        of_function = self._limits.instances_per_function - self._node.of_function[lane.function]
        return min(of_function, self._limits.instances_per_account - self._node.of_account[lane.function[0]])

    def _owners(self, lane: Lane) -> int | None:
        """None if the owner has set no limit."""
        left: list[int] = []
        if self.reserved and (most := self.reserved.get(lane.function)) is not None:
            left.append(most - self._node.of_function[lane.function])
        if self.on_demand and (most := self.on_demand.get((*lane.function, lane.group))) is not None:
            left.append(most + lane.keep - lane.size)
        return min(left, default=None)

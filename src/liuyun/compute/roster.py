"""The comings and goings of instances: started, welcomed, retired, gone; the node's books are kept beside it."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from liuyun.clock import Clock
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.instance import Instance
from liuyun.compute.lane import Lane, Ticket
from liuyun.compute.lanes import Lanes
from liuyun.compute.node import Node
from liuyun.compute.outcome import StartFailed
from liuyun.compute.results import start_failure
from liuyun.errors import PlatformError, Unavailable
from liuyun.ids import Ids
from liuyun.model.function import Deployed

log = structlog.get_logger()

RETRY_MS = 10_000  # after a start ahead of any call has failed

Start = Callable[[Deployed, str, str], Awaitable[Instance]]


class Roster:
    """`freed` is told when a start is over, `changed` when a lane that waits may get what it waits for."""

    def __init__(
        self,
        *,
        start: Start,
        node: Node,
        clock: Clock,
        ids: Ids,
        changed: Callable[[Lane], None],
        freed: Callable[[], None],
    ) -> None:
        self._start = start
        self._node = node
        self._clock = clock
        self._ids = ids
        self._changed = changed
        self._freed = freed
        self._homes: dict[Instance, Lane] = {}  # all whose process has not ended
        self._leaving: set[Instance] = set()  # of these, those that take no more calls but still hold their place
        self._owed: dict[Lane, Instance] = {}  # who waits for whom to leave

    @property
    def leaving(self) -> int:
        return len(self._leaving)

    def everybody(self) -> list[Instance]:
        return list(self._homes)

    def home(self, instance: Instance) -> Lane | None:
        """None once its process has ended."""
        return self._homes.get(instance)

    def begin(self, lane: Lane) -> None:
        """Starts one more."""
        name = self._ids.hex(16)
        before = len(lane.starting) * lane.concurrency
        ticket = lane.waiting[before] if before < len(lane.waiting) else None
        self._node.begin(lane, name, self._clock.steady())
        lane.starting[name] = asyncio.ensure_future(self._start_one(lane, name, ticket))

    def retire(self, lane: Lane, instance: Instance) -> None:
        """It takes no more calls, and goes when it has ended those that it works on."""
        if not lane.remove(instance):
            return
        self._node.left(lane)
        self._leaving.add(instance)
        instance.retire()
        if not instance.running:
            self.end(lane, instance)

    def supersede(self, lane: Lane) -> None:
        """Nobody new will come to it."""
        lane.superseded = True
        self.shrink(lane)

    def shrink(self, lane: Lane) -> None:
        """Of a superseded revision only idle provisioned instances stay, until the new one has as many."""
        kept = [instance.instance_id for instance in lane.idle()[: lane.keep]]
        for name, instance in list(lane.instances.items()):
            if name not in kept:
                self.retire(lane, instance)

    def renew(self, lane: Lane) -> None:
        """None of what is there or on its way serves anybody who isn't waiting for it already."""
        lane.outdated.update(lane.starting)
        for instance in list(lane.instances.values()):
            self.retire(lane, instance)

    def end(self, lane: Lane, instance: Instance) -> None:
        """It does nothing any more: what it held is free from now on, while its process goes."""
        instance.stop()
        if instance not in self._leaving:
            return
        self._leaving.discard(instance)
        self._node.gave(lane)
        owed = next((each for each, leaves in self._owed.items() if leaves is instance), None)
        if owed is not None:
            del self._owed[owed]
            self._changed(owed)

    def claim(self, lane: Lane, lanes: Lanes) -> None:
        """The node is full and nothing on it is idle: who has more than its share gives one up, if that is fair.

        That is the instance that began its call first, and the lane is told when it is gone.
        """
        if lane in self._owed:
            return
        function = self._node.gives_way(lane, lanes)
        givers = [each for each in lanes if each.function == function and each.instances]
        if givers:
            giver = max(givers, key=lambda each: len(each.instances))
            self._owed[lane] = leaves = min(giver.instances.values(), key=lambda each: each.used_at)
            self.retire(giver, leaves)

    async def _start_one(self, lane: Lane, name: str, ticket: Ticket | None) -> None:
        """Starts an instance for one of those who wait, who also learns of it if that fails."""
        failed: Exception | None = None
        instance: Instance | None = None
        try:
            instance = await self._start(lane.deployed, name, ticket.request_id if ticket else "")
        except (PlatformError, StartFailed) as error:
            failed = error
        except Exception as error:
            log.exception("instance not started", function=lane.deployed.function.name)
            failed = Unavailable(
                "instance_not_started", "No instance can be started: {kind}.", kind=type(error).__name__
            )
        finally:
            del lane.starting[name]
            self._node.started(name)
            if instance is None:
                self._node.left(lane)
                self._node.gave(lane)
        if instance is not None:
            lane.error, lane.retry_at = "", 0
            self._welcome(lane, instance, ahead=ticket is None)
        elif failed is not None:
            lane.error, lane.retry_at = explain(failed), self._clock.steady() + RETRY_MS
            lane.fail(ticket, failed)
        lane.outdated.discard(name)
        self._freed()

    def _welcome(self, lane: Lane, instance: Instance, *, ahead: bool) -> None:
        instance.on_gone = self._forget
        instance.used_at = instance.ready_at = self._clock.steady()
        instance.created_at = self._clock.now()
        instance.started_ahead = ahead
        instance.ready()
        self._homes[instance] = lane
        lane.add(instance)
        if instance.state is InstanceState.GONE:
            self._forget(instance)
        elif lane.superseded or instance.instance_id in lane.outdated:
            self.retire(lane, instance)

    def _forget(self, instance: Instance) -> None:
        """Its process has ended, of itself or because it was told to."""
        lane = self._homes.pop(instance, None)
        if lane is None:
            return
        if instance.running and lane.pace is not None:
            lane.pace.broken()
        if lane.remove(instance):
            self._node.left(lane)
            self._leaving.add(instance)
        self.end(lane, instance)
        self._changed(lane)


def explain(failed: Exception) -> str:
    """For who looks at a provision configuration."""
    if isinstance(failed, StartFailed):
        return start_failure(failed.outcome)
    return failed.message if isinstance(failed, PlatformError) else str(failed)

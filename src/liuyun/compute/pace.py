"""How briskly a function's instances answer, and which of those that are busy takes one more call.

`core/calls_ahead.py` has the rules; this keeps what they ask for up to date, call by call.
"""

from liuyun.compute.core.calls_ahead import PER_CORE, UNKNOWN_MS, is_brisk, least_busy, suffices, usual
from liuyun.compute.core.instance_states import InstanceState
from liuyun.compute.instance import Instance
from liuyun.compute.machine import cores

ENOUGH = PER_CORE * cores()


class Pace:
    """`busy`: the instances of a lane that have calls."""

    def __init__(self, enough: int = ENOUGH) -> None:
        self.busy: dict[Instance, None] = {}
        self._enough = enough
        self._usual_ms = UNKNOWN_MS

    def suffices(self, size: int, now: int) -> bool:
        """Whether no more instances are to be started although calls wait."""
        return suffices(self._usual_ms, size, self._enough, self.busy, now)

    def answered(self, instance: Instance) -> None:
        self._usual_ms = usual(self._usual_ms, instance.latest_ms)
        if not instance.running:
            self.busy.pop(instance, None)

    def broken(self) -> None:
        """A busy instance has ended: how long calls take is not known any more."""
        self._usual_ms = UNKNOWN_MS

    def next(self, now: int) -> Instance | None:
        """The instance that a call is to wait in, if it isn't to get one of its own."""
        if len(self.busy) < self._enough or not is_brisk(self._usual_ms):
            return None
        chosen = least_busy(self.busy, now)
        return chosen if chosen is not None and chosen.state is InstanceState.READY else None

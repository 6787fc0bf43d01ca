"""Waits for executions by those who have no task to wait in."""

from collections.abc import Callable

from liuyun.clock import Clock
from liuyun.model.execution import Execution, ExecutionStatus
from liuyun.storage.stores.executions import Ending
from liuyun.workflow.engine import Begun
from liuyun.workflow.lately import with_ending
from liuyun.workflow.watchers import Watchers, forget

SYNC_WAIT_MS = 300_000  # how long an express flow may keep its caller waiting


class Wait:
    """For the end of an execution that runs. `then` is told it as it has ended; as it was found, if that span is over
    first, or the platform.
    """

    __slots__ = ("_call_off", "_found", "_leave", "_then")

    def __init__(
        self, watchers: Watchers, clock: Clock, found: Execution, span_ms: int, then: Callable[[Execution], None]
    ) -> None:
        self._found = found
        self._then: Callable[[Execution], object] = then
        self._call_off: Callable[[], object] = forget
        self._leave: Callable[[], object] = forget
        self._call_off = clock.after(span_ms, self._late)
        self._leave = watchers.watch(found.key, self._ended)

    def abandon(self) -> None:
        """Nothing is told any more. Neither is anything kept that leads back here: no cycles for the collector."""
        self._call_off()
        self._leave()
        self._call_off = self._leave = self._then = forget

    def _ended(self, ending: Ending | None) -> None:
        self._tell(with_ending(self._found, ending))

    def _late(self) -> None:
        self._tell(self._found)

    def _tell(self, execution: Execution) -> None:
        then = self._then
        self.abandon()
        then(execution)


class SyncWait:
    """For an execution that is being started, until it has ended; `then` may be told why it didn't begin."""

    __slots__ = ("_abandoned", "_clock", "_then", "_wait", "_watchers")

    def __init__(self, watchers: Watchers, clock: Clock, then: Callable[[Execution | Exception], None]) -> None:
        self._watchers = watchers
        self._clock = clock
        self._then = then
        self._wait: Wait | None = None
        self._abandoned = False

    def begun(self, outcome: Begun | Exception) -> None:
        if self._abandoned:
            return
        if isinstance(outcome, Exception):
            self._then(outcome)
        elif outcome.execution.status is ExecutionStatus.RUNNING:
            self._wait = Wait(self._watchers, self._clock, outcome.execution, SYNC_WAIT_MS, self._then)
        else:
            self._then(outcome.execution)

    def abandon(self) -> None:
        """Nothing is told any more; the execution goes on."""
        self._abandoned = True
        if self._wait is not None:
            self._wait.abandon()

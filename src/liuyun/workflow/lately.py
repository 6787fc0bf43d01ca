"""Executions as they were begun and ended lately: most are asked for soon after, and then the database needn't be."""

from msgspec.structs import replace

from liuyun.model.execution import Execution, ExecutionKey, ExecutionStatus
from liuyun.storage.stores.executions import Ending
from liuyun.workflow.cache import Recent

LIMIT = 4096
MAX_CHARACTERS = 8192  # of input and output together; bigger ones aren't kept, so that memory is bounded


class Lately:
    def __init__(self, limit: int = LIMIT) -> None:
        self._executions: Recent[ExecutionKey, Execution] = Recent(limit)
        self._keys: Recent[tuple[str, str, str], ExecutionKey] = Recent(limit)

    def begun(self, execution: Execution) -> None:
        key = execution.key
        if len(execution.input) + len(execution.output) <= MAX_CHARACTERS:
            self._executions.put(key, execution)
            self._keys.put((key.account_id, key.flow_id, execution.name), key)

    def ended(self, key: ExecutionKey, ending: Ending) -> None:
        begun = self._executions.get(key)
        if begun is None or begun.status is not ExecutionStatus.RUNNING:
            return
        self._executions.forget(key)
        self.begun(with_ending(begun, ending))

    def find(self, account_id: str, flow_id: str, name: str) -> Execution | None:
        key = self._keys.get((account_id, flow_id, name))
        return None if key is None else self._executions.get(key)


def with_ending(execution: Execution, ending: Ending | None) -> Execution:
    if ending is None:
        return execution
    return replace(
        execution,
        status=ending.status,
        output=ending.output,
        error=ending.error,
        cause=ending.cause,
        stopped_at=ending.stopped_at,
    )

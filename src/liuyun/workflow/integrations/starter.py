"""Executions that were started with a task token report their end to it."""

import structlog

from liuyun.errors import InvalidTaskToken, TaskCompleted
from liuyun.model.execution import ExecutionKey
from liuyun.workflow.executions import Executions
from liuyun.workflow.outbox import ReportBack

log = structlog.get_logger()


class StarterReports:
    def __init__(self, executions: Executions) -> None:
        self._executions = executions

    async def __call__(self, key: ExecutionKey, effect: ReportBack) -> None:
        try:
            if effect.output is not None:
                await self._executions.report_succeeded(key.account_id, effect.token, effect.output)
            else:
                await self._executions.report_failed(
                    key.account_id, effect.token, error=effect.error, cause=effect.cause
                )
        except (InvalidTaskToken, TaskCompleted) as error:  # the waiting task is gone; nobody else wants to know
            log.info("end not reported", execution=key.execution_id, reason=error.message)

"""Every operation of the workflow API and its handler. Source: fnf contract 2.1, 2.2."""

from collections.abc import Awaitable, Callable
from typing import Any

from liuyun.gateway.fnf.call import Call
from liuyun.gateway.fnf.handlers import executions, flows, tasks

Handler = Callable[[Call], Awaitable[dict[str, Any]]]

ACTIONS: dict[str, Handler] = {
    "CreateFlow": flows.create_flow,
    "UpdateFlow": flows.update_flow,
    "DescribeFlow": flows.describe_flow,
    "ListFlows": flows.list_flows,
    "DeleteFlow": flows.delete_flow,
    "DescribeRegions": flows.describe_regions,
    "StartExecution": executions.start_execution,
    "StartSyncExecution": executions.start_sync_execution,
    "StopExecution": executions.stop_execution,
    "DescribeExecution": executions.describe_execution,
    "ListExecutions": executions.list_executions,
    "GetExecutionHistory": executions.get_execution_history,
    "ReportTaskSucceeded": tasks.report_task_succeeded,
    "ReportTaskFailed": tasks.report_task_failed,
}

NOT_OFFERED = frozenset({
    "PublishFlowVersion", "ListFlowVersions", "DeleteFlowVersion",
    "CreateFlowAlias", "UpdateFlowAlias", "DescribeFlowAlias", "ListFlowAliases", "DeleteFlowAlias",
    "CreateSchedule", "UpdateSchedule", "DescribeSchedule", "ListSchedules", "DeleteSchedule",
    "DescribeMapRun", "UpdateMapRun",
})  # fmt: skip

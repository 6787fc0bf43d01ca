"""What a caller may do: everything, for the account's own key; a function's temporary credentials only use data.

Denied unless listed. Functions may run, send, receive and report; they may not change what is deployed.
"""

from liuyun.errors import Denied
from liuyun.model.account import Principal, PrincipalKind

FUNCTION_ACTIONS = {
    "fc": frozenset({"InvokeFunction", "InvokeHttp"}),
    "fnf": frozenset({
        "StartExecution", "StartSyncExecution", "StopExecution", "DescribeExecution", "ListExecutions",
        "GetExecutionHistory", "ReportTaskSucceeded", "ReportTaskFailed", "DescribeFlow", "ListFlows",
    }),
    "mns": None,  # queues and topics are data: handlers make the ones they need
}  # fmt: skip


def authorise(principal: Principal, product: str, action: str) -> None:
    """Raises Denied, naming what was refused to whom."""
    if principal.kind is PrincipalKind.ROOT:
        return
    allowed = FUNCTION_ACTIONS[product]
    if allowed is not None and action not in allowed:
        raise Denied(f"The credentials of function {principal.resource} may not call {product}:{action}.")

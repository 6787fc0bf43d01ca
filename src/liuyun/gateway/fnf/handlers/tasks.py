"""Reports about tasks that wait for a callback."""

from typing import Any

from liuyun.gateway.fnf.call import Call
from liuyun.gateway.fnf.handlers.executions import bounded


async def report_task_succeeded(call: Call) -> dict[str, Any]:
    token, output = call.parameters.text("TaskToken"), call.parameters.text("Output")
    return {"EventId": await call.services.executions.report_succeeded(call.account_id, token, output)}


async def report_task_failed(call: Call) -> dict[str, Any]:
    sent = call.parameters
    event_id = await call.services.executions.report_failed(
        call.account_id,
        sent.text("TaskToken"),
        error=bounded(sent.text("Error"), "Error", 128),
        cause=bounded(sent.text_or("Cause"), "Cause", 4096),
    )
    return {"EventId": event_id}

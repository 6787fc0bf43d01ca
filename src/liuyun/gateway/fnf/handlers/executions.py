"""Operations on executions."""

from typing import Any, TypedDict

import msgspec

from liuyun.clock import rfc3339
from liuyun.errors import Invalid
from liuyun.gateway.fnf.call import Call
from liuyun.gateway.fnf.parameters import Parameters, next_token
from liuyun.model.execution import Execution, ExecutionFilter, ExecutionStatus, HistoryEvent
from liuyun.workflow.engine import Begun

MAX_WAIT_S = 60
VERSIONS = "Versions and aliases of flows"


async def start_execution(call: Call) -> dict[str, Any]:
    return begun_body(await call.services.executions.start(call.account_id, **start_of(call.parameters)))


async def start_sync_execution(call: Call) -> dict[str, Any]:
    starting = call.services.executions.start_sync(call.account_id, **sync_start_of(call.parameters))
    return sync_body(await call.request.unless_disconnected(starting))


async def stop_execution(call: Call) -> dict[str, Any]:
    sent = call.parameters
    execution = await call.services.executions.stop(
        call.account_id,
        sent.text("FlowName"),
        sent.text("ExecutionName"),
        error=bounded(sent.text_or("Error"), "Error", 128),
        cause=bounded(sent.text_or("Cause"), "Cause", 4096),
    )
    # The service's own answer: still Running, but with the time of the stop (fnf contract 2.2).
    return {**execution_body(execution), "RoleArn": execution.role_arn, "Status": ExecutionStatus.RUNNING.value}


async def describe_execution(call: Call) -> dict[str, Any]:
    described = call.services.executions.describe(call.account_id, **wait_of(call.parameters))
    return execution_body(await call.request.unless_disconnected(described))


async def list_executions(call: Call) -> dict[str, Any]:
    sent = call.parameters
    sent.refuse("Qualifier", VERSIONS)
    sent.refuse("MapRunName", "Map runs")
    limit, after = sent.page(default=60, high=100)
    wanted = ExecutionFilter(
        status=sent.choice("Status", ExecutionStatus),
        started_from=sent.instant("StartedTimeBegin"),
        started_until=sent.instant("StartedTimeEnd"),
        name_prefix=sent.text_or("ExecutionNamePrefix"),
    )
    page = await call.services.executions.list(call.account_id, sent.text("FlowName"), wanted, limit=limit, after=after)
    bodies = [execution_body(execution) for execution in page.items]
    if sent.flag("MetadataOnly"):
        bodies = [{key: body[key] for key in METADATA} for body in bodies]
    return {"Executions": bodies, **next_token(page.next_key)}


async def get_execution_history(call: Call) -> dict[str, Any]:
    sent = call.parameters
    page = await call.services.executions.history(
        call.account_id,
        sent.text("FlowName"),
        sent.text("ExecutionName"),
        limit=sent.integer_or("Limit", 60, low=1, high=1000),
        # The token is the event id to go on from, as in the service (fnf contract section 4).
        first=sent.integer_or("NextToken", 1, low=1, high=999_999_999),
    )
    body: dict[str, Any] = {"Events": [event_body(event) for event in page.items]}
    return body if page.next_key is None else {**body, "NextToken": page.next_key}


class Start(TypedDict):
    flow_name: str
    name: str
    input_text: str


class NamedStart(Start):
    callback_token: str


class Wait(TypedDict):
    flow_name: str
    name: str
    wait_s: int


def start_of(sent: Parameters) -> NamedStart:
    return {**sync_start_of(sent), "callback_token": sent.text_or("CallbackFnFTaskToken")}


def sync_start_of(sent: Parameters) -> Start:
    sent.refuse("Qualifier", VERSIONS)
    return {
        "flow_name": sent.text("FlowName"),
        "name": sent.text_or("ExecutionName"),
        "input_text": sent.text_or("Input", "{}"),
    }


def wait_of(sent: Parameters) -> Wait:
    return {
        "flow_name": sent.text("FlowName"),
        "name": sent.text("ExecutionName"),
        "wait_s": sent.integer_or("WaitTimeSeconds", 0, low=0, high=MAX_WAIT_S),
    }


METADATA = ("FlowName", "Name", "Status", "StartedTime", "StoppedTime")


def begun_body(begun: Begun) -> dict[str, Any]:
    """A fresh execution is shown as the service shows it: accepted, nothing known yet."""
    body = execution_body(begun.execution)
    return {**body, "Status": "", "Output": "", "StoppedTime": ""} if begun.fresh else body


def sync_body(execution: Execution) -> dict[str, Any]:
    body = execution_body(execution)
    del body["FlowDefinition"], body["Input"]
    return {**body, "ErrorCode": execution.error, "ErrorMessage": execution.cause}


def execution_body(execution: Execution) -> dict[str, Any]:
    stopped = execution.stopped_at
    body: dict[str, Any] = {
        "FlowName": execution.flow_name,
        "FlowDefinition": execution.definition,
        "Name": execution.name,
        "Input": execution.input,
        "Output": execution.output,
        "Status": execution.status.value,
        "StartedTime": rfc3339(execution.started_at),
        "StoppedTime": "" if stopped is None else rfc3339(stopped),
    }
    if execution.environment:
        variables = [{"Name": variable.name, "Value": variable.value} for variable in execution.environment]
        body["Environment"] = {"Variables": variables}
    return body


def event_body(event: HistoryEvent) -> dict[str, Any]:
    return {
        "EventId": event.event_id,
        "ScheduleEventId": event.schedule_event_id,
        "StepName": event.step_name,
        "Type": event.kind,
        "Time": rfc3339(event.time),
        "EventDetail": msgspec.json.encode(event.detail).decode(),
    }


def bounded(text: str, name: str, limit: int) -> str:
    if len(text) > limit:
        raise Invalid(f"Parameter error. {name} must have at most {limit} characters, not {len(text)}.")
    return text

"""Executions of flows: start, look, follow, stop, report."""

import asyncio
from typing import Annotated

from fastapi import Query
from pydantic import Field

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.flow_models import (
    Ending,
    ExecutionDetail,
    ExecutionList,
    ExecutionView,
    NewExecution,
    Report,
    SeenView,
    execution_detail,
    execution_list,
    execution_view,
    seen_view,
)
from liuyun.gateway.console.guard import Anybody, Operator, ThePlatform
from liuyun.gateway.console.models import Segment
from liuyun.gateway.console.waiting import while_known
from liuyun.model.execution import ExecutionFilter, ExecutionMode, ExecutionStatus
from liuyun.workflow.core.activations import ReportFailed, ReportSucceeded
from liuyun.workflow.definition.parse import inspect
from liuyun.workflow.documents import parse

router = ConsoleRouter(prefix="/api/flows/{flow}/executions", tags=["flows"])
MOST = 200
MOST_EVENTS = 500
LONGEST_WAIT_S = 60
Instant = Annotated[int, Field(ge=0, lt=2**47)]  # epoch milliseconds


@router.get("", summary="Executions, the newest first", operation_id="listExecutions")
async def list_executions(
    *,
    flow: Segment,
    _: Anybody,
    parts: ThePlatform,
    status: ExecutionStatus | None = None,
    name_prefix: Annotated[str, Query(alias="namePrefix", max_length=128)] = "",
    started_from: Annotated[Instant | None, Query(alias="startedFrom")] = None,
    started_until: Annotated[Instant | None, Query(alias="startedUntil")] = None,
    after: Annotated[str, Query(max_length=128)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> ExecutionList:
    wanted = ExecutionFilter(status, started_from, started_until, name_prefix)
    page = await parts.flows.executions.list(parts.account_id, flow, wanted, limit=limit, after=after)
    return execution_list(page.items, page.next_key)


@router.post("", summary="Start an execution", status_code=201, operation_id="startExecution")
async def start_execution(flow: Segment, given: NewExecution, caller: Operator, parts: ThePlatform) -> ExecutionView:
    """An express flow answers when it has ended."""
    stored = await parts.flows.flows.describe(parts.account_id, flow)
    asked = {"name": given.name, "input_text": given.input}
    if stored.spec.mode is ExecutionMode.EXPRESS:
        execution = await parts.flows.executions.start_sync(parts.account_id, flow, **asked)
    else:
        execution = (await parts.flows.executions.start(parts.account_id, flow, **asked)).execution
    await caller.did(parts.audit, "StartExecution", f"{flow}/{execution.name}")
    return execution_view(execution)


@router.get("/{name}", summary="One execution", operation_id="getExecution")
async def get_execution(flow: Segment, name: Segment, _: Anybody, parts: ThePlatform) -> ExecutionDetail:
    found = await parts.flows.executions.describe(parts.account_id, flow, name)
    return execution_detail(found, await asyncio.to_thread(inspect, found.definition))


@router.get("/{name}/events", summary="What happened, what is waited for, or the next news", operation_id="getEvents")
async def get_events(
    *,
    flow: Segment,
    name: Segment,
    caller: Anybody,
    parts: ThePlatform,
    after: Annotated[int, Query(ge=0, lt=2**31, description="The last event that was seen.")] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_EVENTS)] = MOST_EVENTS,
    wait_s: Annotated[float, Query(alias="waitS", ge=0, le=LONGEST_WAIT_S)] = 0,
) -> SeenView:
    look = parts.flows.following.look(parts.account_id, flow, name, after=after, limit=limit, wait_s=wait_s)
    return seen_view(await while_known(caller, parts, look))


@router.post("/{name}/stop", summary="Stop an execution", operation_id="stopExecution")
async def stop_execution(
    flow: Segment, name: Segment, given: Ending, caller: Operator, parts: ThePlatform
) -> ExecutionView:
    found = await parts.flows.executions.stop(parts.account_id, flow, name, error=given.error, cause=given.cause)
    await caller.did(parts.audit, "StopExecution", f"{flow}/{name}", cause=given.cause)
    return execution_view(found)


@router.post("/{name}/report", summary="Say how a waiting task has gone", operation_id="reportTask")
async def report_task(
    flow: Segment, name: Segment, given: Report, caller: Operator, parts: ThePlatform
) -> ExecutionView:
    """What ReportTaskSucceeded and ReportTaskFailed do, for people who don't have the task's token."""
    report = (
        ReportFailed(given.event_id, given.error, given.cause)
        if given.output is None
        else ReportSucceeded(given.event_id, parse(given.output, "Output"))
    )
    await parts.flows.following.report(parts.account_id, flow, name, report)
    await caller.did(parts.audit, "ReportTask", f"{flow}/{name}", event=given.event_id, failed=given.output is None)
    return execution_view(await parts.flows.executions.describe(parts.account_id, flow, name))

"""Flows: their definitions, checked as one types."""

import asyncio
from typing import Annotated

from fastapi import Query, Response

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.flow_models import (
    DefinitionText,
    FlowChange,
    FlowList,
    FlowView,
    InspectedView,
    NewFlow,
    flow_summary,
    flow_view,
    inspected_view,
)
from liuyun.gateway.console.guard import Administrator, Anybody, Operator, ThePlatform
from liuyun.gateway.console.models import Segment
from liuyun.model.execution import FlowChanges, FlowSpec, StoredFlow
from liuyun.workflow.definition.parse import inspect

router = ConsoleRouter(prefix="/api/flows", tags=["flows"])
MOST = 200


@router.get("", summary="All flows by name", operation_id="listFlows")
async def list_flows(
    _: Anybody,
    parts: ThePlatform,
    after: Annotated[str, Query(max_length=128)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> FlowList:
    page = await parts.flows.flows.list(parts.account_id, limit=limit, after=after)
    return FlowList(flows=[flow_summary(flow) for flow in page.items], next=page.next_key)


@router.post("", summary="Create a flow", status_code=201, operation_id="createFlow")
async def create_flow(given: NewFlow, caller: Administrator, parts: ThePlatform) -> FlowView:
    spec = FlowSpec(
        name=given.name, definition=given.definition, description=given.description, mode=given.mode,
        role_arn=given.role_arn,
    )  # fmt: skip
    flow = await parts.flows.flows.create(parts.account_id, spec)
    await caller.did(parts.audit, "CreateFlow", flow.name)
    return await shown(flow)


@router.post("/check", summary="What is wrong with a definition, and what it looks like", operation_id="checkFlow")
async def check_flow(given: DefinitionText, _: Operator) -> InspectedView:
    return inspected_view(await asyncio.to_thread(inspect, given.definition))


@router.get("/{flow}", summary="One flow", operation_id="getFlow")
async def get_flow(flow: Segment, _: Anybody, parts: ThePlatform) -> FlowView:
    return await shown(await parts.flows.flows.describe(parts.account_id, flow))


@router.put("/{flow}", summary="Change a flow", operation_id="updateFlow")
async def update_flow(flow: Segment, given: FlowChange, caller: Administrator, parts: ThePlatform) -> FlowView:
    changes = FlowChanges(definition=given.definition, description=given.description)
    changed = await parts.flows.flows.update(parts.account_id, flow, changes, seen=given.revision)
    await caller.did(parts.audit, "UpdateFlow", flow, revision=changed.revision)
    return await shown(changed)


@router.delete(
    "/{flow}", summary="Remove a flow; its executions are stopped", status_code=204, operation_id="deleteFlow"
)
async def delete_flow(flow: Segment, caller: Administrator, parts: ThePlatform) -> Response:
    await parts.flows.flows.delete(parts.account_id, flow)
    await caller.did(parts.audit, "DeleteFlow", flow)
    return Response(status_code=204)


async def shown(flow: StoredFlow) -> FlowView:
    return flow_view(flow, await asyncio.to_thread(inspect, flow.spec.definition))

"""Operations on flows."""

from typing import Any

import msgspec

from liuyun.clock import rfc3339
from liuyun.errors import Invalid
from liuyun.gateway.fnf.call import Call
from liuyun.gateway.fnf.parameters import Parameters, next_token
from liuyun.model.execution import ExecutionMode, FlowChanges, FlowSpec, StoredFlow, Variable


async def create_flow(call: Call) -> dict[str, Any]:
    sent = call.parameters
    check_type(sent)
    spec = FlowSpec(
        name=sent.text("Name"),
        definition=sent.text("Definition"),
        description=sent.text_or("Description"),
        role_arn=sent.text_or("RoleArn"),
        mode=sent.choice("ExecutionMode", ExecutionMode) or ExecutionMode.STANDARD,
        environment=environment(sent) or (),
        external_storage_location=sent.text_or("ExternalStorageLocation"),
        resource_group_id=sent.text_or("ResourceGroupId"),
    )
    return flow_body(await call.services.flows.create(call.account_id, spec))


async def update_flow(call: Call) -> dict[str, Any]:
    sent = call.parameters
    name = sent.text("Name")
    check_type(sent)
    changes = FlowChanges(
        definition=sent.given("Definition"),
        description=sent.given("Description"),
        role_arn=sent.given("RoleArn"),
        environment=environment(sent),
    )
    return flow_body(await call.services.flows.update(call.account_id, name, changes))


async def describe_flow(call: Call) -> dict[str, Any]:
    sent = call.parameters
    sent.refuse("FlowVersion", "Versions of flows")
    return flow_body(await call.services.flows.describe(call.account_id, sent.text("Name")))


async def list_flows(call: Call) -> dict[str, Any]:
    limit, after = call.parameters.page(default=60, high=1000)
    page = await call.services.flows.list(call.account_id, limit=limit, after=after)
    return {"Flows": [flow_body(flow) for flow in page.items], **next_token(page.next_key)}


async def delete_flow(call: Call) -> dict[str, Any]:
    await call.services.flows.delete(call.account_id, call.parameters.text("Name"))
    return {}


async def describe_regions(call: Call) -> dict[str, Any]:
    region = call.services.region
    endpoint = call.request.headers.get("host")
    return {"Regions": {"Region": [{"RegionId": region, "LocalName": region, "RegionEndpoint": endpoint}]}}


def check_type(sent: Parameters) -> None:
    if (kind := sent.text_or("Type", "FDL")) != "FDL":
        raise Invalid(f"Parameter error. Type must be FDL, not '{kind[:40]}'.")


class Entry(msgspec.Struct):
    name: str = msgspec.field(name="Name")
    value: str = msgspec.field(name="Value", default="")
    description: str = msgspec.field(name="Description", default="")


class Environment(msgspec.Struct):
    variables: list[Entry] = msgspec.field(name="Variables", default_factory=list[Entry])


def environment(sent: Parameters) -> tuple[Variable, ...] | None:
    document = sent.document("Environment")
    if document is None:
        return None
    try:
        entries = msgspec.convert(document, Environment).variables
    except msgspec.ValidationError as error:
        raise Invalid(f"Parameter error. Environment: {error}.") from None
    return tuple(Variable(entry.name, entry.value, entry.description) for entry in entries)


def flow_body(flow: StoredFlow) -> dict[str, Any]:
    spec = flow.spec
    body: dict[str, Any] = {
        "Id": flow.flow_id,
        "Name": spec.name,
        "Description": spec.description,
        "Definition": spec.definition,
        "Type": "FDL",
        "RoleArn": spec.role_arn,
        "ExecutionMode": spec.mode.value,
        "ExternalStorageLocation": spec.external_storage_location,
        "ResourceGroupId": spec.resource_group_id,
        "CreatedTime": rfc3339(flow.created_at),
        "LastModifiedTime": rfc3339(flow.updated_at),
    }
    if spec.environment:
        body["Environment"] = {"Variables": [variable_body(variable) for variable in spec.environment]}
    return body


def variable_body(variable: Variable) -> dict[str, str]:
    return {"Name": variable.name, "Value": variable.value, "Description": variable.description}

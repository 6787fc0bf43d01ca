"""Functions of the 2023-03-30 API. Source: fc contract 1.6."""

from typing import Any

from liuyun.catalog.changes import FunctionChanges, ServiceChanges
from liuyun.catalog.own_functions import Owned, OwnedChanges
from liuyun.clock import rfc3339
from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import STORED_OF_OWNERS, read
from liuyun.gateway.fc.v2016.functions import code_link, sent_code
from liuyun.gateway.fc.v2023.bodies import OF_FUNCTIONS, FunctionBody, ResourceGroupBody
from liuyun.gateway.fc.v2023.restrictions import restriction_of
from liuyun.gateway.http import Response

ARN_PARTS = 6


async def create_function(call: Call) -> Response:
    body = await read(FunctionBody, call.request.body)
    code = await sent_code(call, body.code)
    owned = await call.platform.own_functions.create(call.account_id, body.functionName or "", body.created(code))
    return answer(call, function_body(owned, call), etag=owned.etag)


async def get_function(call: Call) -> Response:
    owned = await existing(call)
    document = {**function_body(owned, call), **await restriction_of(call)}
    return answer(call, document, etag=owned.etag)


async def update_function(call: Call) -> Response:
    body = await read(FunctionBody, call.request.body)
    code = await sent_code(call, body.code)
    changes = body.changes(code)
    owned = await call.platform.own_functions.update(
        call.account_id, call.names["function"], changes, if_match=call.if_match
    )
    return answer(call, function_body(owned, call), etag=owned.etag)


async def delete_function(call: Call) -> Response:
    await call.platform.own_functions.delete(call.account_id, call.names["function"], if_match=call.if_match)
    return done(call)


async def list_functions(call: Call) -> Response:
    """`fcVersion=v2` asks for those of services, which stand in lists of their own."""
    query = call.query()
    if query.get("fcVersion", "v3") not in {"v3", ""}:
        return answer(call, {"functions": []})
    page = await call.platform.own_functions.list(call.account_id, listing(query))
    functions = [function_body(owned, call) for owned in page.items if wanted(owned, query)]
    return answer(call, {"functions": functions, **next_token(page.next_key)})


def wanted(owned: Owned, query: dict[str, str]) -> bool:
    """What a page leaves out; the page's end stays where it is, so a page may be short."""
    function = owned.function
    return (
        query.get("runtime", "") in {"", function.runtime}
        and query.get("functionName", "") in function.name
        and query.get("description", "") in function.description
    )


async def get_function_code(call: Call) -> Response:
    function = (await existing(call)).function
    return answer(call, {"url": code_link(call, function), "checksum": function.code_checksum})


async def change_resource_group(call: Call) -> Response:
    body = await read(ResourceGroupBody, call.request.body)
    if body.ResourceType.lower() not in {"", "function"}:
        raise Invalid(f"ResourceType must be function, but is '{body.ResourceType[:80]}'")
    name = function_named(body.ResourceId)
    old = await call.platform.own_functions.get(call.account_id, name)
    group = FunctionChanges(config={"resourceGroupId": body.NewResourceGroupId})
    await call.platform.own_functions.update(
        call.account_id, name, OwnedChanges(service=ServiceChanges(), function=group)
    )
    before = old.function.config.get("resourceGroupId", "")
    document = {"ResourceId": body.ResourceId, "OldResourceGroupId": before}
    return answer(call, {**document, "NewResourceGroupId": body.NewResourceGroupId})


async def describe_regions(call: Call) -> Response:
    """The one that this platform is."""
    region = call.platform.region
    return answer(call, {"Regions": {"Region": [{"RegionId": region, "LocalName": region}]}})


async def existing(call: Call) -> Owned:
    _, qualifier = call.service_and_qualifier()
    return await call.platform.own_functions.get(call.account_id, call.names["function"], qualifier)


def function_named(resource: str) -> str:
    """From `functions/NAME`, with or without the rest of an ARN, or the bare name. Raises Invalid."""
    name = resource.rpartition("/")[2]
    if not name:
        raise Invalid(f"ResourceId must name a function, as functions/NAME does, but is '{resource[:200]}'")
    return name


def function_arn(call: Call, function: str) -> str:
    return f"acs:fc:{call.platform.region}:{call.account_id}:functions/{function}"


def function_body(owned: Owned, call: Call) -> dict[str, Any]:
    function, service = owned.function, owned.service
    return {
        "functionName": function.name,
        "functionId": function.function_id,
        "functionArn": function_arn(call, function.name),
        "description": function.description,
        "runtime": function.runtime,
        "handler": function.handler,
        "memorySize": function.memory_mb,
        "timeout": function.timeout_s,
        "environmentVariables": function.environment,
        "codeSize": function.code_size,
        "codeChecksum": function.code_checksum,
        "role": service.role,
        "internetAccess": service.internet_access,
        **{name: service.config[name] for name in STORED_OF_OWNERS if name in service.config},
        **{name: function.config[name] for name in OF_FUNCTIONS if name in function.config},
        **unusual(owned),
        "state": "Active",
        "lastUpdateStatus": "Successful",
        "createdTime": rfc3339(function.created_at),
        "lastModifiedTime": rfc3339(owned.updated_at),
    }


def unusual(owned: Owned) -> dict[str, Any]:
    """What is left out where it is as usual. Source: what the integration test of the vendor's tool fc3 is answered.

    `s deploy` compares all that is said with what its caller wrote, and asks before it goes on if anything differs.
    """
    function = owned.function
    layers = [{"arn": arn, "size": 0} for arn in function.layers]
    tags = [{"Key": name, "Value": value} for name, value in owned.tags.items()]
    one_at_a_time = function.instance_concurrency == 1 and not function.runtime.startswith("custom")
    return {
        **({} if one_at_a_time else {"instanceConcurrency": function.instance_concurrency}),
        **({"layers": layers} if layers else {}),
        **({"tags": tags} if tags else {}),
    }

"""Tags of functions. Lists stand in the query as texts of JSON. Source: fc contract 1.2 and 1.6."""

from collections.abc import Sequence

import msgspec

from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, done
from liuyun.gateway.fc.v2016.bodies import read
from liuyun.gateway.fc.v2023.bodies import TagsBody
from liuyun.gateway.fc.v2023.functions import function_named
from liuyun.gateway.http import Response
from liuyun.model.function import own_service

MOST_RESOURCES = 50


async def tag_resources(call: Call) -> Response:
    body = await read(TagsBody, call.request.body)
    names = resources(body.ResourceId or (), body.ResourceType)
    for name in names:
        await call.platform.services.tag(call.account_id, own_service(name), body.values())
    return done(call)


async def untag_resources(call: Call) -> Response:
    query = call.query()
    names = resources(texts(query, "ResourceId"), query.get("ResourceType", ""))
    keys = texts(query, "TagKey")
    every = query.get("All", "").lower() == "true" and not keys
    for name in names:
        await call.platform.services.untag(call.account_id, own_service(name), None if every else keys)
    return done(call)


async def list_tag_resources(call: Call) -> Response:
    query = call.query()
    given = texts(query, "ResourceId")
    found: list[dict[str, str]] = []
    for resource, name in zip(given, resources(given, query.get("ResourceType", "")), strict=True):
        tags = await call.platform.services.tags(call.account_id, own_service(name))
        found += [
            {"ResourceType": "function", "ResourceId": resource, "TagKey": key, "TagValue": value}
            for key, value in tags.items()
        ]
    return answer(call, {"RequestId": call.request.request_id, "TagResources": found})


def resources(ids: Sequence[str], kind: str) -> list[str]:
    """The functions that are meant. Raises Invalid."""
    if kind.lower() not in {"", "function"}:
        raise Invalid(f"ResourceType must be function, but is '{kind[:80]}'")
    if not 1 <= len(ids) <= MOST_RESOURCES:
        raise Invalid(f"ResourceId must name 1 to {MOST_RESOURCES} functions, but names {len(ids)}")
    return [function_named(resource) for resource in ids]


def texts(query: dict[str, str], name: str) -> list[str]:
    """Raises Invalid."""
    try:
        return msgspec.json.decode(query.get(name) or "[]", type=list[str])
    except msgspec.MsgspecError:
        raise Invalid(f'{name} must be a list of texts as JSON, as ["a","b"] is') from None

"""Which instances of a function there are. Source: fc contract 1.4 and 1.6."""

from collections.abc import Sequence
from typing import Any

import msgspec

from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer
from liuyun.gateway.http import Response
from liuyun.model.instance import ShownInstance
from liuyun.model.release import LATEST

ALL_ACTIVE = "withAllActive"


async def list_instances(call: Call) -> Response:
    service, qualifier = call.service_and_qualifier()
    query = call.query()
    name = call.names["function"]
    await call.platform.functions.get(call.account_id, service, name, qualifier)  # raises what is missing
    found = call.platform.instances(call.account_id, service, name)
    versions = await call.platform.resolver.versions(call.account_id, service, qualifier)
    if query.get(ALL_ACTIVE, "").lower() != "true":
        found = [item for item in found if item.version_id in versions]
    ids = asked(query)
    shown = [
        described(item, qualifier if item.version_id in versions else item.version_id, call)
        for item in found
        if not ids or item.instance_id in ids
    ]
    return answer(call, {"instances": shown, "requestId": call.request.request_id})


def asked(query: dict[str, str]) -> Sequence[str]:
    """One JSON text from the newest clients, numbered parameters from the 2021 ones (fc contract 1.2)."""
    numbered = [value for name, value in query.items() if name.startswith("instanceIds.")]
    text = query.get("instanceIds", "")
    if not text.startswith("["):
        return numbered or [part for part in text.split(",") if part]
    try:
        return msgspec.json.decode(text, type=list[str])
    except msgspec.MsgspecError:
        raise Invalid('instanceIds must be a list of texts as JSON, as ["a","b"] is') from None


def described(item: ShownInstance, qualifier: str, call: Call) -> dict[str, Any]:
    if not call.dialect.serviceless:
        return {"instanceId": item.instance_id, "versionId": number_of(item)}
    return {
        "instanceId": item.instance_id,
        "versionId": number_of(item),
        "qualifier": qualifier or LATEST,
        "status": "Running",
        "createdTimeMs": item.created_at,
    }


def number_of(item: ShownInstance) -> str:
    """The newest state has the number 0."""
    return "0" if item.version_id == LATEST else item.version_id

"""Functions that nobody may call for the time being. Source: fc contract 1.6."""

from typing import Any

from liuyun.catalog.resolve import disabled
from liuyun.clock import rfc3339
from liuyun.errors import phrase
from liuyun.gateway.fc.call import Call, answer
from liuyun.gateway.fc.v2016.bodies import read
from liuyun.gateway.fc.v2023.bodies import RestrictionBody
from liuyun.gateway.http import Response
from liuyun.model.configuration import ConfigKind, Target
from liuyun.model.release import LATEST


async def disable_invocation(call: Call) -> Response:
    """With abortOngoingRequest, what runs ends now; else it is finished."""
    body = await read(RestrictionBody, call.request.body)
    document = {"reason": body.reason or ""}
    await call.platform.catalog.configurations.put(ConfigKind.RESTRICTION, target_of(call), document)
    if body.abortOngoingRequest:
        names = call.account_id, call.names["service"], call.names["function"]
        why = phrase(
            "function_ended", "{disabled}; those that ran were ended", disabled=disabled(names[2], body.reason)
        )
        call.platform.abort(*names, why)
    return answer(call, {"success": True})


async def enable_invocation(call: Call) -> Response:
    await call.platform.own_functions.get(call.account_id, call.names["function"])
    if is_restricted(call):
        await call.platform.catalog.configurations.delete(ConfigKind.RESTRICTION, target_of(call))
    return answer(call, {"success": True})


async def restriction_of(call: Call) -> dict[str, Any]:
    """The member of a function's description; empty if anybody may call it."""
    if not is_restricted(call):
        return {}
    found = await call.platform.catalog.configurations.get(ConfigKind.RESTRICTION, target_of(call))
    restriction = {**found.document, "lastModifiedTime": rfc3339(found.updated_at)}
    return {"invocationRestriction": restriction}


def is_restricted(call: Call) -> bool:
    service, function = call.names["service"], call.names["function"]
    configurations = call.platform.catalog.configurations
    return configurations.of(ConfigKind.RESTRICTION, call.account_id, service, LATEST, function) is not None


def target_of(call: Call) -> Target:
    return Target(call.account_id, call.names["service"], LATEST, call.names["function"])

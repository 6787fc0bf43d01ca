"""Triggers. Source: triggers contract 1."""

from typing import Any

import msgspec

from liuyun.clock import rfc3339
from liuyun.gateway.fc.call import V2016, Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import TriggerBody, read
from liuyun.gateway.fc.v2016.functions import authority
from liuyun.gateway.http import Response
from liuyun.model.function import Trigger


async def create_trigger(call: Call) -> Response:
    body = await read(TriggerBody, call.request.body)
    service, function = call.names["service"], call.names["function"]
    trigger = await call.platform.triggers.create(call.account_id, service, function, body.draft())
    return answer(call, trigger_body(trigger, call), etag=trigger.etag)


async def get_trigger(call: Call) -> Response:
    trigger = await call.platform.triggers.get(key(call))
    return answer(call, trigger_body(trigger, call), etag=trigger.etag)


async def update_trigger(call: Call) -> Response:
    body = await read(TriggerBody, call.request.body)
    trigger = await call.platform.triggers.update(key(call), body.changes(), if_match=call.if_match)
    return answer(call, trigger_body(trigger, call), etag=trigger.etag)


async def delete_trigger(call: Call) -> Response:
    await call.platform.triggers.delete(key(call), if_match=call.if_match)
    return done(call)


async def list_triggers(call: Call) -> Response:
    service, function = call.names["service"], call.names["function"]
    page = await call.platform.triggers.list(call.account_id, service, function, listing(call.query()))
    return answer(call, {"triggers": [trigger_body(t, call) for t in page.items], **next_token(page.next_key)})


def key(call: Call) -> tuple[str, str, str, str]:
    return call.account_id, call.names["service"], call.names["function"], call.names["trigger"]


def trigger_body(trigger: Trigger, call: Call) -> dict[str, Any]:
    return {
        "triggerName": trigger.name,
        "triggerId": trigger.trigger_id,
        "triggerType": trigger.kind,
        "triggerConfig": msgspec.json.encode(trigger.config).decode()
        if call.dialect.config_as_text
        else trigger.config,
        "qualifier": trigger.qualifier,
        **origin(trigger, call),
        "description": trigger.description,
        **(addresses(trigger, call) if trigger.kind == "http" else {}),
        "createdTime": rfc3339(trigger.created_at),
        "lastModifiedTime": rfc3339(trigger.updated_at),
    }


def addresses(trigger: Trigger, call: Call) -> dict[str, Any]:
    """Where the function answers. The newest API puts them into a member of their own."""
    qualifier = "" if trigger.qualifier == "LATEST" else f".{trigger.qualifier}"
    host = authority(call.request)
    base = f"{call.request.scheme}://{host}"
    if call.dialect.serviceless:
        url = f"{base}{call.dialect.prefix}proxy/{trigger.function}{qualifier}/"
        return {"httpTrigger": {"urlInternet": url, "urlIntranet": url}}
    url = f"{base}{V2016.prefix}proxy/{trigger.service}{qualifier}/{trigger.function}/"
    return {"urlInternet": url, "urlIntranet": url, "domainName": host}


def origin(trigger: Trigger, call: Call) -> dict[str, str]:
    """The newest API leaves out what there is not, for the reason in v2023.functions.unusual."""
    said = {"sourceArn": trigger.source_arn, "invocationRole": trigger.invocation_role}
    return {name: text for name, text in said.items() if text} if call.dialect.serviceless else said

"""Aliases of versions. Source: fc contract 1.4, 1.5 and 4.1."""

from typing import Any

from liuyun.clock import rfc3339
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import AliasBody, read
from liuyun.gateway.http import Response
from liuyun.model.release import Alias


async def create_alias(call: Call) -> Response:
    body = await read(AliasBody, call.request.body)
    alias = await call.platform.catalog.aliases.create(
        call.account_id, call.names["service"], body.aliasName or "", body.changes()
    )
    return answer(call, alias_body(alias), etag=alias.etag)


async def get_alias(call: Call) -> Response:
    alias = await call.platform.catalog.aliases.get(call.account_id, call.names["service"], call.names["alias"])
    return answer(call, alias_body(alias), etag=alias.etag)


async def update_alias(call: Call) -> Response:
    body = await read(AliasBody, call.request.body)
    alias = await call.platform.catalog.aliases.update(
        call.account_id, call.names["service"], call.names["alias"], body.changes(), if_match=call.if_match
    )
    return answer(call, alias_body(alias), etag=alias.etag)


async def list_aliases(call: Call) -> Response:
    page = await call.platform.catalog.aliases.list(call.account_id, call.names["service"], listing(call.query()))
    return answer(call, {"aliases": [alias_body(alias) for alias in page.items], **next_token(page.next_key)})


async def delete_alias(call: Call) -> Response:
    await call.platform.catalog.aliases.delete(
        call.account_id, call.names["service"], call.names["alias"], if_match=call.if_match
    )
    return done(call)


def alias_body(alias: Alias) -> dict[str, Any]:
    return {
        "aliasName": alias.name,
        "versionId": alias.version_id,
        "description": alias.description,
        "additionalVersionWeight": alias.weights,
        "resolvePolicy": alias.resolve_policy,
        **({"routePolicy": alias.route_policy} if alias.route_policy else {}),
        "createdTime": rfc3339(alias.created_at),
        "lastModifiedTime": rfc3339(alias.updated_at),
    }

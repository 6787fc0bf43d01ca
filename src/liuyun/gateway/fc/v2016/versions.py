"""Versions of services. Source: fc contract 1.4 and 4.1."""

from typing import Any

from liuyun.clock import rfc3339
from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import VersionBody, read
from liuyun.gateway.http import Response
from liuyun.model.release import Version

NEWEST_FIRST, OLDEST_FIRST = "BACKWARD", "FORWARD"


async def publish_version(call: Call) -> Response:
    body = await read(VersionBody, call.request.body)
    version = await call.platform.catalog.versions.publish(
        call.account_id, call.names["service"], body.description or "", if_match=call.if_match
    )
    return answer(call, version_body(version))


async def list_versions(call: Call) -> Response:
    query = call.query()
    direction = query.get("direction", "").upper() or NEWEST_FIRST
    if direction not in {NEWEST_FIRST, OLDEST_FIRST}:
        raise Invalid(f"direction must be {OLDEST_FIRST} or {NEWEST_FIRST}, but is '{direction[:40]}'")
    page = await call.platform.catalog.versions.list(
        call.account_id, call.names["service"], listing(query), oldest_first=direction == OLDEST_FIRST
    )
    versions = [version_body(version) for version in page.items]
    return answer(call, {"versions": versions, "direction": direction, **next_token(page.next_key)})


async def delete_version(call: Call) -> Response:
    await call.platform.catalog.versions.delete(call.account_id, call.names["service"], call.names["version"])
    return done(call)


def version_body(version: Version) -> dict[str, Any]:
    return {
        "versionId": version.version_id,
        "description": version.description,
        "createdTime": rfc3339(version.created_at),
        "lastModifiedTime": rfc3339(version.created_at),
    }

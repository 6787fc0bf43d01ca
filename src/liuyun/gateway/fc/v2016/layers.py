"""Layers. Source: fc contract 1.4, 1.5 and 1.6; the node client's calls."""

from typing import Any
from urllib.parse import unquote

from liuyun.catalog.layers import NEWEST, LayerDraft, arn_of, named
from liuyun.clock import rfc3339
from liuyun.errors import LayerVersionNotFound
from liuyun.gateway.fc.call import Call, answer, done, integer, listing, next_token
from liuyun.gateway.fc.v2016.bodies import LayerBody, read
from liuyun.gateway.fc.v2016.functions import package_link, sent_code
from liuyun.gateway.http import Response
from liuyun.model.layer import LayerName, LayerVersion

MOST = 100


async def publish_version(call: Call) -> Response:
    body = await read(LayerBody, call.request.body)
    draft = LayerDraft(
        code=await sent_code(call, body.code),
        description=body.description or "",
        runtimes=tuple(body.compatibleRuntime or ()),
        license=body.license or "",
    )
    version = await call.platform.catalog.layers.publish(call.account_id, call.names["layer"], draft)
    return answer(call, version_body(version, call, public=False))


async def get_version(call: Call) -> Response:
    name = LayerName(call.account_id, call.names["layer"], number(call))
    version, public = await call.platform.catalog.layers.get(call.account_id, name)
    return answer(call, version_body(version, call, public=public))


async def get_version_by_arn(call: Call) -> Response:
    """The ARN has slashes, which clients may escape or not."""
    name = named(unquote(call.names["rest"].lstrip("/")))
    version, public = await call.platform.catalog.layers.get(call.account_id, name)
    return answer(call, version_body(version, call, public=public))


async def list_versions(call: Call) -> Response:
    query = call.query()
    limit = integer(query, "limit", 20, low=1, high=MOST)
    start = integer(query, "startVersion", NEWEST, low=1, high=NEWEST)
    found = await call.platform.catalog.layers.versions(call.account_id, call.names["layer"], start=start, limit=limit)
    more = {"nextVersion": found[limit].number} if len(found) > limit else {}
    return answer(call, {"layers": [version_body(version, call) for version in found[:limit]], **more})


async def list_layers(call: Call) -> Response:
    """`official` asks for the vendor's own layers, of which there are none here."""
    query = call.query()
    if query.get("official", "").lower() == "true":
        return answer(call, {"layers": []})
    public = query.get("public", "").lower() == "true"
    page = await call.platform.catalog.layers.list(call.account_id, listing(query), public=public)
    layers = [version_body(layer.newest, call, public=layer.public) for layer in page.items]
    return answer(call, {"layers": layers, **next_token(page.next_key)})


async def delete_version(call: Call) -> Response:
    await call.platform.catalog.layers.delete(call.account_id, call.names["layer"], number(call))
    return done(call)


async def set_acl(call: Call) -> Response:
    query = call.query()
    public = query.get("public", query.get("acl", "")).lower() in {"true", "1"}
    await call.platform.catalog.layers.set_public(call.account_id, call.names["layer"], public=public)
    return answer(call, {"requestId": call.request.request_id})


def number(call: Call) -> int:
    text = call.names["version"]
    if not (text.isascii() and text.isdigit() and 0 < len(text) < 10):
        raise LayerVersionNotFound(f"{call.names['layer']}/versions/{text[:40]}")
    return int(text)


def version_body(version: LayerVersion, call: Call, *, public: bool | None = None) -> dict[str, Any]:
    arn = arn_of(version, call.platform.region)
    acl = {} if public is None else {"acl": str(int(public)) if call.dialect.serviceless else int(public)}
    return {
        "layerName": version.layer,
        "version": version.number,
        "description": version.description,
        "license": version.license,
        "arn": arn,
        "arnV2": arn,
        "layerVersionArn": arn,
        "compatibleRuntime": version.runtimes,
        "codeSize": version.code_size,
        "codeChecksum": version.code_checksum,
        "code": {"location": package_link(call, version.package), "repositoryType": "OSS"},
        "createTime": rfc3339(version.created_at),
        **acl,
    }

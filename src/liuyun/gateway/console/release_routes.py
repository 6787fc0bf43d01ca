"""Versions and aliases of a function's service, which a function of FC 3.0 has to itself."""

from liuyun.catalog.aliases import MOST_ALIASES, AliasChanges
from liuyun.errors import AliasNotFound
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import TheFunction
from liuyun.gateway.console.guard import Anybody, Operator, ThePlatform
from liuyun.gateway.console.models import Segment
from liuyun.gateway.console.release_models import (
    AliasChange,
    AliasList,
    AliasView,
    NewVersion,
    VersionList,
    VersionView,
    alias_view,
    version_view,
)
from liuyun.model.listing import Listing

router = ConsoleRouter(prefix="/api/functions/{service}/{function}", tags=["releases"])
MOST = 100


@router.get("/versions", summary="The newest versions", operation_id="listVersions")
async def list_versions(at: TheFunction, _: Anybody, parts: ThePlatform) -> VersionList:
    found = await parts.functions.catalog.versions.list(parts.account_id, at.service, Listing(limit=MOST))
    return VersionList(versions=[version_view(version) for version in found.items])


@router.post("/versions", summary="Publish the newest state", status_code=201, operation_id="publishVersion")
async def publish_version(at: TheFunction, given: NewVersion, caller: Operator, parts: ThePlatform) -> VersionView:
    version = await parts.functions.catalog.versions.publish(parts.account_id, at.service, given.description)
    await caller.did(parts.audit, "PublishVersion", str(at), version=version.version_id)
    return version_view(version)


@router.delete("/versions/{version}", summary="Delete a version", status_code=204, operation_id="deleteVersion")
async def delete_version(at: TheFunction, version: Segment, caller: Operator, parts: ThePlatform) -> None:
    await parts.functions.catalog.versions.delete(parts.account_id, at.service, version)
    await caller.did(parts.audit, "DeleteVersion", str(at), version=version)


@router.get("/aliases", summary="The aliases", operation_id="listAliases")
async def list_aliases(at: TheFunction, _: Anybody, parts: ThePlatform) -> AliasList:
    found = await parts.functions.catalog.aliases.list(parts.account_id, at.service, Listing(limit=MOST_ALIASES))
    return AliasList(aliases=[alias_view(alias) for alias in found.items])


@router.put("/aliases/{alias}", summary="Let an alias lead somewhere", operation_id="putAlias")
async def put_alias(
    at: TheFunction, alias: Segment, given: AliasChange, caller: Operator, parts: ThePlatform
) -> AliasView:
    changes = AliasChanges(version_id=given.version_id, weights=given.weights, description=given.description)
    aliases = parts.functions.catalog.aliases
    try:
        stored = await aliases.update(parts.account_id, at.service, alias, changes, if_match=given.etag)
    except AliasNotFound:
        stored = await aliases.create(parts.account_id, at.service, alias, changes)
    await caller.did(
        parts.audit, "PutAlias", str(at), alias=alias, version=stored.version_id, weights=dict(stored.weights)
    )
    return alias_view(stored)


@router.delete("/aliases/{alias}", summary="Delete an alias", status_code=204, operation_id="deleteAlias")
async def delete_alias(at: TheFunction, alias: Segment, caller: Operator, parts: ThePlatform) -> None:
    await parts.functions.catalog.aliases.delete(parts.account_id, at.service, alias)
    await caller.did(parts.audit, "DeleteAlias", str(at), alias=alias)

"""Layers: published by number, named by ARN, merged for the functions that use them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from liuyun.catalog.changes import ZipFile
from liuyun.catalog.code import CodePackages
from liuyun.catalog.rules import (
    LONGEST_DESCRIPTION,
    LONGEST_LAYER,
    MOST_LAYERS,
    RUNTIMES,
    check_length,
    check_name,
    shown,
)
from liuyun.clock import Clock
from liuyun.errors import Invalid, LayerNotFound, LayerVersionNotFound
from liuyun.model.layer import Layer, LayerName, LayerVersion
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import layers as store

MOST_VERSIONS = 100  # of one layer (fc contract 2)
MOST_RUNTIMES = 20
NEWEST = 2**31
ARN = re.compile(r"acs:fc:[^:/]*:(?P<account>[0-9]+):layers/(?P<layer>[^/:]+)/versions/(?P<number>[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerDraft:
    code: ZipFile | None
    description: str = ""
    runtimes: tuple[str, ...] = ()
    license: str = ""


class Layers:
    def __init__(self, *, db: Database, clock: Clock, code: CodePackages) -> None:
        self._db = db
        self._clock = clock
        self._code = code

    async def publish(self, account_id: str, layer: str, draft: LayerDraft) -> LayerVersion:
        """A new version. Raises Invalid, and what CodePackages.store raises."""
        check_name("layerName", layer, LONGEST_LAYER)
        check(draft)
        if draft.code is None:
            raise Invalid("code_required", "code is required: give zipFile, the base64 text of a zip file")
        package = await self._code.store(draft.code, "")
        version = LayerVersion(
            account_id=account_id,
            layer=layer,
            number=0,
            description=draft.description,
            runtimes=draft.runtimes,
            license=draft.license,
            package=package.name,
            code_checksum=package.checksum,
            code_size=package.size,
            created_at=self._clock.now(),
        )

        def work(tx: Transaction) -> LayerVersion:
            if store.count(tx, account_id, layer) >= MOST_VERSIONS:
                raise Invalid(
                    "layer_versions_most",
                    "a layer must have at most {most} versions; delete some that nobody uses",
                    most=MOST_VERSIONS,
                )
            numbered = replace(version, number=store.next_number(tx, account_id, layer))
            store.insert(tx, numbered)
            return numbered

        return await self._db.write(work)

    async def get(self, account_id: str, name: LayerName) -> tuple[LayerVersion, bool]:
        """With whether everybody may use it. Raises LayerVersionNotFound, also for one that this account may not."""
        return await self._db.read(lambda tx: usable(tx, account_id, name))

    async def versions(
        self, account_id: str, layer: str, *, start: int = NEWEST, limit: int = 20
    ) -> list[LayerVersion]:
        """From version `start` down; one more than `limit`, if there are. Raises LayerNotFound."""

        def work(tx: Transaction) -> list[LayerVersion]:
            found = store.newest(tx, account_id, layer, start, limit + 1)
            if not found and not store.count(tx, account_id, layer):
                raise LayerNotFound(layer)
            return found

        return await self._db.read(work)

    async def list(self, account_id: str, listing: Listing, *, public: bool = False) -> Page[Layer]:
        found = await self._db.read(
            lambda tx: store.page(tx, account_id, replace(listing, limit=listing.limit + 1), public=public)
        )
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].newest.layer if more else None)

    async def set_public(self, account_id: str, layer: str, *, public: bool) -> None:
        """Raises LayerNotFound."""

        def work(tx: Transaction) -> None:
            if not store.count(tx, account_id, layer):
                raise LayerNotFound(layer)
            store.set_public(tx, account_id, layer, public=public)

        await self._db.write(work)

    async def delete(self, account_id: str, layer: str, number: int) -> None:
        """Functions that use it go on: they have their own copy. Deleting what isn't there does nothing."""
        await self._db.write(lambda tx: store.delete(tx, account_id, layer, number))

    async def merged(self, account_id: str, arns: Sequence[str]) -> str:
        """The package that holds these layers as one folder; empty without layers.

        Raises Invalid, LayerVersionNotFound or Unavailable.
        """
        if not arns:
            return ""
        if len(arns) > MOST_LAYERS:
            raise Invalid(
                "layers_most", "layers must name at most {most}, but name {count}", most=MOST_LAYERS, count=len(arns)
            )
        names = [named(arn) for arn in arns]
        found = await self._db.read(lambda tx: [usable(tx, account_id, name)[0] for name in names])
        return await self._code.merged([version.package for version in found])


def named(arn: str) -> LayerName:
    """Raises LayerVersionNotFound."""
    match = ARN.fullmatch(arn)
    if match is None:
        raise LayerVersionNotFound(shown(arn))
    return LayerName(match["account"], match["layer"], int(match["number"]))


def arn_of(version: LayerVersion, region: str) -> str:
    return f"acs:fc:{region}:{version.account_id}:layers/{version.layer}/versions/{version.number}"


def usable(tx: Transaction, account_id: str, name: LayerName) -> tuple[LayerVersion, bool]:
    version = store.find(tx, name.account_id, name.layer, name.number)
    public = store.is_public(tx, name.account_id, name.layer)
    if version is None or (name.account_id != account_id and not public):
        raise LayerVersionNotFound(f"{name.layer}/versions/{name.number}")
    return version, public


def check(draft: LayerDraft) -> None:
    check_length("description", draft.description, LONGEST_DESCRIPTION)
    check_length("license", draft.license, LONGEST_DESCRIPTION)
    if len(draft.runtimes) > MOST_RUNTIMES:
        raise Invalid("layer_runtimes_most", "compatibleRuntime must name at most {most} runtimes", most=MOST_RUNTIMES)
    for runtime in draft.runtimes:
        if runtime not in RUNTIMES:
            raise Invalid(
                "layer_runtime_unknown",
                "compatibleRuntime must have some of {runtimes}, but has '{runtime}'",
                runtimes=", ".join(RUNTIMES),
                runtime=shown(runtime),
            )

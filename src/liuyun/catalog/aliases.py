"""Aliases: names for versions, which callers keep while the version behind them changes."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from liuyun.catalog import routing
from liuyun.catalog.changes import check_etag
from liuyun.catalog.configurations import Configurations, check_unkept, delete_all
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.rules import LONGEST_ALIAS, LONGEST_DESCRIPTION, check_config, check_length, check_name, shown
from liuyun.catalog.services import ETAG_BYTES
from liuyun.catalog.states import alias_named, newest_service
from liuyun.catalog.versions import Led, check_exists
from liuyun.clock import Clock
from liuyun.errors import AliasExists, AliasInUse, Invalid
from liuyun.ids import Ids
from liuyun.model.configuration import Configuration
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.model.release import CONTENT, LATEST, RANDOM, Alias
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import aliases as store
from liuyun.storage.stores import configurations as configuration_store
from liuyun.storage.stores import triggers as trigger_store

MOST_ALIASES = 100  # of one service
POLICIES = (RANDOM, CONTENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class AliasChanges:
    """None leaves a part as it is; `weights` replace all that were there."""

    version_id: str | None = None
    description: str | None = None
    weights: Mapping[str, float] | None = None
    resolve_policy: str | None = None
    route_policy: Mapping[str, Any] | None = None


class Aliases:
    """What is called by an alias follows a change with the next call: it is out of the resolver's memory by then."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, resolver: Resolver, configurations: Configurations, led: Led
    ) -> None:
        """`led` is told where an alias leads from now on."""
        self._db = db
        self._clock = clock
        self._ids = ids
        self._resolver = resolver
        self._configurations = configurations
        self._led = led

    async def create(self, account_id: str, service: str, name: str, changes: AliasChanges) -> Alias:
        """Raises Invalid, ServiceNotFound, VersionNotFound or AliasExists."""
        check_name("aliasName", name, LONGEST_ALIAS)
        if name.upper() == LATEST:
            raise Invalid("alias_latest", "aliasName must not be LATEST, which is what the newest state is called")
        now = self._clock.now()
        blank = Alias(
            account_id, service, name, version_id="", created_at=now, updated_at=now, etag=self._ids.hex(ETAG_BYTES)
        )
        alias = changed(blank, changes)
        check(alias)

        def work(tx: Transaction) -> None:
            newest_service(tx, account_id, service)
            check_versions(tx, alias)
            if len(store.every(tx, account_id, service)) >= MOST_ALIASES:
                raise Invalid("aliases_most", "a service must have at most {most} aliases", most=MOST_ALIASES)
            if not store.insert(tx, alias):
                raise AliasExists(service, name)

        await self._db.write(work)
        self._resolver.forget_service(account_id, service)
        return alias

    async def get(self, account_id: str, service: str, name: str) -> Alias:
        """Raises ServiceNotFound or AliasNotFound."""
        return await self._db.read(lambda tx: alias_named(tx, account_id, service, name))

    async def update(
        self, account_id: str, service: str, name: str, changes: AliasChanges, *, if_match: str = ""
    ) -> Alias:
        """Raises Invalid, ServiceNotFound, AliasNotFound, VersionNotFound or EtagMismatch."""
        now, etag = self._clock.now(), self._ids.hex(ETAG_BYTES)

        def work(tx: Transaction) -> Alias:
            old = alias_named(tx, account_id, service, name)
            check_etag(if_match, old.etag)
            alias = replace(changed(old, changes), updated_at=now, etag=etag)
            check(alias)
            check_versions(tx, alias)
            store.update(tx, alias)
            return alias

        alias = await self._db.write(work)
        self._resolver.forget_service(account_id, service)
        self._led(account_id, service, name, (alias.version_id, *alias.weights))
        return alias

    async def list(self, account_id: str, service: str, listing: Listing) -> Page[Alias]:
        """Raises ServiceNotFound."""

        def work(tx: Transaction) -> list[Alias]:
            newest_service(tx, account_id, service)
            return store.page(tx, account_id, service, replace(listing, limit=listing.limit + 1))

        found = await self._db.read(work)
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].name if more else None)

    async def delete(self, account_id: str, service: str, name: str, *, if_match: str = "") -> None:
        """Raises ServiceNotFound, AliasNotFound, EtagMismatch or AliasInUse."""

        def work(tx: Transaction) -> list[Configuration]:
            check_etag(if_match, alias_named(tx, account_id, service, name).etag)
            check_unused(tx, account_id, service, name)
            gone = configuration_store.of_qualifier(tx, account_id, service, name)
            check_unkept(gone, AliasInUse)
            delete_all(tx, gone)
            store.delete(tx, account_id, service, name)
            return gone

        self._configurations.forget_all(await self._db.write(work))
        self._resolver.forget_service(account_id, service)
        self._led(account_id, service, name, ())


def changed(alias: Alias, changes: AliasChanges) -> Alias:
    """A version that becomes the main one loses the share that it had beside the main one before."""
    version_id = alias.version_id if changes.version_id is None else changes.version_id
    weights = changes.weights
    if weights is None:
        weights = {version: weight for version, weight in alias.weights.items() if version != version_id}
    return replace(
        alias,
        version_id=version_id,
        description=alias.description if changes.description is None else changes.description,
        weights=weights,
        resolve_policy=alias.resolve_policy if changes.resolve_policy is None else changes.resolve_policy,
        route_policy=alias.route_policy if changes.route_policy is None else changes.route_policy,
    )


def check(alias: Alias) -> None:
    check_length("description", alias.description, LONGEST_DESCRIPTION)
    check_config(alias.route_policy)
    routing.read(alias.route_policy)
    if alias.resolve_policy not in POLICIES:
        raise Invalid(
            "alias_policy_unknown",
            "resolvePolicy must be one of {policies}, but is '{resolve_policy}'",
            policies=", ".join(POLICIES),
            resolve_policy=shown(alias.resolve_policy),
        )
    if len(alias.weights) > 1:
        raise Invalid(
            "alias_weights_many",
            "additionalVersionWeight must name at most one version, but names {count}",
            count=len(alias.weights),
        )
    for version, weight in alias.weights.items():
        if version == alias.version_id:
            raise Invalid(
                "alias_weight_same_version",
                "additionalVersionWeight must name another version than versionId, but both are '{version}'",
                version=shown(version),
            )
        if not (math.isfinite(weight) and 0 <= weight <= 1):
            raise Invalid(
                "alias_weight_range",
                "the weight of version '{version}' must be from 0 to 1, but is {weight}",
                version=shown(version),
                weight=weight,
            )


def check_versions(tx: Transaction, alias: Alias) -> None:
    for version in (alias.version_id, *alias.weights):
        check_exists(tx, alias.account_id, alias.service, version)


def check_unused(tx: Transaction, account_id: str, service: str, name: str) -> None:
    if used := trigger_store.using(tx, account_id, service, name):
        raise AliasInUse(
            "alias_used_by_trigger",
            "the trigger '{trigger}' of function '{function}' uses the alias '{alias}'; delete that first",
            trigger=used[0].name,
            function=used[0].function,
            alias=name,
        )

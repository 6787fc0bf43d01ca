"""Configurations of functions by qualifier: stored, and all of them in memory for who acts on them.

They are few and small, and an invocation asks for some of them, so nothing is read from the database but at the start.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from liuyun.catalog.configuration_rules import Document, checked
from liuyun.catalog.states import function_at, version_behind
from liuyun.clock import Clock
from liuyun.errors import (
    AsyncConfigNotFound,
    ConcurrencyConfigNotFound,
    Conflict,
    NotFound,
    OnDemandConfigNotFound,
    ProvisionConfigNotFound,
)
from liuyun.model.configuration import ConfigKind, Configuration, Target
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.model.release import LATEST
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import configurations as store

Changed = Callable[[Target, ConfigKind, Configuration | None], None]
MISSING: dict[ConfigKind, type[NotFound]] = {
    ConfigKind.PROVISION: ProvisionConfigNotFound,
    ConfigKind.ON_DEMAND: OnDemandConfigNotFound,
    ConfigKind.CONCURRENCY: ConcurrencyConfigNotFound,
    ConfigKind.ASYNC: AsyncConfigNotFound,
}


class Configurations:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._known: dict[tuple[ConfigKind, Target], Configuration] = {}
        self._watchers: list[Changed] = []

    async def start(self) -> None:
        for configuration in await self._db.read(store.every):
            self._remember(configuration)

    def watch(self, changed: Changed) -> None:
        """`changed(target, kind, configuration or None)` is called after each change, and for each that is there."""
        self._watchers.append(changed)
        for configuration in self._known.values():
            changed(configuration.target, configuration.kind, configuration)

    def of(self, kind: ConfigKind, account_id: str, service: str, qualifier: str, function: str) -> Document | None:
        """What is set for this very qualifier, from memory."""
        known = self._known.get((kind, Target(account_id, service, qualifier or LATEST, function)))
        return known.document if known else None

    async def put(self, kind: ConfigKind, target: Target, document: Document) -> Configuration:
        """Replaces what was set. Raises Invalid, or what of service, function and qualifier is not found."""
        now = self._clock.now()
        new = Configuration(target, kind, checked(kind, document), now, now)

        def work(tx: Transaction) -> Configuration:
            check_exists(tx, target)
            old = store.find(tx, target, kind)
            stored = replace(new, created_at=old.created_at) if old else new
            store.put(tx, stored)
            return stored

        stored = await self._db.write(work)
        self._remember(stored)
        return stored

    async def get(self, kind: ConfigKind, target: Target) -> Configuration:
        """Raises what `put` does, or the kind's NotFound."""
        known = self._known.get((kind, target))
        if known is None:
            await self._db.read(lambda tx: check_exists(tx, target))
            raise missing(kind, target)
        return known

    async def delete(self, kind: ConfigKind, target: Target) -> None:
        """Raises what `get` does."""

        def work(tx: Transaction) -> None:
            if not store.delete(tx, target, kind):
                check_exists(tx, target)
                raise missing(kind, target)

        await self._db.write(work)
        self._forget(kind, target)

    def list(self, kind: ConfigKind, account_id: str, listing: Listing, wanted: Target) -> Page[Configuration]:
        """By name. Empty members of `wanted` leave open what it is."""
        keys = {
            name_of(target): known
            for (of_kind, target), known in self._known.items()
            if of_kind is kind and target.account_id == account_id and fits(target, wanted)
        }
        names = [name for name in sorted(keys) if name >= listing.start and name > listing.after]
        names = [name for name in names if name.startswith(listing.prefix)]
        page = names[: listing.limit]
        return Page([keys[name] for name in page], page[-1] if len(names) > listing.limit else None)

    def forget_all(self, gone: Iterable[Configuration]) -> None:
        """To be called after the commit that took them out of the database."""
        for configuration in gone:
            self._forget(configuration.kind, configuration.target)

    def _remember(self, configuration: Configuration) -> None:
        self._known[configuration.kind, configuration.target] = configuration
        self._tell(configuration.target, configuration.kind, configuration)

    def _forget(self, kind: ConfigKind, target: Target) -> None:
        if self._known.pop((kind, target), None) is not None:
            self._tell(target, kind, None)

    def _tell(self, target: Target, kind: ConfigKind, configuration: Configuration | None) -> None:
        for changed in self._watchers:
            changed(target, kind, configuration)


def check_exists(tx: Transaction, target: Target) -> None:
    """Raises ServiceNotFound, FunctionNotFound, VersionNotFound or AliasNotFound."""
    version = version_behind(tx, target.account_id, target.service, target.qualifier)
    function_at(tx, target.account_id, target.service, version, target.function)


def delete_all(tx: Transaction, configurations: Iterable[Configuration]) -> None:
    for configuration in configurations:
        store.delete(tx, configuration.target, configuration.kind)


def check_unkept(configurations: Iterable[Configuration], error: type[Conflict]) -> None:
    """Raises `error` if instances are kept for one of these qualifiers."""
    for configuration in configurations:
        document = configuration.document
        if configuration.kind is ConfigKind.PROVISION and (document.get("target") or len(document) > 1):
            raise error(
                f"instances of function '{configuration.target.function}' are kept for the qualifier "
                f"'{configuration.target.qualifier}'; remove its provision configuration first"
            )


def fits(target: Target, wanted: Target) -> bool:
    return (
        wanted.service in {"", target.service}
        and wanted.qualifier in {"", target.qualifier}
        and wanted.function in {"", target.function}
    )


def name_of(target: Target) -> str:
    return f"services/{target.service}.{target.qualifier}/functions/{target.function}"


def missing(kind: ConfigKind, target: Target) -> NotFound:
    where = f"function '{target.function}' for qualifier '{target.qualifier}'"
    return MISSING[kind](f"no {kind.value} configuration is set for {where}")

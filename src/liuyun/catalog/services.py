"""Services: what functions are grouped in, and what they share."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace

from liuyun.catalog.changes import ServiceChanges, changed_service, check_etag
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.rules import LONGEST_SERVICE, check_name, check_service, check_tags
from liuyun.catalog.states import newest_service, service_at, version_behind
from liuyun.clock import Clock
from liuyun.errors import ServiceExists, ServiceNotEmpty
from liuyun.ids import Ids
from liuyun.model.function import Service
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import aliases as alias_store
from liuyun.storage.stores import functions as function_store
from liuyun.storage.stores import services as store
from liuyun.storage.stores import versions as version_store

Replaced = Callable[[str, str, str], Awaitable[None]]  # (account_id, service, function)
ETAG_BYTES = 16
SCAN = 100  # services read at a time while looking for tags


class Services:
    """`replaced` is told of every function that changes, once the change is stored."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids, resolver: Resolver, replaced: Replaced) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._resolver = resolver
        self._replaced = replaced

    async def create(self, account_id: str, name: str, changes: ServiceChanges) -> Service:
        """Raises Invalid or ServiceExists."""
        check_name("serviceName", name, LONGEST_SERVICE)
        now = self._clock.now()
        blank = Service(
            account_id=account_id,
            name=name,
            service_id=self._ids.uuid(),
            created_at=now,
            updated_at=now,
            etag=self._ids.hex(ETAG_BYTES),
        )
        service = changed_service(blank, changes)
        check_service(service)
        if not await self._db.write(lambda tx: store.insert(tx, service)):
            raise ServiceExists(name)
        return service

    async def get(self, account_id: str, name: str, qualifier: str = "") -> Service:
        """Raises ServiceNotFound, VersionNotFound or AliasNotFound."""

        def work(tx: Transaction) -> Service:
            return service_at(tx, account_id, name, version_behind(tx, account_id, name, qualifier))

        return await self._db.read(work)

    async def update(self, account_id: str, name: str, changes: ServiceChanges, *, if_match: str = "") -> Service:
        """Raises Invalid, ServiceNotFound or EtagMismatch."""
        now, etag = self._clock.now(), self._ids.hex(ETAG_BYTES)

        def work(tx: Transaction) -> tuple[Service, list[str]]:
            old = newest_service(tx, account_id, name)
            check_etag(if_match, old.etag)
            new = replace(changed_service(old, changes), updated_at=now, etag=etag)
            keep(tx, new)
            return new, function_store.names(tx, account_id, name)

        service, functions = await self._db.write(work)
        for function in functions:
            self._resolver.forget(account_id, name, function)
        for function in functions:
            await self._replaced(account_id, name, function)
        return service

    async def list(self, account_id: str, listing: Listing, tags: Mapping[str, str] | None = None) -> Page[Service]:
        """Only those that carry all of `tags`."""
        found = await self._db.read(lambda tx: tagged(tx, account_id, listing, tags or {}))
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].name if more else None)

    async def delete(self, account_id: str, name: str, *, if_match: str = "") -> None:
        """Raises ServiceNotFound, ServiceNotEmpty or EtagMismatch."""

        def work(tx: Transaction) -> None:
            check_etag(if_match, newest_service(tx, account_id, name).etag)
            check_empty(tx, account_id, name)
            store.delete(tx, account_id, name)
            version_store.delete_all(tx, account_id, name)

        await self._db.write(work)

    async def tag(self, account_id: str, name: str, tags: Mapping[str, str]) -> None:
        """Adds to the tags that are there. Raises Invalid or ServiceNotFound."""

        def work(tx: Transaction) -> None:
            newest_service(tx, account_id, name)
            check_tags({**store.tags(tx, account_id, name), **tags})
            store.set_tags(tx, account_id, name, tags)

        await self._db.write(work)

    async def untag(self, account_id: str, name: str, tags: Collection[str] | None) -> None:
        """Removes these tags, or all of them (None). Raises ServiceNotFound."""

        def work(tx: Transaction) -> None:
            newest_service(tx, account_id, name)
            if tags is None:
                store.delete_tags(tx, account_id, name)
            for tag in tags or ():
                store.delete_tag(tx, account_id, name, tag)

        await self._db.write(work)

    async def tags(self, account_id: str, name: str) -> dict[str, str]:
        """Raises ServiceNotFound."""

        def work(tx: Transaction) -> dict[str, str]:
            newest_service(tx, account_id, name)
            return store.tags(tx, account_id, name)

        return await self._db.read(work)


def keep(tx: Transaction, service: Service) -> None:
    """What it has become. Raises Invalid."""
    check_service(service)
    store.update(tx, service)


def check_empty(tx: Transaction, account_id: str, name: str) -> None:
    if (
        function_store.names(tx, account_id, name)
        or version_store.count(tx, account_id, name)
        or alias_store.every(tx, account_id, name)
    ):
        raise ServiceNotEmpty(name)


def tagged(tx: Transaction, account_id: str, listing: Listing, tags: Mapping[str, str]) -> list[Service]:
    """One more than the limit, if there are."""
    wanted = listing.limit + 1
    if not tags:
        return store.page(tx, account_id, replace(listing, limit=wanted))
    found: list[Service] = []
    part = replace(listing, limit=SCAN)
    while len(found) < wanted and (services := store.page(tx, account_id, part)):
        found += [s for s in services if tags.items() <= store.tags(tx, account_id, s.name).items()]
        part = replace(part, after=services[-1].name)
    return found[:wanted]

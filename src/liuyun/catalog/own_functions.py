"""Functions of the newer API, which have no service that anybody sees.

Inside, each is the only function of a service of its own (model/function.py), so that versions, aliases, roles and
tags are the same thing for both kinds. Both are made and removed in one commit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from liuyun.catalog.changes import FunctionChanges, ServiceChanges, changed_service, check_etag
from liuyun.catalog.functions import Functions
from liuyun.catalog.rules import check_service, check_tags
from liuyun.catalog.services import ETAG_BYTES, Services, keep
from liuyun.catalog.states import function_at, service_at, version_behind
from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.model.function import Function, Service, own_service
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import functions as store
from liuyun.storage.stores import services as service_store


@dataclass(frozen=True, slots=True)
class Owned:
    """A function and the service that is its own."""

    service: Service
    function: Function
    tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def etag(self) -> str:
        """Changes with either."""
        return self.service.etag[:ETAG_BYTES] + self.function.etag[:ETAG_BYTES]

    @property
    def updated_at(self) -> int:
        return max(self.service.updated_at, self.function.updated_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnedChanges:
    """What the caller says of a function, told apart by whose it is inside."""

    service: ServiceChanges
    function: FunctionChanges
    tags: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def of_service(self) -> bool:
        return self.service != ServiceChanges()

    @property
    def of_function(self) -> bool:
        return self.function != FunctionChanges()


class OwnFunctions:
    def __init__(self, *, db: Database, clock: Clock, ids: Ids, services: Services, functions: Functions) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._services = services
        self._functions = functions

    async def create(self, account_id: str, name: str, changes: OwnedChanges) -> Owned:
        """Raises Invalid or FunctionExists, and what CodePackages.store raises."""
        check_tags(changes.tags)
        own = changed_service(self._blank(account_id, name), changes.service)
        check_service(own)
        await self._functions.create(account_id, own.name, name, changes.function, own=own)
        if changes.tags:
            await self._services.tag(account_id, own.name, changes.tags)
        return await self.get(account_id, name)

    async def get(self, account_id: str, name: str, qualifier: str = "") -> Owned:
        """Raises FunctionNotFound, VersionNotFound or AliasNotFound."""
        return await self._db.read(lambda tx: find(tx, account_id, name, qualifier))

    async def update(self, account_id: str, name: str, changes: OwnedChanges, *, if_match: str = "") -> Owned:
        """Raises Invalid, FunctionNotFound, EtagMismatch or ConcurrentUpdate, and what CodePackages.store raises."""
        old = await self.get(account_id, name)
        check_etag(if_match, old.etag)
        check_service(changed_service(old.service, changes.service))
        now, etag = self._clock.now(), self._ids.hex(ETAG_BYTES)

        def beside(tx: Transaction) -> None:
            current = find(tx, account_id, name, "")
            check_etag(if_match, current.etag)
            if changes.of_service:
                keep(tx, replace(changed_service(current.service, changes.service), updated_at=now, etag=etag))

        if changes.of_function or not changes.of_service:
            await self._functions.update(account_id, old.service.name, name, changes.function, beside=beside)
        else:
            condition = old.service.etag if if_match else ""
            await self._services.update(account_id, old.service.name, changes.service, if_match=condition)
        return await self.get(account_id, name)

    async def list(self, account_id: str, listing: Listing) -> Page[Owned]:
        def work(tx: Transaction) -> list[Owned]:
            rows = store.own_page(tx, account_id, replace(listing, limit=listing.limit + 1))
            return [Owned(own, function, service_store.tags(tx, account_id, own.name)) for own, function in rows]

        found = await self._db.read(work)
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].function.name if more else None)

    async def delete(self, account_id: str, name: str, *, if_match: str = "") -> None:
        """With its triggers, versions and aliases. Raises FunctionNotFound or EtagMismatch."""
        old = await self.get(account_id, name)
        check_etag(if_match, old.etag)
        await self._functions.delete(account_id, old.service.name, name)

    def _blank(self, account_id: str, function: str) -> Service:
        now = self._clock.now()
        return Service(
            account_id=account_id,
            name=own_service(function),
            service_id=self._ids.uuid(),
            created_at=now,
            updated_at=now,
            etag=self._ids.hex(ETAG_BYTES),
        )


def find(tx: Transaction, account_id: str, name: str, qualifier: str) -> Owned:
    own = own_service(name)
    version = version_behind(tx, account_id, own, qualifier)
    function = function_at(tx, account_id, own, version, name)
    return Owned(service_at(tx, account_id, own, version), function, service_store.tags(tx, account_id, own))

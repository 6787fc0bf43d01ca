"""Versions: a service and all its functions, frozen."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import replace

from liuyun.catalog.changes import check_etag
from liuyun.catalog.configurations import Configurations, check_unkept, delete_all
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.rules import LONGEST_DESCRIPTION, check_length, shown
from liuyun.catalog.states import is_number, newest_service, number, service_at
from liuyun.clock import Clock
from liuyun.errors import Invalid, NothingToPublish, VersionInUse, VersionNotFound
from liuyun.model.configuration import Configuration
from liuyun.model.function import Function, Service
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.model.release import Alias, Version
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import aliases as alias_store
from liuyun.storage.stores import configurations as configuration_store
from liuyun.storage.stores import functions as function_store
from liuyun.storage.stores import triggers as trigger_store
from liuyun.storage.stores import versions as store

MOST_VERSIONS = 1000  # of one service
MOST_FUNCTIONS = 100_000  # as many as a listing gives
NEWEST = Listing(limit=1)
Led = Callable[[str, str, str, Collection[str]], None]  # account, service, qualifier, the versions that it leads to


class Versions:
    def __init__(
        self, *, db: Database, clock: Clock, resolver: Resolver, configurations: Configurations, led: Led
    ) -> None:
        """`led` is told that a version's number leads nowhere any more."""
        self._db = db
        self._clock = clock
        self._resolver = resolver
        self._configurations = configurations
        self._led = led

    async def publish(self, account_id: str, service: str, description: str = "", *, if_match: str = "") -> Version:
        """Copies the newest state. Raises Invalid, ServiceNotFound, EtagMismatch, or NothingToPublish if that is what
        the newest version holds already: a second version of it could not be told from the first.
        """
        check_length("description", description, LONGEST_DESCRIPTION)
        now = self._clock.now()

        def work(tx: Transaction) -> Version:
            state = newest_service(tx, account_id, service)
            check_etag(if_match, state.etag)
            functions = function_store.page(tx, account_id, service, Listing(limit=MOST_FUNCTIONS))
            content = digest(state, functions)
            check_new(store.newest(tx, account_id, service, NEWEST), content)
            if store.count(tx, account_id, service) >= MOST_VERSIONS:
                raise Invalid(
                    "versions_most",
                    "a service must have at most {most} versions; delete some that nobody uses",
                    most=MOST_VERSIONS,
                )
            taken = store.next_number(tx, account_id, service)
            version = Version(account_id, service, taken, description, content, now)
            store.insert(tx, version, state)
            return version

        return await self._db.write(work)

    async def list(
        self, account_id: str, service: str, listing: Listing, *, oldest_first: bool = False
    ) -> Page[Version]:
        """The keys of the listing are versions. Raises Invalid or ServiceNotFound."""
        for key in (listing.start, listing.after):
            if key and (not is_number(key) or len(key) > 18):
                raise Invalid(
                    "versions_start",
                    "versions are listed from a version on, which is a number, but startKey is '{key}'",
                    key=shown(key),
                )

        def work(tx: Transaction) -> list[Version]:
            newest_service(tx, account_id, service)
            page = store.oldest if oldest_first else store.newest
            return page(tx, account_id, service, replace(listing, limit=listing.limit + 1))

        found = await self._db.read(work)
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].version_id if more else None)

    async def get(self, account_id: str, service: str, version_id: str) -> Version:
        """Raises ServiceNotFound or VersionNotFound."""
        return await self._db.read(lambda tx: existing(tx, account_id, service, version_id))

    async def delete(self, account_id: str, service: str, version_id: str) -> None:
        """Raises ServiceNotFound, VersionNotFound or VersionInUse."""

        def work(tx: Transaction) -> list[Configuration]:
            version = existing(tx, account_id, service, version_id)
            check_unused(tx, version)
            gone = configuration_store.of_qualifier(tx, account_id, service, version_id)
            check_unkept(gone, VersionInUse)
            delete_all(tx, gone)
            store.delete(tx, account_id, service, version.number)
            return gone

        self._configurations.forget_all(await self._db.write(work))
        self._resolver.forget_service(account_id, service)
        self._led(account_id, service, version_id, ())


def existing(tx: Transaction, account_id: str, service: str, version_id: str) -> Version:
    version = store.find(tx, account_id, service, number(service, version_id)) if is_number(version_id) else None
    if version is None:
        newest_service(tx, account_id, service)
        raise VersionNotFound(service, version_id)
    return version


def check_exists(tx: Transaction, account_id: str, service: str, version_id: str) -> None:
    """Raises Invalid, ServiceNotFound or VersionNotFound."""
    if not is_number(version_id):
        raise Invalid(
            "version_number",
            "versionId must be the number of a published version, but is '{version_id}'",
            version_id=shown(version_id),
        )
    service_at(tx, account_id, service, version_id)


def check_new(newest: list[Version], content: str) -> None:
    if newest and newest[0].content == content:
        raise NothingToPublish(
            "nothing_to_publish",
            "nothing has changed since version {version_id} was published; change the service or one "
            "of its functions first",
            version_id=newest[0].version_id,
        )


def check_unused(tx: Transaction, version: Version) -> None:
    account_id, service = version.account_id, version.service
    for alias in alias_store.every(tx, account_id, service):
        if leads_to(alias, version.version_id):
            raise VersionInUse(
                "version_used_by_alias",
                "the alias '{alias}' leads to version {version_id}; change the alias first",
                alias=alias.name,
                version_id=version.version_id,
            )
    if used := trigger_store.using(tx, account_id, service, version.version_id):
        raise VersionInUse(
            "version_used_by_trigger",
            "the trigger '{trigger}' of function '{function}' uses it; delete that first",
            trigger=used[0].name,
            function=used[0].function,
        )


def leads_to(alias: Alias, version_id: str) -> bool:
    return version_id == alias.version_id or version_id in alias.weights


def digest(service: Service, functions: list[Function]) -> str:
    """Every change of a service or function gives it a new ETag, so the ETags tell one state from another."""
    parts = [service.etag, *(f"{function.name}={function.etag}" for function in functions)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()

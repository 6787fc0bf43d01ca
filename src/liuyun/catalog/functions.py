"""Functions: code and how to run it. Code is on disk before the catalog names it; a change is announced once stored."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from liuyun.catalog.changes import FunctionChanges, changed_function, check_etag
from liuyun.catalog.code import CodePackages, Package
from liuyun.catalog.configurations import Configurations, delete_all
from liuyun.catalog.layers import Layers
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.rules import LONGEST_FUNCTION, check_function, check_name
from liuyun.catalog.services import ETAG_BYTES, Replaced
from liuyun.catalog.states import function_at, functions_at, newest_function, newest_service, version_behind
from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, FunctionExists, Invalid
from liuyun.ids import Ids
from liuyun.model.configuration import Configuration
from liuyun.model.function import Function, Service, is_own
from liuyun.model.listing import Listing
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction, Work
from liuyun.storage.stores import aliases as alias_store
from liuyun.storage.stores import configurations as configuration_store
from liuyun.storage.stores import functions as store
from liuyun.storage.stores import services as service_store
from liuyun.storage.stores import triggers as trigger_store
from liuyun.storage.stores import versions as version_store

DropTriggers = Callable[[str, str, str], Awaitable[None]]  # (account_id, service, function)
DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_S = 128, 3  # where the caller names none (fc contract 2)


class Functions:
    """`drop_triggers` takes away the triggers of a function that goes; `replaced` is told of every one that changed."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        ids: Ids,
        code: CodePackages,
        layers: Layers,
        resolver: Resolver,
        configurations: Configurations,
        replaced: Replaced,
        drop_triggers: DropTriggers,
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._code = code
        self._layers = layers
        self._resolver = resolver
        self._configurations = configurations
        self._replaced = replaced
        self._drop_triggers = drop_triggers

    async def create(
        self, account_id: str, service: str, name: str, changes: FunctionChanges, *, own: Service | None = None
    ) -> Function:
        """`own` is stored with it: the service that a function of the newer API has to itself.

        Raises Invalid, ServiceNotFound or FunctionExists, and what CodePackages.store raises.
        """
        check_name("functionName", name, LONGEST_FUNCTION)
        blank = self._blank(account_id, service, name)
        function = changed_function(blank, changes)
        check_function(function)
        if changes.code is None:
            raise Invalid("code_required", "code is required: give zipFile, the base64 text of a zip file")
        await self._db.read(lambda tx: check_free(tx, function, own))  # before the work on the code
        layers = await self._layers.merged(account_id, function.layers)
        function = packaged(function, await self._code.store(changes.code, function.runtime), layers)

        def work(tx: Transaction) -> None:
            check_free(tx, function, own)
            if own is not None:
                service_store.insert(tx, own)
            if not store.insert(tx, function):
                raise FunctionExists(service, name)

        await self._db.write(work)
        await self._resolver.prepare(account_id, service, name)
        return function

    async def get(self, account_id: str, service: str, name: str, qualifier: str = "") -> Function:
        """Raises ServiceNotFound, FunctionNotFound, VersionNotFound or AliasNotFound."""

        def work(tx: Transaction) -> Function:
            return function_at(tx, account_id, service, version_behind(tx, account_id, service, qualifier), name)

        return await self._db.read(work)

    async def update(
        self,
        account_id: str,
        service: str,
        name: str,
        changes: FunctionChanges,
        *,
        if_match: str = "",
        beside: Work[None] = lambda _: None,
    ) -> Function:
        """`beside` is done in the same commit, before the function changes.

        Raises Invalid, ServiceNotFound, FunctionNotFound, EtagMismatch or ConcurrentUpdate, and what
        CodePackages.store raises.
        """
        old = await self.get(account_id, service, name)
        check_etag(if_match, old.etag)
        draft = changed_function(old, changes)
        check_function(draft)
        package = await self._package(draft, old, changes)
        layers = None if changes.layers is None else await self._layers.merged(account_id, changes.layers)
        now, etag = self._clock.now(), self._ids.hex(ETAG_BYTES)

        def work(tx: Transaction) -> Function:
            current = newest_function(tx, account_id, service, name)
            check_etag(if_match, current.etag)
            beside(tx)
            new = changed_function(current, changes)
            if new.runtime != draft.runtime or (changes.code is None and current.package != old.package):
                raise ConcurrentUpdate(
                    "function_changed", "the function's code or runtime was changed meanwhile; please retry"
                )
            merged = current.layers_package if layers is None else layers
            new = replace(packaged(new, package, merged), updated_at=now, etag=etag)
            check_function(new)
            store.update(tx, new)
            return new

        function = await self._db.write(work)
        self._resolver.forget(account_id, service, name)
        await self._replaced(account_id, service, name)
        await self._resolver.prepare(account_id, service, name)
        return function

    async def list(self, account_id: str, service: str, listing: Listing, qualifier: str = "") -> Page[Function]:
        """Raises ServiceNotFound, VersionNotFound or AliasNotFound."""

        def work(tx: Transaction) -> list[Function]:
            version = version_behind(tx, account_id, service, qualifier)
            return functions_at(tx, account_id, service, version, replace(listing, limit=listing.limit + 1))

        found = await self._db.read(work)
        more = len(found) > listing.limit
        return Page(found[: listing.limit], found[listing.limit - 1].name if more else None)

    async def everywhere(self, account_id: str, after: tuple[str, str], limit: int) -> Sequence[Function]:
        """Of all services, those that functions have to themselves among them, behind a service and function."""
        return await self._db.read(lambda tx: store.everywhere(tx, account_id, after, limit))

    async def delete(self, account_id: str, service: str, name: str, *, if_match: str = "") -> None:
        """Its triggers go first. Raises ServiceNotFound, FunctionNotFound or EtagMismatch."""
        check_etag(if_match, (await self.get(account_id, service, name)).etag)
        await self._drop_triggers(account_id, service, name)

        def work(tx: Transaction) -> list[Configuration]:
            check_etag(if_match, newest_function(tx, account_id, service, name).etag)
            if trigger_store.count(tx, (account_id, service, name)):
                raise ConcurrentUpdate("function_got_trigger", "the function got a trigger meanwhile; please retry")
            store.delete(tx, account_id, service, name)
            gone = configuration_store.of_function(tx, account_id, service, name)
            delete_all(tx, gone)
            if is_own(service):
                delete_service(tx, account_id, service)
            return gone

        self._configurations.forget_all(await self._db.write(work))
        self._resolver.forget(account_id, service, name)
        await self._replaced(account_id, service, name)

    async def start(self) -> None:
        """Removes the code that no function needs any more."""
        await self._code.start(await self._db.read(store.packages))

    def _blank(self, account_id: str, service: str, name: str) -> Function:
        now = self._clock.now()
        return Function(
            account_id=account_id,
            service=service,
            name=name,
            function_id=self._ids.uuid(),
            runtime="",
            handler="",
            memory_mb=DEFAULT_MEMORY_MB,
            timeout_s=DEFAULT_TIMEOUT_S,
            created_at=now,
            updated_at=now,
            etag=self._ids.hex(ETAG_BYTES),
        )

    async def _package(self, draft: Function, old: Function, changes: FunctionChanges) -> Package:
        if changes.code is not None:
            return await self._code.store(changes.code, draft.runtime)
        name = old.package if draft.runtime == old.runtime else await self._code.adapt(old.package, draft.runtime)
        return Package(name, old.code_checksum, old.code_size)


def packaged(function: Function, package: Package, layers: str) -> Function:
    return replace(
        function,
        package=package.name,
        code_checksum=package.checksum,
        code_size=package.size,
        layers_package=layers,
    )


def delete_service(tx: Transaction, account_id: str, own: str) -> None:
    """The service that the function had to itself, with all that was published of it."""
    service_store.delete(tx, account_id, own)
    version_store.delete_all(tx, account_id, own)
    alias_store.delete_all(tx, account_id, own)


def check_free(tx: Transaction, function: Function, own: Service | None) -> None:
    if own is None:
        newest_service(tx, function.account_id, function.service)
    if store.find(tx, function.account_id, function.service, function.name) is not None:
        raise FunctionExists(function.service, function.name)

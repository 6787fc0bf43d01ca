"""From the names in a call to the function that runs: what every invocation asks first, answered from memory."""

from dataclasses import dataclass

from liuyun.catalog.code import CodePackages
from liuyun.errors import AliasNotFound, FunctionNotFound, ServiceNotFound, VersionNotFound
from liuyun.model.function import Deployed, Function, Service, Trigger
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import functions, services, triggers

LATEST = "LATEST"
HTTP = "http"


@dataclass(frozen=True, slots=True)
class Resolved:
    deployed: Deployed
    http_trigger: Trigger | None


@dataclass(frozen=True, slots=True)
class Found:
    service: Service
    function: Function
    http_trigger: Trigger | None


class Resolver:
    """Remembers what it found until told to forget it. Only what exists is remembered, so the catalog bounds it."""

    def __init__(self, *, db: Database, code: CodePackages) -> None:
        self._db = db
        self._code = code
        self._known: dict[tuple[str, str, str, str], Resolved] = {}
        self._forgotten = 0

    async def resolve(self, account_id: str, service: str, qualifier: str, function: str) -> Deployed:
        """Raises ServiceNotFound, FunctionNotFound, VersionNotFound or AliasNotFound."""
        known = self._known.get((account_id, service, qualifier, function))
        if known is None:
            known = await self._look_up(account_id, service, qualifier, function)
        return known.deployed

    async def http_trigger(self, account_id: str, service: str, qualifier: str, function: str) -> Trigger | None:
        """The HTTP trigger of the version that the qualifier names. Raises as `resolve` does."""
        known = self._known.get((account_id, service, qualifier, function))
        if known is None:
            known = await self._look_up(account_id, service, qualifier, function)
        return known.http_trigger

    def forget(self, account_id: str, service: str, function: str) -> None:
        """To be called after a commit that changed the function, its service or its triggers."""
        self._forgotten += 1
        for qualifier in ("", LATEST):
            self._known.pop((account_id, service, qualifier, function), None)

    async def _look_up(self, account_id: str, service: str, qualifier: str, function: str) -> Resolved:
        version = version_of(service, qualifier)
        before = self._forgotten
        found = await self._db.read(lambda tx: find(tx, account_id, service, function))
        resolved = Resolved(
            Deployed(
                service=found.service,
                function=found.function,
                version_id=version,
                code_dir=str(self._code.code_dir(found.function.package)),
                revision=revision(found),
                is_http=found.http_trigger is not None,
            ),
            found.http_trigger,
        )
        if self._forgotten == before:  # else what was read may be older than a commit that has been announced
            self._known[account_id, service, qualifier, function] = resolved
        return resolved


def version_of(service: str, qualifier: str) -> str:
    """Only the newest state can be called: nothing else is ever published."""
    if qualifier in {"", LATEST}:
        return LATEST
    raise VersionNotFound(service, qualifier) if qualifier.isdigit() else AliasNotFound(service, qualifier)


def find(tx: Transaction, account_id: str, service: str, function: str) -> Found:
    stored_service = services.find(tx, account_id, service)
    if stored_service is None:
        raise ServiceNotFound(service)
    stored_function = functions.find(tx, account_id, service, function)
    if stored_function is None:
        raise FunctionNotFound(service, function)
    http = triggers.find_kind(tx, (account_id, service, function), HTTP, LATEST)
    return Found(stored_service, stored_function, http[0] if http else None)


def revision(found: Found) -> str:
    """Every change gives its part a new ETag; an HTTP trigger that comes or goes changes how the handler is called."""
    http = found.http_trigger is not None
    return f"{found.service.etag}.{found.function.etag}.{'http' if http else 'event'}"

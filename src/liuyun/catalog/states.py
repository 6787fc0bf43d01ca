"""Services and functions as a qualifier shows them: the newest state, a version, or the version behind an alias."""

from liuyun.errors import AliasNotFound, FunctionNotFound, NotFound, ServiceNotFound, VersionNotFound
from liuyun.model.function import Function, Service, is_own
from liuyun.model.listing import Listing
from liuyun.model.release import LATEST, Alias
from liuyun.storage.database import Transaction
from liuyun.storage.stores import aliases, functions, services, versions

LONGEST_NUMBER = 9  # digits of a version: what is longer was never published


def is_newest(qualifier: str) -> bool:
    return qualifier in {"", LATEST}


def is_number(qualifier: str) -> bool:
    return qualifier.isascii() and qualifier.isdigit()


def newest_service(tx: Transaction, account_id: str, name: str) -> Service:
    """Raises ServiceNotFound, or FunctionNotFound if it would be a function's own."""
    service = services.find(tx, account_id, name)
    if service is None:
        raise missing_service(name)
    return service


def missing_service(name: str) -> NotFound:
    return FunctionNotFound(name, name[1:]) if is_own(name) else ServiceNotFound(name)


def newest_function(tx: Transaction, account_id: str, service: str, name: str) -> Function:
    """Raises ServiceNotFound or FunctionNotFound."""
    newest_service(tx, account_id, service)
    function = functions.find(tx, account_id, service, name)
    if function is None:
        raise FunctionNotFound(service, name)
    return function


def service_at(tx: Transaction, account_id: str, name: str, version_id: str) -> Service:
    """Raises ServiceNotFound or VersionNotFound."""
    if is_newest(version_id):
        return newest_service(tx, account_id, name)
    service = versions.find_service(tx, account_id, name, number(name, version_id))
    if service is None:
        newest_service(tx, account_id, name)
        raise VersionNotFound(name, version_id)
    return service


def function_at(tx: Transaction, account_id: str, service: str, version_id: str, name: str) -> Function:
    """Raises ServiceNotFound, VersionNotFound or FunctionNotFound."""
    if is_newest(version_id):
        return newest_function(tx, account_id, service, name)
    function = versions.find_function(tx, account_id, service, number(service, version_id), name)
    if function is None:
        service_at(tx, account_id, service, version_id)
        raise FunctionNotFound(service, name)
    return function


def functions_at(tx: Transaction, account_id: str, service: str, version_id: str, listing: Listing) -> list[Function]:
    """Raises ServiceNotFound or VersionNotFound."""
    service_at(tx, account_id, service, version_id)
    if is_newest(version_id):
        return functions.page(tx, account_id, service, listing)
    return versions.function_page(tx, account_id, service, number(service, version_id), listing)


def alias_named(tx: Transaction, account_id: str, service: str, name: str) -> Alias:
    """Raises ServiceNotFound or AliasNotFound."""
    alias = aliases.find(tx, account_id, service, name)
    if alias is None:
        newest_service(tx, account_id, service)
        raise AliasNotFound(service, name)
    return alias


def version_behind(tx: Transaction, account_id: str, service: str, qualifier: str) -> str:
    """LATEST, or the version that the qualifier is or mainly leads to. Raises what is not found."""
    if is_newest(qualifier):
        newest_service(tx, account_id, service)
        return LATEST
    if is_number(qualifier):
        service_at(tx, account_id, service, qualifier)
        return qualifier
    return alias_named(tx, account_id, service, qualifier).version_id


def number(service: str, version_id: str) -> int:
    """Raises VersionNotFound for what can't be one: '07' is not the version '7'."""
    if not is_number(version_id) or len(version_id) > LONGEST_NUMBER or version_id.startswith("0"):
        raise VersionNotFound(service, version_id)
    return int(version_id)

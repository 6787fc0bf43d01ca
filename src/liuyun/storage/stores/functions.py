"""Functions, each in its service."""

import msgspec

from liuyun.model.function import Function, Service, own_service
from liuyun.model.listing import Listing
from liuyun.storage.database import Row, Transaction


def insert(tx: Transaction, function: Function) -> bool:
    """False if the name is taken."""
    return bool(tx.run("functions.insert", **to_row(function)))


def update(tx: Transaction, function: Function) -> None:
    tx.run("functions.update", **to_row(function))


def find(tx: Transaction, account_id: str, service: str, name: str) -> Function | None:
    row = tx.one("functions.find", account_id=account_id, service=service, name=name)
    return to_function(row) if row else None


def page(tx: Transaction, account_id: str, service: str, listing: Listing) -> list[Function]:
    rows = tx.all(
        "functions.page",
        account_id=account_id,
        service=service,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [to_function(row) for row in rows]


def own_page(tx: Transaction, account_id: str, listing: Listing) -> list[tuple[Service, Function]]:
    """Functions that have a service to themselves, with it."""
    rows = tx.all(
        "functions.own_page",
        account_id=account_id,
        start=own_service(max(listing.start, listing.prefix)),
        after=own_service(listing.after),
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [(msgspec.json.decode(row["service"], type=Service), to_function(row)) for row in rows]


def everywhere(tx: Transaction, account_id: str, after: tuple[str, str], limit: int) -> list[Function]:
    """Of all services, behind a service and function."""
    rows = tx.all("functions.everywhere", account_id=account_id, service=after[0], name=after[1], limit=limit)
    return [to_function(row) for row in rows]


def names(tx: Transaction, account_id: str, service: str) -> list[str]:
    return [row["name"] for row in tx.all("functions.names", account_id=account_id, service=service)]


def delete(tx: Transaction, account_id: str, service: str, name: str) -> bool:
    """False if it wasn't there."""
    return bool(tx.run("functions.delete", account_id=account_id, service=service, name=name))


def packages(tx: Transaction) -> set[str]:
    """The names of all packages that a function, a version of it or a layer needs."""
    return {row["package"] for row in tx.all("functions.packages")}


def to_row(function: Function) -> dict[str, str]:
    return {
        "account_id": function.account_id,
        "service": function.service,
        "name": function.name,
        "package": function.package,
        "layers": function.layers_package,
        "document": msgspec.json.encode(function).decode(),
    }


def to_function(row: Row) -> Function:
    return msgspec.json.decode(row["document"], type=Function)

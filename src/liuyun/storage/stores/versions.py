"""Published versions of services, each with its own copy of the service and its functions."""

import msgspec

from liuyun.model.function import Function, Service
from liuyun.model.listing import Listing
from liuyun.model.release import Version
from liuyun.storage.database import Transaction
from liuyun.storage.stores.functions import to_function

BEYOND = 2**62  # no version has this number


def next_number(tx: Transaction, account_id: str, service: str) -> int:
    row = tx.one("versions.next_number", account_id=account_id, service=service)
    assert row is not None, "the query returns what it stored"
    return row["number"]


def insert(tx: Transaction, version: Version, service: Service) -> None:
    """With the functions that the service has at this moment."""
    key = {"account_id": version.account_id, "service": version.service, "number": version.number}
    documents = {"document": version, "service_document": service}
    tx.run("versions.insert", **key, **{name: msgspec.json.encode(item).decode() for name, item in documents.items()})
    tx.run("versions.copy_functions", **key)


def find(tx: Transaction, account_id: str, service: str, number: int) -> Version | None:
    row = tx.one("versions.find", account_id=account_id, service=service, number=number)
    return msgspec.json.decode(row["document"], type=Version) if row else None


def find_service(tx: Transaction, account_id: str, service: str, number: int) -> Service | None:
    row = tx.one("versions.find_service", account_id=account_id, service=service, number=number)
    return msgspec.json.decode(row["service_document"], type=Service) if row else None


def find_function(tx: Transaction, account_id: str, service: str, number: int, name: str) -> Function | None:
    row = tx.one("versions.find_function", account_id=account_id, service=service, number=number, name=name)
    return to_function(row) if row else None


def function_page(tx: Transaction, account_id: str, service: str, number: int, listing: Listing) -> list[Function]:
    rows = tx.all(
        "versions.function_page",
        account_id=account_id,
        service=service,
        number=number,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [to_function(row) for row in rows]


def newest(tx: Transaction, account_id: str, service: str, listing: Listing) -> list[Version]:
    """From the newest down; what `listing` names are numbers."""
    rows = tx.all(
        "versions.newest",
        account_id=account_id,
        service=service,
        start=int(listing.start or BEYOND),
        after=int(listing.after or BEYOND),
        limit=listing.limit,
    )
    return [msgspec.json.decode(row["document"], type=Version) for row in rows]


def oldest(tx: Transaction, account_id: str, service: str, listing: Listing) -> list[Version]:
    """From the oldest up; what `listing` names are numbers."""
    rows = tx.all(
        "versions.oldest",
        account_id=account_id,
        service=service,
        start=int(listing.start or 0),
        after=int(listing.after or 0),
        limit=listing.limit,
    )
    return [msgspec.json.decode(row["document"], type=Version) for row in rows]


def count(tx: Transaction, account_id: str, service: str) -> int:
    row = tx.one("versions.count", account_id=account_id, service=service)
    assert row is not None, "an aggregate has a row"
    return row["n"]


def delete(tx: Transaction, account_id: str, service: str, number: int) -> None:
    tx.run("versions.delete", account_id=account_id, service=service, number=number)
    tx.run("versions.delete_functions", account_id=account_id, service=service, number=number)


def delete_all(tx: Transaction, account_id: str, service: str) -> None:
    """With the memory of which numbers were used."""
    for query in ("delete_all", "delete_all_functions", "delete_number"):
        tx.run(f"versions.{query}", account_id=account_id, service=service)

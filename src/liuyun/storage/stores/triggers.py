"""Triggers of functions."""

import msgspec

from liuyun.model.function import Trigger
from liuyun.model.listing import Listing
from liuyun.storage.database import Row, Transaction

Key = tuple[str, str, str, str]  # account_id, service, function, name
FIRST: Key = ("", "", "", "")


def insert(tx: Transaction, trigger: Trigger) -> bool:
    """False if the name is taken."""
    return bool(tx.run("triggers.insert", kind=trigger.kind, **to_row(trigger)))


def update(tx: Transaction, trigger: Trigger) -> None:
    tx.run("triggers.update", **to_row(trigger))


def find(tx: Transaction, key: Key) -> Trigger | None:
    row = tx.one("triggers.find", **named(key))
    return to_trigger(row) if row else None


def find_kind(tx: Transaction, function: tuple[str, str, str], kind: str, qualifier: str) -> list[Trigger]:
    """`function` is its account, service and name."""
    account_id, service, name = function
    rows = tx.all(
        "triggers.find_kind", account_id=account_id, service=service, function=name, kind=kind, qualifier=qualifier
    )
    return [to_trigger(row) for row in rows]


def using(tx: Transaction, account_id: str, service: str, qualifier: str) -> list[Trigger]:
    """A trigger of any of the service's functions that calls by this qualifier, if there is one."""
    rows = tx.all("triggers.using", account_id=account_id, service=service, qualifier=qualifier)
    return [to_trigger(row) for row in rows]


def page(tx: Transaction, function: tuple[str, str, str], listing: Listing) -> list[Trigger]:
    account_id, service, name = function
    rows = tx.all(
        "triggers.page",
        account_id=account_id,
        service=service,
        function=name,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [to_trigger(row) for row in rows]


def every(tx: Transaction, after: Key, limit: int) -> list[Trigger]:
    """All triggers of the installation, by key, behind `after`."""
    return [to_trigger(row) for row in tx.all("triggers.every", **named(after), limit=limit)]


def count(tx: Transaction, function: tuple[str, str, str]) -> int:
    account_id, service, name = function
    row = tx.one("triggers.count", account_id=account_id, service=service, function=name)
    assert row is not None, "an aggregate has a row"
    return row["n"]


def delete(tx: Transaction, key: Key) -> None:
    tx.run("triggers.delete", **named(key))


def key_of(trigger: Trigger) -> Key:
    return trigger.account_id, trigger.service, trigger.function, trigger.name


def named(key: Key) -> dict[str, str]:
    account_id, service, function, name = key
    return {"account_id": account_id, "service": service, "function": function, "name": name}


def to_row(trigger: Trigger) -> dict[str, str]:
    document = msgspec.json.encode(trigger).decode()
    return {**named(key_of(trigger)), "qualifier": trigger.qualifier, "document": document}


def to_trigger(row: Row) -> Trigger:
    return msgspec.json.decode(row["document"], type=Trigger)

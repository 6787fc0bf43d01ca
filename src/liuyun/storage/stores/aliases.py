"""Aliases: names for versions of a service."""

import msgspec

from liuyun.model.listing import Listing
from liuyun.model.release import Alias
from liuyun.storage.database import Row, Transaction


def insert(tx: Transaction, alias: Alias) -> bool:
    """False if the name is taken."""
    return bool(tx.run("aliases.insert", **to_row(alias)))


def update(tx: Transaction, alias: Alias) -> None:
    tx.run("aliases.update", **to_row(alias))


def find(tx: Transaction, account_id: str, service: str, name: str) -> Alias | None:
    row = tx.one("aliases.find", account_id=account_id, service=service, name=name)
    return to_alias(row) if row else None


def page(tx: Transaction, account_id: str, service: str, listing: Listing) -> list[Alias]:
    rows = tx.all(
        "aliases.page",
        account_id=account_id,
        service=service,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [to_alias(row) for row in rows]


def every(tx: Transaction, account_id: str, service: str) -> list[Alias]:
    return [to_alias(row) for row in tx.all("aliases.every", account_id=account_id, service=service)]


def delete(tx: Transaction, account_id: str, service: str, name: str) -> None:
    tx.run("aliases.delete", account_id=account_id, service=service, name=name)


def delete_all(tx: Transaction, account_id: str, service: str) -> None:
    tx.run("aliases.delete_all", account_id=account_id, service=service)


def to_row(alias: Alias) -> dict[str, str]:
    document = msgspec.json.encode(alias).decode()
    return {"account_id": alias.account_id, "service": alias.service, "name": alias.name, "document": document}


def to_alias(row: Row) -> Alias:
    return msgspec.json.decode(row["document"], type=Alias)

"""Custom domains."""

import msgspec

from liuyun.model.domain import Domain
from liuyun.model.listing import Listing
from liuyun.storage.database import Row, Transaction


def insert(tx: Transaction, domain: Domain) -> bool:
    """False if the name is taken, by whomever."""
    document = msgspec.json.encode(domain).decode()
    return bool(tx.run("domains.insert", name=domain.name, account_id=domain.account_id, document=document))


def update(tx: Transaction, domain: Domain) -> None:
    tx.run("domains.update", name=domain.name, document=msgspec.json.encode(domain).decode())


def find(tx: Transaction, account_id: str, name: str) -> Domain | None:
    row = tx.one("domains.find", account_id=account_id, name=name)
    return to_domain(row) if row else None


def every(tx: Transaction) -> list[Domain]:
    return [to_domain(row) for row in tx.all("domains.every")]


def page(tx: Transaction, account_id: str, listing: Listing) -> list[Domain]:
    rows = tx.all(
        "domains.page",
        account_id=account_id,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [to_domain(row) for row in rows]


def delete(tx: Transaction, account_id: str, name: str) -> bool:
    """False if it wasn't there."""
    return bool(tx.run("domains.delete", account_id=account_id, name=name))


def to_domain(row: Row) -> Domain:
    return msgspec.json.decode(row["document"], type=Domain)

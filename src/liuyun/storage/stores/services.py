"""Services and their tags."""

from collections.abc import Mapping

import msgspec

from liuyun.model.function import Service
from liuyun.model.listing import Listing
from liuyun.storage.database import Row, Transaction


def insert(tx: Transaction, service: Service) -> bool:
    """False if the name is taken."""
    return bool(tx.run("services.insert", **to_row(service)))


def update(tx: Transaction, service: Service) -> None:
    tx.run("services.update", **to_row(service))


def find(tx: Transaction, account_id: str, name: str) -> Service | None:
    row = tx.one("services.find", account_id=account_id, name=name)
    return to_service(row) if row else None


def page(tx: Transaction, account_id: str, listing: Listing) -> list[Service]:
    rows = tx.all(
        "services.page",
        account_id=account_id,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        limit=listing.limit,
    )
    return [to_service(row) for row in rows]


def delete(tx: Transaction, account_id: str, name: str) -> None:
    tx.run("services.delete", account_id=account_id, name=name)
    tx.run("services.delete_tags", account_id=account_id, service=name)


def tags(tx: Transaction, account_id: str, service: str) -> dict[str, str]:
    rows = tx.all("services.tags", account_id=account_id, service=service)
    return {row["name"]: row["value"] for row in rows}


def set_tags(tx: Transaction, account_id: str, service: str, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        tx.run("services.set_tag", account_id=account_id, service=service, name=name, value=value)


def delete_tag(tx: Transaction, account_id: str, service: str, name: str) -> None:
    tx.run("services.delete_tag", account_id=account_id, service=service, name=name)


def delete_tags(tx: Transaction, account_id: str, service: str) -> None:
    tx.run("services.delete_tags", account_id=account_id, service=service)


def to_row(service: Service) -> dict[str, str]:
    document = msgspec.json.encode(service).decode()
    return {"account_id": service.account_id, "name": service.name, "document": document}


def to_service(row: Row) -> Service:
    return msgspec.json.decode(row["document"], type=Service)

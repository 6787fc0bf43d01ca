"""Layers and their versions."""

import msgspec

from liuyun.model.layer import Layer, LayerVersion
from liuyun.model.listing import Listing
from liuyun.storage.database import Row, Transaction


def next_number(tx: Transaction, account_id: str, name: str) -> int:
    row = tx.one("layers.next_number", account_id=account_id, name=name)
    assert row is not None, "the query returns what it stored"
    return row["number"]


def insert(tx: Transaction, version: LayerVersion) -> None:
    tx.run(
        "layers.insert",
        account_id=version.account_id,
        name=version.layer,
        number=version.number,
        package=version.package,
        document=msgspec.json.encode(version).decode(),
    )


def find(tx: Transaction, account_id: str, name: str, number: int) -> LayerVersion | None:
    row = tx.one("layers.find", account_id=account_id, name=name, number=number)
    return to_version(row) if row else None


def newest(tx: Transaction, account_id: str, name: str, start: int, limit: int) -> list[LayerVersion]:
    """From version `start` down."""
    rows = tx.all("layers.newest", account_id=account_id, name=name, start=start, limit=limit)
    return [to_version(row) for row in rows]


def page(tx: Transaction, account_id: str, listing: Listing, *, public: bool) -> list[Layer]:
    """Those that have a version; with `public` only those that everybody may use."""
    rows = tx.all(
        "layers.page",
        account_id=account_id,
        start=max(listing.start, listing.prefix),
        after=listing.after,
        prefix=listing.prefix,
        prefix_length=len(listing.prefix),
        public=public,
        limit=listing.limit,
    )
    return [Layer(to_version(row), bool(row["public"])) for row in rows]


def is_public(tx: Transaction, account_id: str, name: str) -> bool:
    row = tx.one("layers.is_public", account_id=account_id, name=name)
    return bool(row and row["public"])


def set_public(tx: Transaction, account_id: str, name: str, *, public: bool) -> None:
    tx.run("layers.set_public", account_id=account_id, name=name, public=public)


def count(tx: Transaction, account_id: str, name: str) -> int:
    row = tx.one("layers.count", account_id=account_id, name=name)
    assert row is not None, "an aggregate has a row"
    return row["n"]


def delete(tx: Transaction, account_id: str, name: str, number: int) -> bool:
    """False if it wasn't there."""
    return bool(tx.run("layers.delete", account_id=account_id, name=name, number=number))


def to_version(row: Row) -> LayerVersion:
    return msgspec.json.decode(row["document"], type=LayerVersion)

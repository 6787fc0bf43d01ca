"""Payment methods as the platform's configuration has them: entries of the schema `payment-method`.

The account's entries say what a method is, those of a tenant what its merchant makes of it. The flow reads the same
entries, so what is offered here and what is done there can't drift apart. Who the merchants are is this service's own.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from order_service.configuration import Configuration
from order_service.database import Database
from order_service.payment_methods import Method
from order_service.refusals import Missing

SCHEMA = "payment-method"
LAST = 1000  # the place of what has none
MERCHANTS = {"market": "街角市集 Market", "flowers": "花店 Flowers", "books": "书店 Books"}


@dataclass(frozen=True)
class Entry:
    """What a merchant makes of a method: `value` with what it inherits, `own` without; None if it says nothing."""

    key: str
    value: dict[str, Any]
    own: dict[str, Any] | None
    revision: int


@dataclass(frozen=True)
class Change:
    """A merchant's own entry as it shall be. `revision` is the one that was seen, 0 for a new one."""

    key: str
    value: dict[str, Any]
    revision: int


class ConfiguredPaymentMethods:
    def __init__(self, database: Database, configuration: Configuration) -> None:
        self._database = database
        self._configuration = configuration

    def seed(self) -> None:
        """Three merchants, on the first start only."""
        with self._database.transaction() as tx:
            if not tx.execute("SELECT 1 FROM merchants").fetchone():
                tx.executemany("INSERT INTO merchants VALUES (?, ?)", MERCHANTS.items())

    def merchants(self) -> dict[str, str]:
        with self._database.snapshot() as tx:
            return dict(tx.execute("SELECT merchant, label FROM merchants ORDER BY merchant").fetchall())

    def require(self, merchant: str) -> None:
        with self._database.snapshot() as tx:
            require(tx, merchant)

    def of(self, merchant: str) -> list[Method]:
        self.require(merchant)
        found = self._configuration.values(SCHEMA, merchant)
        offered = [(value.get("place", LAST), key, value) for key, value in found.items() if value["enabled"]]
        offered.sort(key=lambda each: each[:2])
        return [Method(key, value["label"], value.get("discount", 0)) for _, key, value in offered]

    def schema(self) -> dict[str, Any]:
        return self._configuration.schema(SCHEMA)

    def entries(self, merchant: str) -> list[Entry]:
        """All that the merchant could offer, what it offers first. Raises Missing."""
        self.require(merchant)
        found = [entry_of(each) for each in self._configuration.entries(SCHEMA, merchant)]
        return sorted(found, key=lambda entry: (not entry.value["enabled"], entry.value.get("place", LAST), entry.key))

    def write(self, merchant: str, changes: Sequence[Change]) -> None:
        """One after the other. Raises Missing, Unfit or Conflict; what was written until then stays."""
        self.require(merchant)
        for change in changes:
            self._configuration.put(SCHEMA, change.key, merchant, change.value, change.revision)

    def replace(self, merchant: str, methods: Sequence[Method]) -> None:
        """What is listed is offered, in this order; what isn't listed, is not."""
        self.require(merchant)
        found = self._configuration.values(SCHEMA, merchant)
        wanted = {
            method.method: changed(method, place, found.get(method.method, {})) for place, method in enumerate(methods)
        }
        unwanted = {key: {"enabled": False} for key, value in found.items() if value["enabled"] and key not in wanted}
        for key, change in {**wanted, **unwanted}.items():
            self._configuration.change(SCHEMA, key, merchant, change)


def entry_of(found: dict[str, Any]) -> Entry:
    own = found["own"]
    if own is None:
        return Entry(found["key"], found["value"], None, 0)
    return Entry(found["key"], found["value"], own["current"]["value"], own["newest"])


def changed(method: Method, place: int, seen: Mapping[str, Any]) -> dict[str, Any]:
    """What is inherited stays so."""
    label = {} if seen.get("label") == method.label else {"label": method.label}
    discount = {} if method.discount in {None, seen.get("discount", 0)} else {"discount": method.discount}
    return {**label, **discount, "enabled": True, "place": place}


def require(tx: sqlite3.Connection, merchant: str) -> None:
    if not tx.execute("SELECT 1 FROM merchants WHERE merchant = ?", (merchant,)).fetchone():
        raise Missing(f"There is no merchant '{merchant}'.")

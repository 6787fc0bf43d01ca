"""The facts of the installation."""

from collections.abc import Mapping

from liuyun.storage.database import Transaction


def fact(tx: Transaction, name: str) -> str | None:
    row = tx.one("identity.fact", name=name)
    return row["value"] if row else None


def set_facts(tx: Transaction, facts: Mapping[str, str]) -> None:
    tx.run_many("identity.set_fact", [{"name": name, "value": value} for name, value in facts.items()])

"""When timer triggers are due."""

from collections.abc import Sequence
from dataclasses import dataclass

from liuyun.model.function import Trigger
from liuyun.storage.database import Row, Transaction
from liuyun.storage.stores.triggers import Key, named, to_trigger


@dataclass(frozen=True, slots=True)
class DueTimer:
    """`trigger` is None if it went without its timer."""

    key: Key
    trigger: Trigger | None
    schedule: str
    next_at: int


def put(tx: Transaction, key: Key, schedule: str, next_at: int) -> None:
    tx.run("timers.put", **named(key), schedule=schedule, next_at=next_at)


def due(tx: Transaction, now: int, limit: int) -> list[DueTimer]:
    """The first ones first."""
    return [to_due(row) for row in tx.all("timers.due", now=now, limit=limit)]


def advance(tx: Transaction, timers: Sequence[tuple[Key, int]]) -> None:
    """Each is due again at the time beside it."""
    tx.run_many("timers.advance", [{**named(key), "next_at": next_at} for key, next_at in timers])


def drop(tx: Transaction, key: Key) -> None:
    tx.run("timers.drop", **named(key))


def next_at(tx: Transaction) -> int | None:
    row = tx.one("timers.next")
    return row["next_at"] if row else None


def schedules(tx: Transaction) -> dict[Key, str]:
    return {key_of(row): row["schedule"] for row in tx.all("timers.every")}


def key_of(row: Row) -> Key:
    return row["account_id"], row["service"], row["function"], row["name"]


def to_due(row: Row) -> DueTimer:
    trigger = to_trigger(row) if row["document"] else None
    return DueTimer(key_of(row), trigger, row["schedule"], row["next_at"])

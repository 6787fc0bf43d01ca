"""Access keys of users, and when each key was last used."""

from collections.abc import Mapping

import msgspec

from liuyun.model.account import UserKey
from liuyun.storage.database import Transaction


def insert(tx: Transaction, key: UserKey) -> None:
    tx.run("access_keys.insert", access_key_id=key.access_key_id, user_name=key.user, document=encoded(key))


def update(tx: Transaction, key: UserKey) -> None:
    tx.run("access_keys.update", access_key_id=key.access_key_id, document=encoded(key))


def find(tx: Transaction, access_key_id: str) -> UserKey | None:
    row = tx.one("access_keys.one", access_key_id=access_key_id)
    return msgspec.json.decode(row["document"], type=UserKey) if row else None


def everything(tx: Transaction) -> list[UserKey]:
    return [msgspec.json.decode(row["document"], type=UserKey) for row in tx.all("access_keys.all")]


def count_of(tx: Transaction, user: str) -> int:
    row = tx.one("access_keys.count_of", user_name=user)
    return row["keys"] if row else 0


def delete(tx: Transaction, access_key_id: str) -> bool:
    """False if it wasn't there."""
    return bool(tx.run("access_keys.delete", access_key_id=access_key_id))


def delete_of(tx: Transaction, user: str) -> None:
    tx.run("access_keys.delete_of", user_name=user)


def set_uses(tx: Transaction, uses: Mapping[str, int], root: str) -> None:
    """Uses of keys that are neither stored nor the `root` key are dropped."""
    tx.run_many("access_keys.used", [{"access_key_id": key, "used_at": at} for key, at in uses.items()])
    tx.run("access_keys.forget_uses", root=root)


def uses(tx: Transaction) -> dict[str, int]:
    return {row["access_key_id"]: row["used_at"] for row in tx.all("access_keys.uses")}


def encoded(key: UserKey) -> str:
    return msgspec.json.encode(key).decode()

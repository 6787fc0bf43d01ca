"""What is set for functions by qualifier."""

import msgspec

from liuyun.model.configuration import ConfigKind, Configuration, Target
from liuyun.storage.database import Row, Transaction


def put(tx: Transaction, configuration: Configuration) -> None:
    document = msgspec.json.encode(configuration).decode()
    tx.run("configurations.put", **named(configuration.target, configuration.kind), document=document)


def find(tx: Transaction, target: Target, kind: ConfigKind) -> Configuration | None:
    row = tx.one("configurations.find", **named(target, kind))
    return to_configuration(row) if row else None


def every(tx: Transaction) -> list[Configuration]:
    """All of the installation."""
    return [to_configuration(row) for row in tx.all("configurations.every")]


def of_function(tx: Transaction, account_id: str, service: str, function: str) -> list[Configuration]:
    rows = tx.all("configurations.of_function", account_id=account_id, service=service, function=function)
    return [to_configuration(row) for row in rows]


def of_qualifier(tx: Transaction, account_id: str, service: str, qualifier: str) -> list[Configuration]:
    rows = tx.all("configurations.of_qualifier", account_id=account_id, service=service, qualifier=qualifier)
    return [to_configuration(row) for row in rows]


def delete(tx: Transaction, target: Target, kind: ConfigKind) -> bool:
    """False if it wasn't there."""
    return bool(tx.run("configurations.delete", **named(target, kind)))


def named(target: Target, kind: ConfigKind) -> dict[str, str]:
    return {
        "account_id": target.account_id,
        "service": target.service,
        "function": target.function,
        "qualifier": target.qualifier,
        "kind": kind.value,
    }


def to_configuration(row: Row) -> Configuration:
    return msgspec.json.decode(row["document"], type=Configuration)

"""Records of invocations, many to a row."""

from collections.abc import Sequence

import msgspec

from liuyun.model.record import InvocationRecord
from liuyun.storage.database import Transaction

Source = tuple[str, str, str]  # account_id, service, function

encoder = msgspec.json.Encoder()
decoder = msgspec.json.Decoder(list[InvocationRecord])


def insert(tx: Transaction, source: Source, last_id: int, records: Sequence[InvocationRecord]) -> None:
    tx.run("records.insert", **named(source), last_id=last_id, records=encoder.encode(records).decode())


def newest(tx: Transaction, source: Source, before: int, limit: int) -> list[tuple[int, list[InvocationRecord]]]:
    """Chunks of records, each with its last id, newest chunk first and oldest record first in each."""
    rows = tx.all("records.newest", **named(source), before=before, limit=limit)
    return [(row["last_id"], decoder.decode(row["records"])) for row in rows]


def last_id(tx: Transaction) -> int:
    row = tx.one("records.last")
    return (row["last_id"] if row else None) or 0


def delete_old(tx: Transaction, before: int, limit: int) -> int:
    """How many chunks went."""
    return tx.run("records.delete_old", before=before, limit=limit)


def trim(tx: Transaction, source: Source, kept: int) -> None:
    tx.run("records.trim", **named(source), kept=kept)


def named(source: Source) -> dict[str, str]:
    account_id, service, function = source
    return {"account_id": account_id, "service": service, "function": function}

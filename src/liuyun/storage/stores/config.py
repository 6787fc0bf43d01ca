"""Configuration: schemas, entries, their histories, drafts, and the changes that watchers are told."""

from collections.abc import Sequence
from typing import TypeVar

import msgspec

from liuyun.model.config import Change, Draft, DraftState, Entry, Revision, Schema, Scope
from liuyun.storage.database import Row, Transaction

T = TypeVar("T")
ANY_STATE = "%"


def schemas(tx: Transaction) -> list[Schema]:
    return [decoded(row, Schema) for row in tx.all("config.schemas")]


def put_schema(tx: Transaction, schema: Schema) -> bool:
    """False if another revision came first."""
    row = {"name": schema.name, "revision": schema.revision, "document": encoded(schema)}
    if not tx.run("config.put_schema", **row):
        return False
    tx.run("config.keep_schema", **row)
    return True


def schema_history(tx: Transaction, name: str, limit: int) -> list[Schema]:
    return [decoded(row, Schema) for row in tx.all("config.schema_history", name=name, limit=limit)]


def delete_schema(tx: Transaction, name: str) -> None:
    """With what is left of its entries."""
    for query in ("delete_schema", "delete_schema_revisions", "delete_entries", "delete_revisions"):
        tx.run(f"config.{query}", name=name)


def entries(tx: Transaction) -> list[Entry]:
    return [decoded(row, Entry) for row in tx.all("config.entries")]


def put_entry(tx: Transaction, entry: Entry, before: int) -> bool:
    """`before`: the newest revision until now; 0 for a new entry. False if another change came first."""
    row = {**place(entry.schema, entry.scope, entry.key), "newest": entry.newest, "document": encoded(entry)}
    if before:
        return bool(tx.run("config.update_entry", **row, before=before))
    return bool(tx.run("config.insert_entry", **row))


def keep_revisions(tx: Transaction, revised: Sequence[tuple[Entry, Revision]]) -> None:
    rows = [
        {**place(entry.schema, entry.scope, entry.key), "number": revision.number, "document": encoded(revision)}
        for entry, revision in revised
    ]
    tx.run_many("config.keep_revision", rows)


def history(tx: Transaction, schema: str, scope: Scope, key: str, *, before: int, limit: int) -> list[Revision]:
    rows = tx.all("config.history", **place(schema, scope, key), before=before, limit=limit)
    return [decoded(row, Revision) for row in rows]


def find_revision(tx: Transaction, schema: str, scope: Scope, key: str, number: int) -> Revision | None:
    row = tx.one("config.revision", **place(schema, scope, key), number=number)
    return decoded(row, Revision) if row else None


def insert_draft(tx: Transaction, draft: Draft) -> None:
    tx.run("config.insert_draft", draft_id=draft.draft_id, state=draft.state, at=draft.at, document=encoded(draft))


def update_draft(tx: Transaction, draft: Draft, before: DraftState) -> bool:
    """False if it has left that state."""
    return bool(
        tx.run(
            "config.update_draft", draft_id=draft.draft_id, state=draft.state, before=before, document=encoded(draft)
        )
    )


def find_draft(tx: Transaction, draft_id: str) -> Draft | None:
    row = tx.one("config.draft", draft_id=draft_id)
    return decoded(row, Draft) if row else None


def drafts(tx: Transaction, state: DraftState | None, limit: int) -> list[Draft]:
    return [decoded(row, Draft) for row in tx.all("config.drafts", state=state or ANY_STATE, limit=limit)]


def add_changes(tx: Transaction, changes: Sequence[Change], *, keep: int) -> None:
    """In order. Changes more than `keep` before the last go."""
    tx.run_many("config.add_change", [{"sequence": change.sequence, "document": encoded(change)} for change in changes])
    if changes:
        tx.run("config.drop_changes", sequence=changes[-1].sequence - keep)


def changes(tx: Transaction) -> list[Change]:
    return [decoded(row, Change) for row in tx.all("config.changes")]


def place(schema: str, scope: Scope, key: str) -> dict[str, str]:
    return {"schema": schema, "key": key, "scope": str(scope)}


def encoded(thing: object) -> str:
    return msgspec.json.encode(thing).decode()


def decoded(row: Row, kind: type[T]) -> T:
    return msgspec.json.decode(row["document"], type=kind)

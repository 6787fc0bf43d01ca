"""Flows and their revisions."""

from dataclasses import replace

import msgspec

from liuyun.model.execution import ExecutionMode, FlowSpec, StoredFlow, Variable
from liuyun.storage.database import Row, Transaction


def insert(tx: Transaction, flow: StoredFlow) -> bool:
    """False if the name is taken."""
    spec = flow.spec
    added = tx.run(
        "flows.insert",
        account_id=flow.account_id,
        flow_id=flow.flow_id,
        name=spec.name,
        mode=spec.mode.value,
        description=spec.description,
        storage=spec.external_storage_location,
        group_id=spec.resource_group_id,
        created_at=flow.created_at,
    )
    if added:
        insert_revision(tx, flow)
    return bool(added)


def update(tx: Transaction, old: StoredFlow, spec: FlowSpec, now: int) -> StoredFlow | None:
    """The flow at its next revision; None if `old` is not what is stored any more."""
    moved = tx.run(
        "flows.update",
        account_id=old.account_id,
        flow_id=old.flow_id,
        revision=old.revision,
        description=spec.description,
        updated_at=now,
    )
    if not moved:
        return None
    new = replace(old, spec=spec, revision=old.revision + 1, updated_at=now)
    insert_revision(tx, new)
    return new


def insert_revision(tx: Transaction, flow: StoredFlow) -> None:
    tx.run(
        "flows.insert_revision",
        account_id=flow.account_id,
        flow_id=flow.flow_id,
        revision=flow.revision,
        definition=flow.spec.definition,
        role_arn=flow.spec.role_arn,
        environment=msgspec.json.encode(flow.spec.environment).decode(),
    )


def find(tx: Transaction, account_id: str, name: str) -> StoredFlow | None:
    row = tx.one("flows.find", account_id=account_id, name=name)
    return to_flow(row) if row else None


def find_revision(tx: Transaction, account_id: str, flow_id: str, revision: int) -> StoredFlow | None:
    """Deleted flows as well: their executions may still run."""
    row = tx.one("flows.find_revision", account_id=account_id, flow_id=flow_id, revision=revision)
    return to_flow(row) if row else None


def is_current(tx: Transaction, flow: StoredFlow) -> bool:
    row = tx.one("flows.current_revision", account_id=flow.account_id, flow_id=flow.flow_id)
    return row is not None and row["revision"] == flow.revision


def page(tx: Transaction, account_id: str, *, after: str, limit: int) -> list[StoredFlow]:
    return [to_flow(row) for row in tx.all("flows.page", account_id=account_id, after=after, limit=limit)]


def delete(tx: Transaction, account_id: str, name: str, now: int) -> bool:
    return bool(tx.run("flows.delete", account_id=account_id, name=name, deleted_at=now))


def remove_deleted(tx: Transaction) -> None:
    """Removes deleted flows that have no executions left."""
    for row in tx.all("flows.deleted_and_empty"):
        flow = {"account_id": row["account_id"], "flow_id": row["flow_id"]}
        tx.run("flows.remove_revisions", **flow)
        tx.run("flows.remove", **flow)


def to_flow(row: Row) -> StoredFlow:
    return StoredFlow(
        account_id=row["account_id"],
        flow_id=row["flow_id"],
        revision=row["revision"],
        spec=FlowSpec(
            name=row["name"],
            definition=row["definition"],
            description=row["description"],
            role_arn=row["role_arn"],
            mode=ExecutionMode(row["mode"]),
            environment=to_environment(row["environment"]),
            external_storage_location=row["storage"],
            resource_group_id=row["group_id"],
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def to_environment(text: str) -> tuple[Variable, ...]:
    return () if text == "[]" else msgspec.json.decode(text, type=tuple[Variable, ...])

"""Executions, their history, and what they wait for: effects (the outbox) and timers."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from liuyun.model.execution import Execution, ExecutionFilter, ExecutionKey, ExecutionStatus
from liuyun.storage.database import Row, Transaction
from liuyun.storage.stores.flows import to_environment


class Ending(msgspec.Struct, frozen=True):
    status: ExecutionStatus
    output: str
    error: str
    cause: str
    stopped_at: int


class EffectRow(msgspec.Struct, frozen=True):
    event_id: int
    effect: str


class TimerRow(msgspec.Struct, frozen=True):
    event_id: int
    due_at: int


class Advance(msgspec.Struct, frozen=True):
    """What one commit adds to an execution and takes away. `events` is a JSON array, empty text if there are none.

    `answered` and `rung` are the event ids of effects and timers that are done with. `alarmed`: it may have timers.
    """

    first_event_id: int
    last_event_id: int
    events: str
    effects: Sequence[EffectRow] = ()
    timers: Sequence[TimerRow] = ()
    answered: Sequence[int] = ()
    rung: Sequence[int] = ()
    ending: Ending | None = None
    alarmed: bool = True


@dataclass(frozen=True, slots=True)
class Brief:
    """What a list needs to know of an execution."""

    key: ExecutionKey
    name: str
    started_at: int
    stopped_at: int | None


@dataclass(frozen=True, slots=True)
class Head:
    name: str
    revision: int
    callback_token: str


def begin(tx: Transaction, execution: Execution, first: Advance) -> bool:
    """A new execution with its first commit. False if the living flow isn't at its revision, or has an execution of
    that name.
    """
    if not insert(tx, execution):
        return False
    append(tx, execution.key, first)
    add(tx, execution.key, first)
    return True


def insert(tx: Transaction, execution: Execution) -> bool:
    key = execution.key
    return bool(
        tx.run(
            "executions.insert",
            account_id=key.account_id,
            flow_id=key.flow_id,
            execution_id=key.execution_id,
            name=execution.name,
            revision=execution.flow_revision,
            status=execution.status.value,
            input=execution.input,
            output=execution.output,
            error=execution.error,
            cause=execution.cause,
            callback_token=execution.callback_token,
            started_at=execution.started_at,
            stopped_at=execution.stopped_at,
        )
    )


def advance(tx: Transaction, key: ExecutionKey, step: Advance) -> bool:
    """Everything of one commit. False, with nothing changed, if the history has grown since the run was loaded."""
    if step.events and not append(tx, key, step):
        return False
    if step.ending is not None:
        finish(tx, key, step.ending, alarmed=step.alarmed)
    else:
        if is_sequel(step) and replace_effect(tx, key, step.answered[0], step.effects[0]):
            step = replace(step, answered=(), effects=())
        drop(tx, key, step)
    add(tx, key, step)
    return True


def is_sequel(step: Advance) -> bool:
    """One effect after the other, as most runs have them."""
    return len(step.answered) == len(step.effects) == 1


def append(tx: Transaction, key: ExecutionKey, step: Advance) -> bool:
    return bool(
        tx.run(
            "executions.append",
            account_id=key.account_id,
            execution_id=key.execution_id,
            first_event_id=step.first_event_id,
            last_event_id=step.last_event_id,
            events=step.events,
        )
    )


def finish(tx: Transaction, key: ExecutionKey, ending: Ending, *, alarmed: bool) -> None:
    account_id, execution_id = key.account_id, key.execution_id
    tx.run(
        "executions.finish",
        account_id=account_id,
        flow_id=key.flow_id,
        execution_id=execution_id,
        status=ending.status.value,
        output=ending.output,
        error=ending.error,
        cause=ending.cause,
        stopped_at=ending.stopped_at,
    )
    tx.run("executions.delete_effects", account_id=account_id, flow_id=key.flow_id, execution_id=execution_id)
    if alarmed:
        tx.run("executions.delete_timers", account_id=account_id, execution_id=execution_id)


def drop(tx: Transaction, key: ExecutionKey, step: Advance) -> None:
    for event_id in step.answered:
        delete_effect(tx, key, event_id)
    for event_id in step.rung:
        tx.run("executions.delete_timer", account_id=key.account_id, execution_id=key.execution_id, event_id=event_id)


def replace_effect(tx: Transaction, key: ExecutionKey, answered: int, row: EffectRow) -> bool:
    """False if the answered one has gone already."""
    found = tx.run(
        "executions.replace_effect", **key._asdict(), answered=answered, event_id=row.event_id, effect=row.effect
    )
    return bool(found)


def delete_effect(tx: Transaction, key: ExecutionKey, event_id: int) -> None:
    tx.run("executions.delete_effect", **key._asdict(), event_id=event_id)


def add(tx: Transaction, key: ExecutionKey, step: Advance) -> None:
    owner = key._asdict()
    for row in step.effects:
        tx.run("executions.insert_effect", **owner, event_id=row.event_id, effect=row.effect)
    for timer in step.timers:
        tx.run("executions.insert_timer", **owner, event_id=timer.event_id, due_at=timer.due_at)


def head(tx: Transaction, key: ExecutionKey) -> Head | None:
    row = tx.one("executions.head", **key._asdict())
    return Head(row["name"], row["revision"], row["callback_token"]) if row else None


def find(tx: Transaction, account_id: str, flow: str, name: str) -> Execution | None:
    """An execution of a living flow."""
    row = tx.one("executions.find", account_id=account_id, flow=flow, name=name)
    return to_execution(row) if row else None


def find_key(tx: Transaction, account_id: str, flow: str, name: str) -> ExecutionKey | None:
    row = tx.one("executions.find_key", account_id=account_id, flow=flow, name=name)
    return to_key(row) if row else None


def find_by_id(tx: Transaction, key: ExecutionKey) -> Execution | None:
    row = tx.one("executions.find_by_id", account_id=key.account_id, flow_id=key.flow_id, execution_id=key.execution_id)
    return to_execution(row) if row else None


def count_running(tx: Transaction, account_id: str) -> int:
    """Of the living flows."""
    row = tx.one("executions.count_running", account_id=account_id)
    return row["executions"] if row else 0


def page(
    tx: Transaction, account_id: str, flow_id: str, wanted: ExecutionFilter, *, before: str, from_id: str, limit: int
) -> list[Execution]:
    """Newest first, of those with `from_id` <= execution id < `before`."""
    query, extra = "executions.page", {}
    if wanted.status is not None:
        query, extra = "executions.page_of_status", {"status": wanted.status.value}
    rows = tx.all(
        query,
        account_id=account_id,
        flow_id=flow_id,
        before=before,
        from_id=from_id,
        name_prefix=wanted.name_prefix,
        limit=limit,
        **extra,
    )
    return [to_execution(row) for row in rows]


def briefs(tx: Transaction, account_id: str, flow_id: str, before: str, limit: int) -> list[Brief]:
    """Newest first."""
    rows = tx.all("executions.briefs", account_id=account_id, flow_id=flow_id, before=before, limit=limit)
    return [Brief(to_key(row), row["name"], row["started_at"], row["stopped_at"]) for row in rows]


def orphans(tx: Transaction, limit: int) -> list[ExecutionKey]:
    """Running executions of deleted flows."""
    rows = tx.all("executions.orphans", limit=limit)
    return [to_key(row) for row in rows]


def remove_orphans(tx: Transaction, limit: int) -> int:
    """Removes up to `limit` ended executions of deleted flows and their history; how many there were."""
    keys = [to_key(row) for row in tx.all("executions.ended_orphans", limit=limit)]
    for key in keys:
        owner = {"account_id": key.account_id, "execution_id": key.execution_id}
        tx.run("executions.remove_history", **owner)
        tx.run("executions.remove", **owner, flow_id=key.flow_id)
    return len(keys)


def history(tx: Transaction, key: ExecutionKey, *, after: int = 0, limit: int = 1_000_000) -> list[str]:
    """JSON arrays of events: all commits that hold an event after `after`, in order."""
    rows = tx.all(
        "executions.history", account_id=key.account_id, execution_id=key.execution_id, after=after, limit=limit
    )
    return [row["events"] for row in rows]


def flows_with_effects(tx: Transaction) -> list[tuple[str, str]]:
    """(account, flow id) wherever an effect is unfinished."""
    return [(row["account_id"], row["flow_id"]) for row in tx.all("executions.flows_with_effects")]


def effects(tx: Transaction, account_id: str, flow_id: str, limit: int) -> list[tuple[ExecutionKey, EffectRow]]:
    """Unfinished effects of a flow, those of its oldest executions first."""
    rows = tx.all("executions.effects", account_id=account_id, flow_id=flow_id, limit=limit)
    return [(to_key(row), EffectRow(row["event_id"], row["effect"])) for row in rows]


def timers(tx: Transaction, limit: int) -> list[tuple[ExecutionKey, TimerRow]]:
    """The next alarms, the earliest first."""
    rows = tx.all("executions.timers", limit=limit)
    return [(to_key(row), TimerRow(row["event_id"], row["due_at"])) for row in rows]


def postpone(tx: Transaction, key: ExecutionKey, event_id: int, due_at: int) -> None:
    tx.run(
        "executions.postpone_timer",
        account_id=key.account_id,
        execution_id=key.execution_id,
        event_id=event_id,
        due_at=due_at,
    )


def to_key(row: Row) -> ExecutionKey:
    return ExecutionKey(row["account_id"], row["flow_id"], row["execution_id"])


def to_execution(row: Row) -> Execution:
    return Execution(
        key=to_key(row),
        name=row["name"],
        flow_name=row["flow_name"],
        flow_revision=row["revision"],
        definition=row["definition"],
        input=row["input"],
        status=ExecutionStatus(row["status"]),
        started_at=row["started_at"],
        role_arn=row["role_arn"],
        environment=to_environment(row["environment"]),
        output=row["output"],
        error=row["error"],
        cause=row["cause"],
        stopped_at=row["stopped_at"],
        callback_token=row["callback_token"],
    )

"""Asynchronous tasks: what became of invocations that are kept."""

from dataclasses import replace

import msgspec

from liuyun.model.asynchronous import FunctionKey, Task, TaskFilter
from liuyun.storage.database import Row, Transaction

Position = tuple[int, str]  # started_at, task_id
EARLIEST: Position = (-1, "")
LATEST: Position = (2**62, "")

encoder = msgspec.json.Encoder()
decoder = msgspec.json.Decoder(Task)


def insert(tx: Transaction, task: Task) -> bool:
    """False if the id is taken."""
    return bool(
        tx.run(
            "async_tasks.insert",
            **named(task.key, task.task_id),
            qualifier=task.qualifier,
            started_at=task.started_at,
            payload=task.payload,
            **changing(task),
        )
    )


def update(tx: Transaction, task: Task) -> None:
    tx.run("async_tasks.update", **named(task.key, task.task_id), **changing(task))


def find(tx: Transaction, key: FunctionKey, task_id: str) -> Task | None:
    row = tx.one("async_tasks.find", **named(key, task_id))
    return to_task(row) if row else None


def page(tx: Transaction, key: FunctionKey, wanted: TaskFilter, *, after: Position | None, limit: int) -> list[Task]:
    """Tasks by time, behind `after` in the order that is wanted."""
    account_id, service, function = key
    after_time, after_id = after or (LATEST if wanted.newest_first else EARLIEST)
    rows = tx.all(
        "async_tasks.newest" if wanted.newest_first else "async_tasks.oldest",
        account_id=account_id,
        service=service,
        function=function,
        started_from=EARLIEST[0] if wanted.started_from is None else wanted.started_from,
        started_until=LATEST[0] if wanted.started_until is None else wanted.started_until,
        after_time=after_time,
        after_id=after_id,
        status=wanted.status or "",
        qualifier=wanted.qualifier,
        prefix=wanted.prefix,
        prefix_length=len(wanted.prefix),
        limit=limit,
    )
    return [to_task(row) for row in rows]


def functions(tx: Transaction, account_id: str, after: tuple[str, str, str], limit: int) -> list[tuple[str, str, str]]:
    """Service, function and qualifier of those with tasks."""
    service, function, qualifier = after
    rows = tx.all(
        "async_tasks.functions",
        account_id=account_id, service=service, function=function, qualifier=qualifier, limit=limit,
    )  # fmt: skip
    return [(row["service"], row["function"], row["qualifier"]) for row in rows]


def forget(tx: Transaction, before: int, limit: int) -> int:
    """How many tasks went that ended before then."""
    return tx.run("async_tasks.forget", before=before, limit=limit)


def named(key: FunctionKey, task_id: str) -> dict[str, str]:
    account_id, service, function = key
    return {"account_id": account_id, "service": service, "function": function, "task_id": task_id}


def changing(task: Task) -> dict[str, object]:
    return {
        "status": task.status,
        "ended_at": task.ended_at,
        "document": encoder.encode(replace(task, payload=b"", returned=b"")).decode(),
        "returned": task.returned,
    }


def to_task(row: Row) -> Task:
    return replace(decoder.decode(row["document"]), payload=row["payload"], returned=row["returned"])

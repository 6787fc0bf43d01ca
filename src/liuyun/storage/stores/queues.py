"""Queues and their messages as rows."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

import msgspec

from liuyun.model.message import Message, Properties, Queue, QueueAttributes, QueueCounts
from liuyun.storage.database import Row, Transaction

NO_PROPERTIES = Properties()
PROMOTED_AT_ONCE = 1000  # bounds one receive after a long rest; the others become ready in the next ones


class Stored(msgspec.Struct, frozen=True):
    """A message to store. `receipt` is not empty for a delayed one, whose sender gets a handle."""

    message_id: str
    body: str
    body_md5: str
    priority: int
    properties: Properties
    enqueued_at: int
    visible_at: int
    expires_at: int
    receipt: str = ""


class Hold(msgspec.Struct, frozen=True):
    """By what a receiver holds what it gets: a token that is stored, the handle made of it, and until when."""

    receipt: str
    handle: Callable[[int], str]  # of a sequence
    visible_at: int


class Received(msgspec.Struct, frozen=True):
    """What a receive got, how many messages it made ready, and, where it looked for that, when the next one is due."""

    messages: Sequence[Message]
    promoted: int
    next_visible: int | None = None


def insert(tx: Transaction, queue: Queue) -> bool:
    """False if the name is taken."""
    return (
        tx.run(
            "queues.insert",
            queue_id=queue.queue_id,
            account_id=queue.account_id,
            name=queue.name,
            created_at=queue.created_at,
            **asdict(queue.attributes),
        )
        == 1
    )


def find(tx: Transaction, account_id: str, name: str) -> Queue | None:
    row = tx.one("queues.find", account_id=account_id, name=name)
    return as_queue(row) if row else None


def update(tx: Transaction, queue: Queue) -> None:
    tx.run("queues.update", queue_id=queue.queue_id, updated_at=queue.updated_at, **asdict(queue.attributes))


def page(tx: Transaction, account_id: str, *, first: str, end: str, after: str, limit: int) -> list[Queue]:
    rows = tx.all("queues.page", account_id=account_id, first=first, end=end, after=after, limit=limit)
    return [as_queue(row) for row in rows]


def count(tx: Transaction, queue_id: int, now: int) -> QueueCounts:
    row = tx.one("queues.count", queue_id=queue_id, now=now)
    assert row is not None
    return QueueCounts(row["ready"] + row["due"], row["held"], row["delayed"], row["next_at"])


def delete(tx: Transaction, account_id: str, name: str) -> None:
    """The name is free at once; the messages go by and by."""
    row = tx.one("queues.delete", account_id=account_id, name=name)
    if row is not None:
        tx.run("queues.insert_deleted", queue_id=row["queue_id"])


def send(tx: Transaction, queue_id: int, stored: Stored) -> int | None:
    """Its sequence, if it has a receipt."""
    if not stored.receipt:
        tx.run("queues.send", **as_row(queue_id, stored))
        return None
    row = tx.one("queues.send_delayed", **as_row(queue_id, stored))
    assert row is not None
    return row["sequence"]


def send_many(tx: Transaction, queue_id: int, many: Sequence[Stored]) -> None:
    tx.run_many("queues.send", [as_row(queue_id, stored) for stored in many])


def receive(tx: Transaction, queue_id: int, limit: int, hold: Hold, *, now: int, look_ahead: bool) -> Received:
    """Looks ahead for when the next message is due if it is told to, and if there is none now."""
    promoted = promote(tx, queue_id, now)
    rows = tx.all(
        "queues.receive", queue_id=queue_id, limit=limit, receipt=hold.receipt, visible_at=hold.visible_at, now=now
    )
    rows.sort(key=lambda row: (row["priority"], row["sequence"]))  # the order of RETURNING is the database's own
    messages = [as_message(row, hold.handle(row["sequence"])) for row in rows]
    return Received(messages, promoted, next_visible(tx, queue_id) if look_ahead or not rows else None)


def peek(tx: Transaction, queue_id: int, limit: int, now: int) -> list[Message]:
    promote(tx, queue_id, now)
    return [as_message(row) for row in tx.all("queues.peek", queue_id=queue_id, limit=limit, now=now)]


def promote(tx: Transaction, queue_id: int, now: int) -> int:
    return tx.run("queues.promote", queue_id=queue_id, now=now, limit=PROMOTED_AT_ONCE)


def next_visible(tx: Transaction, queue_id: int) -> int | None:
    row = tx.one("queues.next_visible", queue_id=queue_id)
    return row["visible_at"] if row else None


def unreceive(tx: Transaction, sequences: Sequence[int], receipt: str, now: int) -> None:
    tx.run_many("queues.unreceive", [{"sequence": each, "receipt": receipt, "now": now} for each in sequences])


def delete_message(tx: Transaction, queue_id: int, sequence: int, receipt: str, now: int) -> bool:
    return tx.run("queues.delete_message", queue_id=queue_id, sequence=sequence, receipt=receipt, now=now) == 1


def change_visibility(
    tx: Transaction, queue_id: int, sequence: int, receipt: str, *, new_receipt: str, visible_at: int, now: int
) -> bool:
    return (
        tx.run(
            "queues.change_visibility",
            queue_id=queue_id,
            sequence=sequence,
            receipt=receipt,
            new_receipt=new_receipt,
            visible_at=visible_at,
            now=now,
        )
        == 1
    )


def expire(tx: Transaction, now: int, limit: int) -> int:
    return tx.run("queues.expire", now=now, limit=limit)


def next_expiry(tx: Transaction) -> int | None:
    row = tx.one("queues.next_expiry")
    return row["expires_at"] if row else None


def clear(tx: Transaction, queue_id: int, limit: int) -> int:
    """Deletes some messages of a queue, `limit` at the most; how many."""
    cleared = tx.run("queues.clear", queue_id=queue_id, limit=limit)
    return cleared + tx.run("queues.clear_waiting", queue_id=queue_id, limit=limit - cleared)


def oldest(tx: Transaction, queue_id: int) -> int | None:
    """When the message was sent that has been ready for somebody the longest."""
    row = tx.one("queues.oldest", queue_id=queue_id)
    return row["enqueued_at"] if row else None


def clear_deleted(tx: Transaction, limit: int) -> int:
    """Clears away some messages of a deleted queue; how many things were done, 0 when there is no more to do."""
    row = tx.one("queues.deleted")
    if row is None:
        return 0
    return clear(tx, row["queue_id"], limit) or tx.run("queues.forget_deleted", queue_id=row["queue_id"])


def logging_bucket(tx: Transaction, account_id: str) -> str:
    row = tx.one("queues.account", account_id=account_id)
    return row["logging_bucket"] if row else ""


def set_logging_bucket(tx: Transaction, account_id: str, bucket: str) -> None:
    tx.run("queues.set_account", account_id=account_id, logging_bucket=bucket)


def as_row(queue_id: int, stored: Stored) -> dict[str, Any]:
    return {
        "queue_id": queue_id,
        "message_id": stored.message_id,
        "ready": int(stored.visible_at <= stored.enqueued_at),
        "priority": stored.priority,
        "visible_at": stored.visible_at,
        "receipt": stored.receipt,
        "enqueued_at": stored.enqueued_at,
        "expires_at": stored.expires_at,
        "body_md5": stored.body_md5,
        "properties": as_json(stored.properties),
        "body": stored.body,
    }


def as_queue(row: Row) -> Queue:
    return Queue(
        account_id=row["account_id"],
        name=row["name"],
        queue_id=row["queue_id"],
        attributes=QueueAttributes(
            delay_s=row["delay_s"],
            max_message_bytes=row["max_message_bytes"],
            retention_s=row["retention_s"],
            visibility_timeout_s=row["visibility_timeout_s"],
            polling_wait_s=row["polling_wait_s"],
            logging_enabled=bool(row["logging_enabled"]),
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def as_message(row: Row, handle: str = "") -> Message:
    return Message(
        sequence=row["sequence"],
        message_id=row["message_id"],
        body=row["body"],
        body_md5=row["body_md5"],
        priority=row["priority"],
        enqueued_at=row["enqueued_at"],
        visible_at=row["visible_at"],
        received_count=row["received_count"],
        first_received_at=row["first_received_at"],
        receipt_handle=handle,
        properties=as_properties(row["properties"]),
    )


def as_json(properties: Properties) -> str:
    if not properties.user and not properties.system:
        return ""
    return msgspec.json.encode(properties).decode()


def as_properties(text: str) -> Properties:
    return msgspec.json.decode(text, type=Properties) if text else NO_PROPERTIES

"""Queues: what clients do with them, durably. The rules are in `core`, who waits in `waiting`, the rows in `stores`."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from liuyun.clock import Clock
from liuyun.errors import QueueNotFound, Unavailable
from liuyun.ids import Ids
from liuyun.messaging.core import receipts
from liuyun.messaging.core.attributes import Changes, check_range
from liuyun.messaging.core.names import PREFIX_END
from liuyun.messaging.core.sending import BATCH, BATCH_BYTES, Entry, accept, accept_batch
from liuyun.messaging.registry import Registry, existing
from liuyun.messaging.waiting import Line, Lines, Place
from liuyun.model.message import (
    ChangedVisibility,
    Draft,
    Message,
    Properties,
    Queue,
    QueueAttributes,
    QueueStatus,
    Receipt,
)
from liuyun.model.page import Page
from liuyun.storage.commits import commit, conclude
from liuyun.storage.database import Database, Transaction, Work
from liuyun.storage.stores import queues as store
from liuyun.storage.stores.queues import Hold, Received, Stored

WAIT = ("waitseconds", 0, 30)  # a client's connection gives up soon after
VISIBILITY = ("VisibilityTimeout", 0, 43_200)
MESSAGES = ("numOfMessages", 1, BATCH)
PAGE = ("x-mns-ret-number", 1, 1000)
MESSAGE_ID_BYTES = 16
NO_PROPERTIES = Properties()


class Queues:
    """Each method raises QueueNotFound for a queue that isn't there and Invalid for values out of range."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._lines = Lines(clock)
        self._registry = Registry(db, clock, ids, on_delete=lambda queue: self._lines.close(queue.queue_id))

    def close(self) -> None:
        """Ends all waits: those who wait are told that there is nothing."""
        self._lines.close_all()

    # --- queues

    async def create(self, account_id: str, name: str, attributes: QueueAttributes) -> tuple[Queue, bool]:
        """The queue and whether it is new. Raises QueueExists if there is one with other attributes."""
        return await self._registry.create(account_id, name, attributes)

    async def set_attributes(self, account_id: str, name: str, changes: Changes) -> Queue:
        """What isn't in `changes` stays. Messages that are already stored keep their retention."""
        return await self._registry.change(account_id, name, changes)

    async def get(self, account_id: str, name: str) -> QueueStatus:
        now = self._clock.now()

        def work(tx: Transaction) -> QueueStatus:
            queue = existing(tx, account_id, name)
            return QueueStatus(queue, store.count(tx, queue.queue_id, now))

        return await self._db.read(work)

    async def list(
        self, account_id: str, *, prefix: str = "", after: str = "", limit: int = 1000, counted: bool = False
    ) -> Page[QueueStatus]:
        check_range(limit, *PAGE)
        now = self._clock.now()

        def work(tx: Transaction) -> Page[QueueStatus]:
            found = store.page(tx, account_id, first=prefix, end=prefix + PREFIX_END, after=after, limit=limit + 1)
            queues = [
                QueueStatus(queue, store.count(tx, queue.queue_id, now) if counted else None) for queue in found[:limit]
            ]
            return Page(queues, queues[-1].queue.name if len(found) > limit else None)

        return await self._db.read(work)

    async def delete(self, account_id: str, name: str) -> None:
        """Deletes the queue with its messages; whoever waits for it learns that it is gone. None there: nothing."""
        await self._registry.delete(account_id, name)

    # --- messages in

    async def send(
        self,
        account_id: str,
        name: str,
        body: str,
        priority: int | None = None,
        delay_s: int | None = None,
        *,
        properties: Properties = NO_PROPERTIES,
        along: Work[None] | None = None,
    ) -> Receipt:
        """Returns once the message is on disk.

        `along` commits with the message, so that another part can hand over exactly once. What it hands over was
        accepted before and may be wrapped in a document: the queue's MaximumMessageSize doesn't apply.
        """
        queue = await self._registry.find(account_id, name)
        limits = queue.attributes if along is None else replace(queue.attributes, max_message_bytes=8 * BATCH_BYTES)
        entry = accept(Draft(body, priority, delay_s, properties), limits, self._clock.now())
        stored = self._stored(entry)

        def work(tx: Transaction) -> int:
            if along is not None:
                along(tx)
            return store.send(tx, queue.queue_id, stored)

        sequence = await commit(self._db, work, lambda _: self._announce(queue, [entry]))
        handle = receipts.handle(sequence, stored.receipt) if entry.delayed else ""
        return Receipt(stored.message_id, stored.body_md5, handle)

    async def send_batch(self, account_id: str, name: str, drafts: Sequence[Draft]) -> Sequence[Receipt]:
        """All of them or none."""
        queue = await self._registry.find(account_id, name)
        entries = accept_batch(drafts, queue.attributes, self._clock.now())
        stored = [self._stored(entry) for entry in entries]
        work = partial(store.send_many, queue_id=queue.queue_id, many=stored)
        await commit(self._db, work, lambda _: self._announce(queue, entries))
        return [Receipt(each.message_id, each.body_md5) for each in stored]

    # --- messages out

    async def receive(self, account_id: str, name: str, limit: int = 1, wait_s: int | None = None) -> Sequence[Message]:
        """Up to `limit` messages, hidden from others for the queue's VisibilityTimeout.

        Waits until there is at least one, for `wait_s` (None: as long as the queue says). If the caller is cancelled,
        what it was about to get is as if it had never been received.
        """
        queue = await self._registry.find(account_id, name)
        wait_s = queue.attributes.polling_wait_s if wait_s is None else wait_s
        check_range(limit, *MESSAGES)
        check_range(wait_s, *WAIT)
        if wait_s == 0:
            return (await self._take(queue, limit)).messages
        deadline = self._clock.steady() + wait_s * 1000
        with self._lines.enter(queue.queue_id) as (line, place):
            return await self._wait(queue, limit, line, place, deadline=deadline)

    async def peek(self, account_id: str, name: str, limit: int = 1) -> Sequence[Message]:
        """What a receive would get now, left as it is."""
        queue = await self._registry.find(account_id, name)
        check_range(limit, *MESSAGES)
        # a write, since it makes messages ready whose time has come
        return await self._db.write(partial(store.peek, queue_id=queue.queue_id, limit=limit, now=self._clock.now()))

    async def delete_messages(self, account_id: str, name: str, handles: Sequence[str]) -> Sequence[str]:
        """Deletes what was received. Returns the handles that were refused: never given out, replaced, or too late."""
        queue = await self._registry.find(account_id, name)
        check_range(len(handles), "ReceiptHandles", 1, BATCH)
        now = self._clock.now()

        def work(tx: Transaction) -> list[str]:
            return [handle for handle in handles if not delete_by(tx, queue.queue_id, handle, now)]

        return await self._db.write(work)

    async def change_visibility(self, account_id: str, name: str, handle: str, timeout_s: int) -> ChangedVisibility:
        """Hides a received message for `timeout_s` from now. Raises InvalidReceiptHandle; replaces the handle."""
        queue = await self._registry.find(account_id, name)
        check_range(timeout_s, *VISIBILITY)
        sequence, receipt = receipts.parse(handle)
        now = self._clock.now()
        visible_at, new_receipt = now + timeout_s * 1000, self._ids.hex(receipts.TOKEN_BYTES)
        change = partial(store.change_visibility, new_receipt=new_receipt, visible_at=visible_at, now=now)

        def work(tx: Transaction) -> None:
            if not change(tx, queue.queue_id, sequence, receipt):
                raise receipts.refused(handle)

        await commit(self._db, work, lambda _: self._lines.due(queue.queue_id, visible_at))
        return ChangedVisibility(receipts.handle(sequence, new_receipt), visible_at)

    # --- the inside

    def _stored(self, entry: Entry) -> Stored:
        return Stored(
            message_id=self._ids.hex(MESSAGE_ID_BYTES).upper(),
            body=entry.body,
            body_md5=entry.body_md5,
            priority=entry.priority,
            properties=entry.properties,
            enqueued_at=entry.enqueued_at,
            visible_at=entry.visible_at,
            expires_at=entry.expires_at,
            receipt=self._ids.hex(receipts.TOKEN_BYTES) if entry.delayed else "",
        )

    def _announce(self, queue: Queue, entries: Sequence[Entry]) -> None:
        self._lines.ring(queue.queue_id, sum(not entry.delayed for entry in entries))
        for entry in entries:
            if entry.delayed:
                self._lines.due(queue.queue_id, entry.visible_at)

    async def _wait(self, queue: Queue, limit: int, line: Line, place: Place, *, deadline: int) -> Sequence[Message]:
        """Looks when it is this place's turn, until there is something or the time is over. See `waiting`."""
        looks = not line.sleepers()
        while not line.closed:
            if looks:
                rings = line.rings
                received = await self._take(queue, limit, look_ahead=place.owes_look)
                place.owes_look = False
                if received.messages:
                    return received.messages
                if rings != line.rings:
                    continue
            if not await line.sleep(place, deadline):
                return ()
            looks = True
        if (await self._registry.find(queue.account_id, queue.name)).queue_id != queue.queue_id:
            raise QueueNotFound(queue.name)
        return ()

    async def _take(self, queue: Queue, limit: int, *, look_ahead: bool = False) -> Received:
        receipt, now = self._ids.hex(receipts.TOKEN_BYTES), self._clock.now()
        visible_at = now + queue.attributes.visibility_timeout_s * 1000
        hold = Hold(receipt, partial(receipts.handle, token=receipt), visible_at)
        work = partial(store.receive, queue_id=queue.queue_id, limit=limit, hold=hold, now=now, look_ahead=look_ahead)
        unit = asyncio.ensure_future(self._db.write(work))
        try:
            received = await asyncio.shield(unit)
        except asyncio.CancelledError:
            unit.add_done_callback(partial(self._give_back, queue, receipt))
            raise
        self._tell(queue, received)
        return received

    def _tell(self, queue: Queue, received: Received) -> None:
        """Those who wait learn what this look has found out."""
        self._lines.ring(queue.queue_id, received.promoted - len(received.messages))
        self._lines.due(queue.queue_id, received.next_visible)
        if received.messages:
            self._lines.due(queue.queue_id, received.messages[0].visible_at)

    def _give_back(self, queue: Queue, receipt: str, unit: "asyncio.Future[Received]") -> None:
        """The receiver has gone: its messages are ready again, and somebody else is told."""
        if unit.cancelled() or unit.exception() is not None:
            return
        received = unit.result()
        self._tell(queue, received)
        if not received.messages:
            return
        sequences = [message.sequence for message in received.messages]
        work = partial(store.unreceive, sequences=sequences, receipt=receipt, now=self._clock.now())
        try:
            undone = asyncio.ensure_future(self._db.write(work))
        except Unavailable:  # closed: they come back when their visibility ends
            return
        undone.add_done_callback(partial(conclude, lambda _: self._lines.ring(queue.queue_id, len(sequences))))


def delete_by(tx: Transaction, queue_id: int, handle: str, now: int) -> bool:
    if receipts.HANDLE.fullmatch(handle) is None:
        return False
    sequence, receipt = receipts.parse(handle)
    return store.delete_message(tx, queue_id, sequence, receipt, now)

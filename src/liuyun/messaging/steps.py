"""What clients do with the messages of a queue, each as one step: a unit of work, and what follows from its commit.

Whoever has the queue makes the step, and carries it out as it likes: awaits it, or is told of its answer.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from liuyun.clock import Clock
from liuyun.errors import Unavailable
from liuyun.ids import Ids
from liuyun.messaging.core import receipts
from liuyun.messaging.core.attributes import check_range
from liuyun.messaging.core.sending import BATCH, BATCH_BYTES, Entry, accept, accept_batch
from liuyun.messaging.waiting import Lines
from liuyun.model.message import ChangedVisibility, Draft, Message, Queue, Receipt
from liuyun.storage.commits import Step, begin
from liuyun.storage.database import Database, Transaction, Work
from liuyun.storage.stores import queues as store
from liuyun.storage.stores.queues import Hold, Received, Stored

T = TypeVar("T")
WAIT = ("waitseconds", 0, 30)  # a client's connection gives up soon after
VISIBILITY = ("VisibilityTimeout", 0, 43_200)
MESSAGES = ("numOfMessages", 1, BATCH)
MESSAGE_ID_BYTES = 16


class Steps:
    """Each method raises Invalid for values out of range."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids, lines: Lines) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._lines = lines

    def send(self, queue: Queue, draft: Draft, along: Work[None] | None = None) -> Step[int | None, Receipt]:
        """`along` commits with the message, so that another part can hand over exactly once. What it hands over was
        accepted before and may be wrapped in a document: the queue's MaximumMessageSize doesn't apply.
        """
        limits = queue.attributes if along is None else replace(queue.attributes, max_message_bytes=8 * BATCH_BYTES)
        entry = accept(draft, limits, self._clock.now())
        stored = self._stored(entry)
        put = partial(store.send, queue_id=queue.queue_id, stored=stored)

        def conclude(sequence: int | None) -> Receipt:
            self._announce(queue, [entry])
            handle = "" if sequence is None else receipts.handle(sequence, stored.receipt)
            return Receipt(stored.message_id, stored.body_md5, handle)

        return Step(put if along is None else together(along, put), conclude)

    def send_batch(self, queue: Queue, drafts: Sequence[Draft]) -> Step[None, Sequence[Receipt]]:
        """All of them or none."""
        entries = accept_batch(drafts, queue.attributes, self._clock.now())
        stored = [self._stored(entry) for entry in entries]

        def conclude(_: None) -> Sequence[Receipt]:
            self._announce(queue, entries)
            return [Receipt(each.message_id, each.body_md5) for each in stored]

        return Step(partial(store.send_many, queue_id=queue.queue_id, many=stored), conclude)

    def wait_s(self, queue: Queue, asked: int | None) -> int:
        """How long a receiver waits for its first message; None: as long as the queue says."""
        wait_s = queue.attributes.polling_wait_s if asked is None else asked
        check_range(wait_s, *WAIT)
        return wait_s

    def others_wait(self, queue: Queue) -> bool:
        """Whether others sleep until there is something, whose turn is first."""
        return self._lines.has_sleepers(queue.queue_id)

    def receive(self, queue: Queue, limit: int, *, look_ahead: bool = False) -> Step[Received, Sequence[Message]]:
        """Messages that nobody takes are as if they had never been received."""
        check_range(limit, *MESSAGES)
        receipt, now = self._ids.hex(receipts.TOKEN_BYTES), self._clock.now()
        visible_at = now + queue.attributes.visibility_timeout_s * 1000
        hold = Hold(receipt, partial(receipts.handle, token=receipt), visible_at)
        work = partial(store.receive, queue_id=queue.queue_id, limit=limit, hold=hold, now=now, look_ahead=look_ahead)
        return Step(work, partial(self._tell, queue), partial(self._give_back, queue, receipt))

    def peek(self, queue: Queue, limit: int) -> Step[Sequence[Message], Sequence[Message]]:
        """A write, since it makes messages ready whose time has come."""
        check_range(limit, *MESSAGES)
        return Step(partial(store.peek, queue_id=queue.queue_id, limit=limit, now=self._clock.now()), as_it_is)

    def delete(self, queue: Queue, handles: Sequence[str]) -> Step[Sequence[str], Sequence[str]]:
        """Which handles were refused: never given out, replaced, or too late."""
        check_range(len(handles), "ReceiptHandles", 1, BATCH)
        now = self._clock.now()

        def work(tx: Transaction) -> Sequence[str]:
            return [handle for handle in handles if not delete_by(tx, queue.queue_id, handle, now)]

        return Step(work, as_it_is)

    def change_visibility(self, queue: Queue, handle: str, timeout_s: int) -> Step[None, ChangedVisibility]:
        """Hides a received message for `timeout_s` from now. Raises InvalidReceiptHandle; replaces the handle."""
        check_range(timeout_s, *VISIBILITY)
        sequence, receipt = receipts.parse(handle)
        now = self._clock.now()
        visible_at, new_receipt = now + timeout_s * 1000, self._ids.hex(receipts.TOKEN_BYTES)
        change = partial(store.change_visibility, new_receipt=new_receipt, visible_at=visible_at, now=now)

        def work(tx: Transaction) -> None:
            if not change(tx, queue.queue_id, sequence, receipt):
                raise receipts.refused(handle)

        def conclude(_: None) -> ChangedVisibility:
            self._lines.due(queue.queue_id, visible_at)
            return ChangedVisibility(receipts.handle(sequence, new_receipt), visible_at)

        return Step(work, conclude)

    # --- what follows

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
        self._lines.ring(queue.queue_id, sum([not entry.delayed for entry in entries]))
        for entry in entries:
            if entry.delayed:
                self._lines.due(queue.queue_id, entry.visible_at)

    def _tell(self, queue: Queue, received: Received) -> Sequence[Message]:
        """Those who wait learn what this look has found out."""
        self._lines.ring(queue.queue_id, received.promoted - len(received.messages))
        self._lines.due(queue.queue_id, received.next_visible)
        if received.messages:
            self._lines.due(queue.queue_id, received.messages[0].visible_at)
        return received.messages

    def _give_back(self, queue: Queue, receipt: str, messages: Sequence[Message]) -> None:
        """The receiver has gone: its messages are ready again, and somebody else is told."""
        if not messages:
            return
        sequences = [message.sequence for message in messages]
        work = partial(store.unreceive, sequences=sequences, receipt=receipt, now=self._clock.now())

        def conclude(_: None) -> None:
            self._lines.ring(queue.queue_id, len(sequences))

        try:
            begin(self._db, Step(work, conclude), ignore)
        except Unavailable:  # closed: they come back when their visibility ends
            return


def together(first: Work[None], second: Work[int | None]) -> Work[int | None]:
    def work(tx: Transaction) -> int | None:
        first(tx)
        return second(tx)

    return work


def as_it_is(answer: T) -> T:
    return answer


def ignore(_: object) -> None:
    """If it failed, they come back when their visibility ends."""


def delete_by(tx: Transaction, queue_id: int, handle: str, now: int) -> bool:
    found = receipts.read(handle)
    return found is not None and store.delete_message(tx, queue_id, *found, now)

"""Queues: what clients do with them, durably. The rules are in `core`, what is done with messages in `steps`, who waits
in `waiting`, the rows in `stores`.
"""

from collections.abc import Sequence

from liuyun.clock import Clock
from liuyun.errors import QueueNotFound
from liuyun.ids import Ids
from liuyun.messaging.core.attributes import Changes, check_range
from liuyun.messaging.core.names import PREFIX_END
from liuyun.messaging.registry import Registry, existing
from liuyun.messaging.steps import MESSAGES, Steps
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
from liuyun.storage.commits import commit
from liuyun.storage.database import Database, Transaction, Work
from liuyun.storage.stores import queues as store

PAGE = ("x-mns-ret-number", 1, 1000)
NO_PROPERTIES = Properties()


class Queues:
    """Each method raises QueueNotFound for a queue that isn't there and Invalid for values out of range."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids) -> None:
        self._db = db
        self._clock = clock
        self._lines = Lines(clock)
        self.steps = Steps(db=db, clock=clock, ids=ids, lines=self._lines)
        self.registry = Registry(db, clock, ids, on_delete=lambda queue: self._lines.close(queue.queue_id))

    def close(self) -> None:
        """Ends all waits: those who wait are told that there is nothing."""
        self._lines.close_all()

    # --- queues

    async def create(self, account_id: str, name: str, attributes: QueueAttributes) -> tuple[Queue, bool]:
        """The queue and whether it is new. Raises QueueExists if there is one with other attributes."""
        return await self.registry.create(account_id, name, attributes)

    async def set_attributes(self, account_id: str, name: str, changes: Changes) -> Queue:
        """What isn't in `changes` stays. Messages that are already stored keep their retention."""
        return await self.registry.change(account_id, name, changes)

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
        await self.registry.delete(account_id, name)

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
        """Returns once the message is on disk. See `Steps.send` for `along`."""
        queue = await self.registry.find(account_id, name)
        draft = Draft(body, priority, delay_s, properties)
        return await commit(self._db, self.steps.send(queue, draft, along))

    async def send_batch(self, account_id: str, name: str, drafts: Sequence[Draft]) -> Sequence[Receipt]:
        """All of them or none."""
        queue = await self.registry.find(account_id, name)
        return await commit(self._db, self.steps.send_batch(queue, drafts))

    # --- messages out

    async def receive(self, account_id: str, name: str, limit: int = 1, wait_s: int | None = None) -> Sequence[Message]:
        """Up to `limit` messages, hidden from others for the queue's VisibilityTimeout.

        Waits until there is at least one, for `wait_s` (None: as long as the queue says). If the caller is cancelled,
        what it was about to get is as if it had never been received.
        """
        queue = await self.registry.find(account_id, name)
        wait_s = self.steps.wait_s(queue, wait_s)
        if wait_s == 0:
            return await commit(self._db, self.steps.receive(queue, limit))
        check_range(limit, *MESSAGES)
        deadline = self._clock.steady() + wait_s * 1000
        with self._lines.enter(queue.queue_id) as (line, place):
            return await self._wait(queue, limit, line, place, deadline=deadline)

    async def peek(self, account_id: str, name: str, limit: int = 1) -> Sequence[Message]:
        """What a receive would get now, left as it is."""
        queue = await self.registry.find(account_id, name)
        return await commit(self._db, self.steps.peek(queue, limit))

    async def delete_messages(self, account_id: str, name: str, handles: Sequence[str]) -> Sequence[str]:
        """Deletes what was received. Returns the handles that were refused: never given out, replaced, or too late."""
        queue = await self.registry.find(account_id, name)
        return await commit(self._db, self.steps.delete(queue, handles))

    async def change_visibility(self, account_id: str, name: str, handle: str, timeout_s: int) -> ChangedVisibility:
        """Hides a received message for `timeout_s` from now. Raises InvalidReceiptHandle; replaces the handle."""
        queue = await self.registry.find(account_id, name)
        return await commit(self._db, self.steps.change_visibility(queue, handle, timeout_s))

    # --- the inside

    async def _wait(self, queue: Queue, limit: int, line: Line, place: Place, *, deadline: int) -> Sequence[Message]:
        """Looks when it is this place's turn, until there is something or the time is over. See `waiting`."""
        looks = not line.sleepers()
        while not line.closed:
            if looks:
                rings = line.rings
                look = self.steps.receive(queue, limit, look_ahead=place.owes_look)
                messages = await commit(self._db, look)
                place.owes_look = False
                if messages:
                    return messages
                if rings != line.rings:
                    continue
            if not await line.sleep(place, deadline):
                return ()
            looks = True
        if (await self.registry.find(queue.account_id, queue.name)).queue_id != queue.queue_id:
            raise QueueNotFound(queue.name)
        return ()

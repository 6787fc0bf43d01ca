"""The queues that exist, remembered: a send or a receive should not ask the database what it asked a moment ago.

This process is the only one that changes them, and every look-up and change is a unit of the one writer, so that what
is remembered follows the order of the commits.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from liuyun.clock import Clock
from liuyun.errors import QueueExists, QueueNotFound
from liuyun.ids import Ids
from liuyun.messaging.core.attributes import Changes, changed_queue
from liuyun.messaging.core.names import check_queue_name
from liuyun.model.message import Queue, QueueAttributes
from liuyun.storage.commits import Step, commit
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import queues as store

REMEMBERED = 10_000
Key = tuple[str, str]


class Registry:
    """`on_delete` learns the queue that is gone."""

    def __init__(self, db: Database, clock: Clock, ids: Ids, on_delete: Callable[[Queue], None]) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._on_delete = on_delete
        self._known: OrderedDict[Key, Queue] = OrderedDict()

    def at_hand(self, account_id: str, name: str) -> Queue | None:
        """One that is remembered; None: `find` may know more."""
        queue = self._known.get((account_id, name))
        if queue is not None:
            self._known.move_to_end((account_id, name))
        return queue

    async def find(self, account_id: str, name: str) -> Queue:
        """Raises QueueNotFound."""
        if queue := self.at_hand(account_id, name):
            return queue
        return await commit(self._db, Step(lambda tx: existing(tx, account_id, name), self._remember))

    async def create(self, account_id: str, name: str, attributes: QueueAttributes) -> tuple[Queue, bool]:
        """The queue, and whether it is new. Raises QueueExists if there is one with other attributes."""
        check_queue_name(name)
        now = self._clock.now()
        queue = Queue(account_id, name, random_id(self._ids), changed_queue(attributes, {}), now, now)

        def work(tx: Transaction) -> tuple[Queue, bool]:
            if store.insert(tx, queue):
                return queue, True
            found = existing(tx, account_id, name)
            if found.attributes != queue.attributes:
                raise QueueExists(name)
            return found, False

        return await commit(self._db, Step(work, lambda made: (self._remember(made[0]), made[1])))

    async def change(self, account_id: str, name: str, changes: Changes) -> Queue:
        now = self._clock.now()

        def work(tx: Transaction) -> Queue:
            queue = existing(tx, account_id, name)
            changed = replace(queue, attributes=changed_queue(queue.attributes, changes), updated_at=now)
            store.update(tx, changed)
            return changed

        return await commit(self._db, Step(work, self._remember))

    async def delete(self, account_id: str, name: str) -> None:
        def work(tx: Transaction) -> Queue | None:
            queue = store.find(tx, account_id, name)
            store.delete(tx, account_id, name)
            return queue

        await commit(self._db, Step(work, self._forget))

    def _remember(self, queue: Queue) -> Queue:
        self._known[queue.account_id, queue.name] = queue
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return queue

    def _forget(self, queue: Queue | None) -> None:
        if queue is not None:
            self._known.pop((queue.account_id, queue.name), None)
            self._on_delete(queue)

    def __len__(self) -> int:
        return len(self._known)


def random_id(ids: Ids) -> int:
    """63 bits: never drawn twice, and whole in every database's integer."""
    return int(ids.hex(8), 16) & (2**63 - 1)


def existing(tx: Transaction, account_id: str, name: str) -> Queue:
    queue = store.find(tx, account_id, name)
    if queue is None:
        raise QueueNotFound(name)
    return queue

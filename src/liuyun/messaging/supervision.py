"""What people who look after queues and topics want to know and do, and the vendor's protocol has no words for."""

from collections.abc import Sequence
from functools import partial

from liuyun.clock import Clock
from liuyun.messaging.registry import existing
from liuyun.messaging.topics import existing as existing_topic
from liuyun.messaging.topics import existing_subscription
from liuyun.model.message import PutOff
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import queues, topics

PURGED = 1000  # messages in one unit of work


class Supervision:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def oldest(self, account_id: str, queue: str) -> int | None:
        """When the message was sent that has been ready for somebody the longest. Raises QueueNotFound."""
        return await self._db.read(lambda tx: queues.oldest(tx, existing(tx, account_id, queue).queue_id))

    async def purge(self, account_id: str, queue: str) -> int:
        """Deletes as many messages as there are now, those that somebody works on included; how many.

        Raises QueueNotFound.
        """
        now = self._clock.now()

        def look(tx: Transaction) -> tuple[int, int]:
            found = existing(tx, account_id, queue)
            counts = queues.count(tx, found.queue_id, now)
            return found.queue_id, counts.active + counts.inactive + counts.delayed

        queue_id, left = await self._db.read(look)
        gone = 0
        while gone < left:
            some = min(PURGED, left - gone)  # in batches, so that no other unit of work waits long
            cleared = await self._db.write(partial(queues.clear, queue_id=queue_id, limit=some))
            if not cleared:
                break
            gone += cleared
        return gone

    async def waiting(self, account_id: str, topic: str, name: str, limit: int) -> tuple[int, Sequence[PutOff]]:
        """How many deliveries of a subscription wait for their time, and the next ones. Raises SubscriptionNotFound."""

        def work(tx: Transaction) -> tuple[int, Sequence[PutOff]]:
            found = existing_subscription(tx, existing_topic(tx, account_id, topic), name)
            return topics.count_waiting(tx, found.subscription_id), topics.waiting(tx, found, limit)

        return await self._db.read(work)

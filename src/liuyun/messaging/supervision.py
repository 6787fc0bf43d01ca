"""What people who look after queues and topics want to know and do, and the vendor's protocol has no words for."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from liuyun.clock import Clock
from liuyun.messaging.registry import existing
from liuyun.messaging.topics import existing as existing_topic
from liuyun.messaging.topics import existing_subscription
from liuyun.model.message import PutOff
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import queues, topics

PURGED = 1000  # messages in one unit of work
Due = Callable[[Sequence[int], int], None]


class Supervision:
    """`due` is told of subscriptions that have something to be delivered at an instant."""

    def __init__(self, *, db: Database, clock: Clock, due: Due) -> None:
        self._db = db
        self._clock = clock
        self._due = due

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

    async def waiting_of(self, account_id: str, topic: str) -> Mapping[str, int]:
        """How many that are for each subscription that has some. Raises TopicNotFound."""
        return await self._db.read(lambda tx: topics.count_waiting_of(tx, existing_topic(tx, account_id, topic)))

    async def try_now(self, account_id: str, topic: str, name: str, message_id: str = "") -> int:
        """Makes deliveries that were put off due; all of a subscription, or that of one message. How many.

        Raises SubscriptionNotFound.
        """
        subscription, now = await self._subscription(account_id, topic, name), self._clock.now()
        hasten = partial(topics.hasten, subscription_id=subscription, message_id=message_id, now=now, limit=PURGED)
        total = 0
        while some := await self._db.write(hasten):
            total += some
            self._due([subscription], now)
            if some < PURGED:
                break
        return total

    async def give_up(self, account_id: str, topic: str, name: str, message_id: str = "") -> int:
        """Drops deliveries that were tried in vain; all of a subscription, or that of one message. How many.

        What is being tried at the moment is left alone. Raises SubscriptionNotFound.
        """
        subscription = await self._subscription(account_id, topic, name)
        give_up = partial(topics.give_up, subscription_id=subscription, message_id=message_id, limit=PURGED)
        total = 0
        while some := await self._db.write(give_up):
            total += some
            if some < PURGED:
                break
        return total

    async def _subscription(self, account_id: str, topic: str, name: str) -> int:
        def work(tx: Transaction) -> int:
            return existing_subscription(tx, existing_topic(tx, account_id, topic), name).subscription_id

        return await self._db.read(work)

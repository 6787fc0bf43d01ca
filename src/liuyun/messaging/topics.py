"""Topics: a publication is stored together with one delivery for each subscription that wants it; see `delivery`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from liuyun.clock import Clock
from liuyun.errors import SubscriptionExists, SubscriptionNotFound, TopicExists, TopicNotFound
from liuyun.ids import Ids
from liuyun.messaging.core.attributes import Changes, changed_topic, check_range
from liuyun.messaging.core.names import PREFIX_END, check_subscription_name, check_topic_name
from liuyun.messaging.core.publishing import publication
from liuyun.messaging.core.subscribing import attributes as checked
from liuyun.messaging.queues import PAGE
from liuyun.messaging.registry import random_id
from liuyun.messaging.steps import MESSAGE_ID_BYTES
from liuyun.model.message import (
    NotifyStrategy,
    Publication,
    Receipt,
    Subscription,
    SubscriptionAttributes,
    Topic,
    TopicAttributes,
    TopicStatus,
)
from liuyun.model.page import Page
from liuyun.storage.commits import Step, commit
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import topics as store

Due = Callable[[Sequence[int], int], None]  # these subscriptions have deliveries to make at that instant


class Topics:
    """Each method raises TopicNotFound for a topic that isn't there and Invalid for values out of range."""

    def __init__(self, *, db: Database, clock: Clock, ids: Ids, due: Due) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._due = due

    async def create(self, account_id: str, name: str, attributes: TopicAttributes) -> tuple[Topic, bool]:
        """The topic and whether it is new. Raises TopicExists if there is one with other attributes."""
        check_topic_name(name)
        now = self._clock.now()
        topic = Topic(account_id, name, random_id(self._ids), changed_topic(attributes, {}), now, now)

        def work(tx: Transaction) -> tuple[Topic, bool]:
            if store.insert(tx, topic):
                return topic, True
            found = existing(tx, account_id, name)
            if found.attributes != topic.attributes:
                raise TopicExists(name)
            return found, False

        return await self._db.write(work)

    async def set_attributes(self, account_id: str, name: str, changes: Changes) -> Topic:
        """What isn't in `changes` stays."""
        now = self._clock.now()

        def work(tx: Transaction) -> Topic:
            topic = existing(tx, account_id, name)
            changed = replace(topic, attributes=changed_topic(topic.attributes, changes), updated_at=now)
            store.update(tx, changed)
            return changed

        return await self._db.write(work)

    async def get(self, account_id: str, name: str) -> TopicStatus:
        def work(tx: Transaction) -> TopicStatus:
            topic = existing(tx, account_id, name)
            return TopicStatus(topic, store.count(tx, topic.topic_id))

        return await self._db.read(work)

    async def list(
        self, account_id: str, *, prefix: str = "", after: str = "", limit: int = 1000, counted: bool = False
    ) -> Page[TopicStatus]:
        check_range(limit, *PAGE)

        def work(tx: Transaction) -> Page[TopicStatus]:
            found = store.page(tx, account_id, first=prefix, end=prefix + PREFIX_END, after=after, limit=limit + 1)
            topics = [TopicStatus(each, store.count(tx, each.topic_id) if counted else None) for each in found[:limit]]
            return Page(topics, topics[-1].topic.name if len(found) > limit else None)

        return await self._db.read(work)

    async def delete(self, account_id: str, name: str) -> None:
        """With its subscriptions; what they have not got yet is dropped. None there: nothing."""
        now = self._clock.now()
        work = partial(store.delete, account_id=account_id, name=name)
        await commit(self._db, Step(work, lambda gone: self._due(gone, now)))

    async def subscribe(
        self, account_id: str, topic: str, name: str, attributes: SubscriptionAttributes
    ) -> tuple[Subscription, bool]:
        """The subscription and whether it is new. Raises EndpointInvalid; SubscriptionExists if it differs."""
        check_subscription_name(name)
        wanted = checked(attributes.endpoint, attributes.filter_tag, attributes.strategy, attributes.format)
        now, subscription_id = self._clock.now(), random_id(self._ids)
        subscription = Subscription(account_id, topic, name, subscription_id, wanted, now, now)

        def work(tx: Transaction) -> tuple[Subscription, bool]:
            owner = existing(tx, account_id, topic)
            if store.insert_subscription(tx, owner, subscription):
                return subscription, True
            found = existing_subscription(tx, owner, name)
            if found.attributes != subscription.attributes:
                raise SubscriptionExists(name, topic)
            return found, False

        return await self._db.write(work)

    async def set_strategy(self, account_id: str, topic: str, name: str, strategy: NotifyStrategy) -> Subscription:
        """The one attribute of a subscription that can be changed (mns contract 4)."""
        now = self._clock.now()

        def work(tx: Transaction) -> Subscription:
            found = existing_subscription(tx, existing(tx, account_id, topic), name)
            changed = replace(found, attributes=replace(found.attributes, strategy=strategy), updated_at=now)
            store.update_subscription(tx, changed)
            return changed

        return await self._db.write(work)

    async def get_subscription(self, account_id: str, topic: str, name: str) -> Subscription:
        """Raises SubscriptionNotFound."""
        return await self._db.read(lambda tx: existing_subscription(tx, existing(tx, account_id, topic), name))

    async def list_subscriptions(
        self, account_id: str, topic: str, *, prefix: str = "", after: str = "", limit: int = 1000
    ) -> Page[Subscription]:
        check_range(limit, *PAGE)
        end = prefix + PREFIX_END

        def work(tx: Transaction) -> list[Subscription]:
            owner = existing(tx, account_id, topic)
            return store.page_subscriptions(tx, owner, first=prefix, end=end, after=after, limit=limit + 1)

        found = await self._db.read(work)
        return Page(found[:limit], found[limit - 1].name if len(found) > limit else None)

    async def unsubscribe(self, account_id: str, topic: str, name: str) -> None:
        """What the subscriber has not got yet is dropped. No such subscription: nothing."""
        now = self._clock.now()

        def work(tx: Transaction) -> list[int]:
            return store.unsubscribe(tx, existing(tx, account_id, topic), name)

        await commit(self._db, Step(work, lambda gone: self._due(gone, now)))

    async def publish(
        self, account_id: str, topic: str, body: str, tag: str = "", attributes: Mapping[str, Any] | None = None
    ) -> Receipt:
        """Returns once the publication and its deliveries are on disk."""
        now, message_id = self._clock.now(), self._ids.hex(MESSAGE_ID_BYTES).upper()

        def work(tx: Transaction) -> tuple[Publication, list[int]]:
            owner = existing(tx, account_id, topic)
            accepted = publication(body, tag, attributes, message_id=message_id, limits=owner.attributes, now=now)
            return accepted, store.publish(tx, owner.topic_id, accepted)

        def conclude(published: tuple[Publication, list[int]]) -> Receipt:
            accepted, subscriptions = published
            self._due(subscriptions, now)
            return Receipt(accepted.message_id, accepted.body_md5)

        return await commit(self._db, Step(work, conclude))


def existing(tx: Transaction, account_id: str, name: str) -> Topic:
    topic = store.find(tx, account_id, name)
    if topic is None:
        raise TopicNotFound(name)
    return topic


def existing_subscription(tx: Transaction, topic: Topic, name: str) -> Subscription:
    subscription = store.find_subscription(tx, topic, name)
    if subscription is None:
        raise SubscriptionNotFound(name, topic.name)
    return subscription

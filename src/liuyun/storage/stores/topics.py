"""Topics, subscriptions, publications and their deliveries as rows."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import msgspec

from liuyun.model.message import (
    Delivery,
    NotifyFormat,
    NotifyStrategy,
    Publication,
    PutOff,
    Retried,
    Subscription,
    SubscriptionAttributes,
    Topic,
    TopicAttributes,
)
from liuyun.storage.database import Row, Transaction


@dataclass(frozen=True, slots=True)
class Claimed:
    """Deliveries of one subscription to make now, and when its next one is due. No subscription: it is gone."""

    subscription: Subscription | None
    deliveries: Sequence[Delivery]
    next_due: int | None


def insert(tx: Transaction, topic: Topic) -> bool:
    """False if the name is taken."""
    inserted = tx.run(
        "topics.insert",
        topic_id=topic.topic_id,
        account_id=topic.account_id,
        name=topic.name,
        created_at=topic.created_at,
        **asdict(topic.attributes),
    )
    return inserted == 1


def find(tx: Transaction, account_id: str, name: str) -> Topic | None:
    row = tx.one("topics.find", account_id=account_id, name=name)
    return as_topic(row) if row else None


def update(tx: Transaction, topic: Topic) -> None:
    tx.run("topics.update", topic_id=topic.topic_id, updated_at=topic.updated_at, **asdict(topic.attributes))


def page(tx: Transaction, account_id: str, *, first: str, end: str, after: str, limit: int) -> list[Topic]:
    rows = tx.all("topics.page", account_id=account_id, first=first, end=end, after=after, limit=limit)
    return [as_topic(row) for row in rows]


def count(tx: Transaction, topic_id: int) -> int:
    row = tx.one("topics.count", topic_id=topic_id)
    return row["publications"] if row else 0


def delete(tx: Transaction, account_id: str, name: str) -> list[int]:
    """With its subscriptions, whose ids are returned; what is still to be delivered goes by and by."""
    row = tx.one("topics.delete", account_id=account_id, name=name)
    if row is None:
        return []
    return [gone["subscription_id"] for gone in tx.all("topics.unsubscribe_all", topic_id=row["topic_id"])]


def insert_subscription(tx: Transaction, topic: Topic, subscription: Subscription) -> bool:
    """False if the name is taken."""
    inserted = tx.run(
        "topics.insert_subscription",
        subscription_id=subscription.subscription_id,
        account_id=subscription.account_id,
        topic_id=topic.topic_id,
        topic=topic.name,
        name=subscription.name,
        created_at=subscription.created_at,
        **asdict(subscription.attributes),
    )
    return inserted == 1


def find_subscription(tx: Transaction, topic: Topic, name: str) -> Subscription | None:
    row = tx.one("topics.find_subscription", topic_id=topic.topic_id, name=name)
    return as_subscription(row) if row else None


def update_subscription(tx: Transaction, subscription: Subscription) -> None:
    tx.run(
        "topics.update_subscription",
        subscription_id=subscription.subscription_id,
        strategy=subscription.attributes.strategy,
        updated_at=subscription.updated_at,
    )


def page_subscriptions(
    tx: Transaction, topic: Topic, *, first: str, end: str, after: str, limit: int
) -> list[Subscription]:
    rows = tx.all("topics.page_subscriptions", topic_id=topic.topic_id, first=first, end=end, after=after, limit=limit)
    return [as_subscription(row) for row in rows]


def unsubscribe(tx: Transaction, topic: Topic, name: str) -> list[int]:
    return [row["subscription_id"] for row in tx.all("topics.unsubscribe", topic_id=topic.topic_id, name=name)]


def publish(tx: Transaction, topic_id: int, publication: Publication) -> list[int]:
    """Stores a delivery for each subscription that wants it; returns their ids."""
    addressed = tx.all(
        "topics.address",
        topic_id=topic_id,
        message_id=publication.message_id,
        due_at=publication.published_at,
        tag=publication.tag,
    )
    if addressed:
        tx.run(
            "topics.publish",
            topic_id=topic_id,
            message_id=publication.message_id,
            published_at=publication.published_at,
            body_md5=publication.body_md5,
            tag=publication.tag,
            attributes=msgspec.json.encode(publication.attributes).decode() if publication.attributes else "",
            body=publication.body,
        )
    return [row["subscription_id"] for row in addressed]


def claim(tx: Transaction, subscription_id: int, limit: int, now: int) -> Claimed:
    """Takes up to `limit` due deliveries, which nobody else gets then. Of a gone subscription they are dropped."""
    row = tx.one("topics.subscription", subscription_id=subscription_id)
    rows = tx.all("topics.due", subscription_id=subscription_id, limit=limit, now=now)
    if row is None:
        for gone in rows:
            finish(tx, gone["delivery_id"], gone["message_id"])
        return Claimed(None, (), next_due(tx, subscription_id))
    tx.run_many("topics.claim", [{"delivery_id": due["delivery_id"]} for due in rows])
    subscription = as_subscription(row)
    return Claimed(subscription, [as_delivery(due, subscription) for due in rows], next_due(tx, subscription_id))


def next_due(tx: Transaction, subscription_id: int) -> int | None:
    row = tx.one("topics.next_due", subscription_id=subscription_id)
    return row["due_at"] if row else None


def waiting(tx: Transaction, subscription: Subscription, limit: int) -> list[PutOff]:
    rows = tx.all("topics.waiting", subscription_id=subscription.subscription_id, limit=limit)
    return [
        PutOff(as_delivery(row, subscription), row["due_at"], row["reason"], row["tried_at"], row["phrase"])
        for row in rows
    ]


def count_waiting(tx: Transaction, subscription_id: int) -> int:
    row = tx.one("topics.count_waiting", subscription_id=subscription_id)
    return row["deliveries"] if row else 0


def count_waiting_of(tx: Transaction, topic: Topic) -> dict[str, int]:
    """By the names of subscriptions; those without any lack."""
    return {row["name"]: row["deliveries"] for row in tx.all("topics.count_waiting_of", topic_id=topic.topic_id)}


def hasten(tx: Transaction, subscription_id: int, message_id: str, now: int, limit: int) -> int:
    """Up to `limit` deliveries that were put off are due now; without a `message_id` it may be any. How many."""
    return tx.run("topics.hasten", subscription_id=subscription_id, message_id=message_id, now=now, limit=limit)


def give_up(tx: Transaction, subscription_id: int, message_id: str, limit: int) -> int:
    """Drops up to `limit` deliveries that were tried in vain; without a `message_id` it may be any. How many."""
    gone = tx.all("topics.give_up", subscription_id=subscription_id, message_id=message_id, limit=limit)
    for row in gone:
        tx.run("topics.drop_publication", message_id=row["message_id"])
    return len(gone)


def put_off(tx: Transaction, delivery_id: int, retry: Retried) -> None:
    tx.run("topics.put_off", delivery_id=delivery_id, **asdict(retry))


def finish(tx: Transaction, delivery_id: int, message_id: str) -> None:
    tx.run("topics.finish", delivery_id=delivery_id)
    tx.run("topics.drop_publication", message_id=message_id)


def pending(tx: Transaction) -> list[int]:
    """Subscriptions with deliveries to make; nobody is working on any of them from here on."""
    tx.run("topics.unclaim")
    return [row["subscription_id"] for row in tx.all("topics.pending")]


def as_topic(row: Row) -> Topic:
    return Topic(
        account_id=row["account_id"],
        name=row["name"],
        topic_id=row["topic_id"],
        attributes=TopicAttributes(row["max_message_bytes"], bool(row["logging_enabled"])),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def as_subscription(row: Row) -> Subscription:
    return Subscription(
        account_id=row["account_id"],
        topic=row["topic"],
        name=row["name"],
        subscription_id=row["subscription_id"],
        attributes=SubscriptionAttributes(
            endpoint=row["endpoint"],
            filter_tag=row["filter_tag"],
            strategy=NotifyStrategy(row["strategy"]),
            format=NotifyFormat(row["format"]),
        ),
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )


def as_delivery(row: Row, subscription: Subscription) -> Delivery:
    publication = Publication(
        message_id=row["message_id"],
        body=row["body"],
        body_md5=row["body_md5"],
        published_at=row["published_at"],
        tag=row["tag"],
        attributes=msgspec.json.decode(row["attributes"], type=dict[str, str]) if row["attributes"] else {},
    )
    return Delivery(row["delivery_id"], publication, subscription, row["failures"], row["throttles"])

"""Queues, topics and what travels through them. Instants are in ms since the epoch, spans carry their unit.

What is made for each message is a struct: a frozen dataclass takes several times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec


@dataclass(frozen=True, slots=True)
class QueueAttributes:
    """The defaults are the vendor's (mns contract 3.1)."""

    delay_s: int = 0
    max_message_bytes: int = 65_536
    retention_s: int = 345_600
    visibility_timeout_s: int = 30
    polling_wait_s: int = 0
    logging_enabled: bool = False


@dataclass(frozen=True, slots=True)
class Queue:
    """`queue_id` is never used again: a queue made anew under an old name doesn't see the old one's messages."""

    account_id: str
    name: str
    queue_id: int
    attributes: QueueAttributes
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many messages can be received, are being worked on, or are not due yet. `next_at`: when one more can be."""

    active: int = 0
    inactive: int = 0
    delayed: int = 0
    next_at: int | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class QueueStatus:
    """`counts` is None where nobody asked for them."""

    queue: Queue
    counts: QueueCounts | None = None


class Property(msgspec.Struct, frozen=True):
    """A named value that travels beside a message's body. A BINARY value stays the base64 text that the client sent."""

    name: str
    value: str
    kind: str = "STRING"


class Properties(msgspec.Struct, frozen=True):
    user: tuple[Property, ...] = ()
    system: tuple[Property, ...] = ()


class Draft(msgspec.Struct, frozen=True):
    """A message that a client wants to send. None: the queue's own delay, the default priority."""

    body: str
    priority: int | None = None
    delay_s: int | None = None
    properties: Properties = Properties()


class Receipt(msgspec.Struct, frozen=True):
    """Proof of acceptance. `receipt_handle` is there only for a delayed message, so that its sender can cancel it."""

    message_id: str
    body_md5: str
    receipt_handle: str = ""


class Message(msgspec.Struct, frozen=True):
    """A message as a receiver or a peek sees it; a peek gets no handle.

    `sequence` is its place in the queue, unique only while it is there.
    """

    sequence: int
    message_id: str
    body: str
    body_md5: str
    priority: int
    enqueued_at: int
    visible_at: int
    received_count: int
    first_received_at: int | None
    receipt_handle: str = ""
    properties: Properties = Properties()


@dataclass(frozen=True, slots=True)
class ChangedVisibility:
    receipt_handle: str
    visible_at: int


class NotifyStrategy(StrEnum):
    BACKOFF_RETRY = "BACKOFF_RETRY"
    EXPONENTIAL_DECAY_RETRY = "EXPONENTIAL_DECAY_RETRY"


class NotifyFormat(StrEnum):
    XML = "XML"
    JSON = "JSON"
    SIMPLIFIED = "SIMPLIFIED"
    STREAM = "STREAM"


@dataclass(frozen=True, slots=True)
class TopicAttributes:
    max_message_bytes: int = 65_536
    logging_enabled: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    account_id: str
    name: str
    topic_id: int
    attributes: TopicAttributes
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class TopicStatus:
    """`pending`: publications that somebody has yet to get; None where nobody asked."""

    topic: Topic
    pending: int | None = None


@dataclass(frozen=True, slots=True)
class SubscriptionAttributes:
    """What a subscriber asks for. An empty `filter_tag` takes every message."""

    endpoint: str
    filter_tag: str = ""
    strategy: NotifyStrategy = NotifyStrategy.BACKOFF_RETRY
    format: NotifyFormat = NotifyFormat.XML


@dataclass(frozen=True, slots=True)
class Subscription:
    account_id: str
    topic: str
    name: str
    subscription_id: int
    attributes: SubscriptionAttributes
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Publication:
    """A message published to a topic. `attributes` hold JSON texts by name, as the vendor's MessageAttributes do."""

    message_id: str
    body: str
    body_md5: str
    published_at: int
    tag: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Delivery:
    """One publication on its way to one subscriber.

    `failures` counts the tries that failed, `throttles` those in a row that were put off because the target was full.
    """

    delivery_id: int
    publication: Publication
    subscription: Subscription
    failures: int = 0
    throttles: int = 0


@dataclass(frozen=True, slots=True)
class PutOff:
    """A delivery that nobody works on, when it is tried next, and why its last try was in vain, if there was one."""

    delivery: Delivery
    due_at: int
    reason: str = ""
    tried_at: int | None = None
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Retried:
    """When a delivery is tried next, and what is known of the tries before. `phrase`: the reason as JSON, empty if the
    words aren't the platform's.
    """

    due_at: int
    failures: int
    throttles: int
    reason: str
    tried_at: int
    phrase: str = ""

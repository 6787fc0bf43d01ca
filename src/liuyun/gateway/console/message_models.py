"""Queues, topics and messages as the API shows and takes them. Instants are in ms, spans carry their unit."""

from typing import Annotated

from pydantic import Field

from liuyun.gateway.console.models import Body, PhraseView
from liuyun.messaging.core.sending import BATCH
from liuyun.model.message import (
    Message,
    NotifyFormat,
    NotifyStrategy,
    PutOff,
    Queue,
    QueueStatus,
    Subscription,
    Topic,
    TopicStatus,
)

MESSAGE_CHARACTERS = 65_536
Name = Annotated[str, Field(min_length=1, max_length=256)]
Text = Annotated[str, Field(max_length=MESSAGE_CHARACTERS, description="At most 65,536 bytes as UTF-8.")]
Seconds = Annotated[int, Field(ge=0, le=604_800)]
Handle = Annotated[str, Field(max_length=512)]


class QueueAttributesView(Body):
    """What a queue is set to; the bounds are the vendor's. Hidden: nobody else gets what somebody has received."""

    delay_s: Annotated[int, Field(ge=0, le=604_800, description="Before anybody can receive a message.")] = 0
    max_message_bytes: Annotated[int, Field(ge=1024, le=65_536)] = 65_536
    retention_s: Annotated[int, Field(ge=60, le=604_800, description="So long a message is kept.")] = 345_600
    visibility_timeout_s: Annotated[int, Field(ge=1, le=43_200, description="So long it is hidden.")] = 30
    polling_wait_s: Annotated[int, Field(ge=0, le=30, description="So long a receiver waits for one to come.")] = 0


class QueueCountsView(Body):
    """How many messages can be received, are being worked on, or are not due yet."""

    active: int
    inactive: int
    delayed: int
    next_at: int | None = Field(None, description="When one more can be received, if nobody does anything.")


class QueueView(Body):
    name: str
    attributes: QueueAttributesView
    counts: QueueCountsView
    created_at: int
    updated_at: int
    oldest_at: int | None = Field(None, description="When the longest waiting message was sent; not in lists.")


class QueueList(Body):
    queues: list[QueueView]
    next: str | None = Field(None, description="For `after`, if there are more.")


class NewQueue(Body):
    name: Name
    attributes: QueueAttributesView = QueueAttributesView()


class NewMessage(Body):
    body: Text
    priority: int | None = Field(None, ge=1, le=16, description="1 is the highest; 8 without.")
    delay_s: Seconds | None = None


class SentMessage(Body):
    message_id: str
    body_md5: str


class MessageView(Body):
    """`receipt_handle` is empty where nothing was received."""

    message_id: str
    body: str
    priority: int
    enqueued_at: int
    visible_at: int
    received_count: int
    receipt_handle: str


class MessageList(Body):
    messages: list[MessageView]


class Receiving(Body):
    limit: int = Field(1, ge=1, le=BATCH)


class HandleText(Body):
    receipt_handle: Handle


class Hiding(HandleText):
    timeout_s: int = Field(ge=0, le=43_200, description="From now; 0 gives it back at once.")


class HiddenView(Body):
    receipt_handle: str
    visible_at: int


class PurgedView(Body):
    purged: int


class TopicView(Body):
    """`pending`: publications that somebody has yet to get."""

    name: str
    max_message_bytes: int
    pending: int
    created_at: int
    updated_at: int


class TopicList(Body):
    topics: list[TopicView]
    next: str | None = Field(None, description="For `after`, if there are more.")


class TopicAttributesView(Body):
    max_message_bytes: Annotated[int, Field(ge=1024, le=65_536)] = 65_536


class NewTopic(TopicAttributesView):
    name: Name


class NewPublication(Body):
    body: Text
    tag: str = Field("", max_length=16, description="Subscriptions with a filter get only what bears their tag.")


class NewSubscription(Body):
    name: Name
    endpoint: str = Field(
        min_length=1, max_length=1024, description="http://…, acs:mns:{region}:{account}:queues/{queue}, or acs:fc:…"
    )
    filter_tag: str = Field("", max_length=16)
    strategy: NotifyStrategy = NotifyStrategy.BACKOFF_RETRY
    format: NotifyFormat | None = Field(None, description="None: as the endpoint usually takes it.")


class StrategyText(Body):
    strategy: NotifyStrategy


class SubscriptionView(Body):
    name: str
    endpoint: str
    filter_tag: str
    strategy: NotifyStrategy
    format: NotifyFormat
    created_at: int
    waiting: int | None = Field(None, description="Deliveries that wait for their next try; in lists only.")


class SubscriptionList(Body):
    subscriptions: list[SubscriptionView]


class PutOffView(Body):
    """A delivery that waits for its next try. `throttles`: tries that were put off because the target was full.

    `reason`: why the last try was in vain, at `tried_at`; empty before the first one.
    """

    message_id: str
    tag: str
    body: str
    published_at: int
    due_at: int
    failures: int
    throttles: int
    reason: str
    phrase: PhraseView | None = Field(description="The reason, if the platform said it; else these are others' words.")
    tried_at: int | None


class Chosen(Body):
    message_id: str = Field("", max_length=128, description="Of whose message; empty: all that were put off.")


class ChosenView(Body):
    """How many deliveries it concerned."""

    deliveries: int


class PutOffList(Body):
    """`waiting` counts all of them."""

    waiting: int
    deliveries: list[PutOffView]


def queue_view(status: QueueStatus, oldest_at: int | None = None) -> QueueView:
    queue, counts = status.queue, status.counts
    return QueueView(
        name=queue.name,
        attributes=attributes_view(queue),
        counts=QueueCountsView(
            active=counts.active if counts else 0,
            inactive=counts.inactive if counts else 0,
            delayed=counts.delayed if counts else 0,
            next_at=counts.next_at if counts else None,
        ),
        created_at=queue.created_at,
        updated_at=queue.updated_at,
        oldest_at=oldest_at,
    )


def attributes_view(queue: Queue) -> QueueAttributesView:
    given = queue.attributes
    return QueueAttributesView(
        delay_s=given.delay_s,
        max_message_bytes=given.max_message_bytes,
        retention_s=given.retention_s,
        visibility_timeout_s=given.visibility_timeout_s,
        polling_wait_s=given.polling_wait_s,
    )


def message_view(message: Message) -> MessageView:
    return MessageView(
        message_id=message.message_id,
        body=message.body,
        priority=message.priority,
        enqueued_at=message.enqueued_at,
        visible_at=message.visible_at,
        received_count=message.received_count,
        receipt_handle=message.receipt_handle,
    )


def topic_view(status: TopicStatus) -> TopicView:
    topic: Topic = status.topic
    return TopicView(
        name=topic.name,
        max_message_bytes=topic.attributes.max_message_bytes,
        pending=status.pending or 0,
        created_at=topic.created_at,
        updated_at=topic.updated_at,
    )


def subscription_view(subscription: Subscription, waiting: int | None = None) -> SubscriptionView:
    given = subscription.attributes
    return SubscriptionView(
        name=subscription.name,
        endpoint=given.endpoint,
        filter_tag=given.filter_tag,
        strategy=given.strategy,
        format=given.format,
        created_at=subscription.created_at,
        waiting=waiting,
    )


def put_off_view(found: PutOff) -> PutOffView:
    delivery, publication = found.delivery, found.delivery.publication
    return PutOffView(
        message_id=publication.message_id,
        tag=publication.tag,
        body=publication.body,
        published_at=publication.published_at,
        due_at=found.due_at,
        failures=delivery.failures,
        throttles=delivery.throttles,
        reason=found.reason,
        phrase=PhraseView.model_validate_json(found.phrase) if found.phrase else None,
        tried_at=found.tried_at,
    )

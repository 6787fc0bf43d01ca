"""The domain in the vendor's XML. Lists hold no empty element: some clients stumble over one (mns contract 3.3)."""

from collections.abc import Iterable, Sequence

from liuyun.gateway.mns.xml import document
from liuyun.gateway.xml import element
from liuyun.messaging.core.attributes import TOPIC_RETENTION_S
from liuyun.messaging.core.escaping import escaped
from liuyun.model.message import (
    ChangedVisibility,
    Message,
    Property,
    QueueStatus,
    Receipt,
    Subscription,
    TopicStatus,
)


def elements(*pairs: tuple[str, object]) -> str:
    return "".join(element(name, value) for name, value in pairs)


def error(code: str, message: str, request_id: str, host: str) -> bytes:
    """All four children, or the Python clients report a damaged answer."""
    return document(
        "Error", elements(("Code", code), ("Message", message), ("RequestId", request_id), ("HostId", host))
    )


def queue(status: QueueStatus) -> bytes:
    return document("Queue", queue_attributes(status))


def queue_attributes(status: QueueStatus) -> str:
    queue, counts = status.queue, status.counts
    assert counts is not None
    return elements(
        ("QueueName", queue.name),
        ("CreateTime", queue.created_at // 1000),
        ("LastModifyTime", queue.updated_at // 1000),
        ("DelaySeconds", queue.attributes.delay_s),
        ("MaximumMessageSize", queue.attributes.max_message_bytes),
        ("MessageRetentionPeriod", queue.attributes.retention_s),
        ("VisibilityTimeout", queue.attributes.visibility_timeout_s),
        ("PollingWaitSeconds", queue.attributes.polling_wait_s),
        ("ActiveMessages", counts.active),
        ("InactiveMessages", counts.inactive),
        ("DelayMessages", counts.delayed),
        ("LoggingEnabled", queue.attributes.logging_enabled),
    )


def queues(found: Sequence[QueueStatus], next_key: str | None, base: str, *, with_meta: bool) -> bytes:
    def one(status: QueueStatus) -> str:
        url = element("QueueURL", f"{base}/queues/{status.queue.name}")
        return url + (queue_attributes(status) if with_meta else "")

    return listed("Queues", "Queue", map(one, found), next_key)


def listed(root: str, name: str, items: Iterable[str], next_key: str | None) -> bytes:
    marker = element("NextMarker", next_key) if next_key else ""
    return document(root, "".join(f"<{name}>{item}</{name}>" for item in items) + marker)


def receipt(receipt: Receipt) -> str:
    handle = f"<ReceiptHandle>{receipt.receipt_handle}</ReceiptHandle>" if receipt.receipt_handle else ""
    return f"<MessageId>{receipt.message_id}</MessageId><MessageBodyMD5>{receipt.body_md5}</MessageBodyMD5>{handle}"


def sent(one: Receipt) -> bytes:
    return document("Message", receipt(one))


def sent_batch(many: Sequence[Receipt]) -> bytes:
    return document("Messages", "".join(f"<Message>{receipt(one)}</Message>" for one in many))


def message(message: Message) -> str:
    """A peeked message has no handle and no next time; one that nobody received has 0 as its first time.

    Written out, since batches spend their time here; only the body can need escaping.
    """
    given = (
        f"<ReceiptHandle>{message.receipt_handle}</ReceiptHandle><NextVisibleTime>{message.visible_at}</NextVisibleTime>"
        if message.receipt_handle
        else ""
    )
    user = properties("UserProperties", "PropertyValue", message.properties.user)
    system = properties("SystemProperties", "SystemPropertyValue", message.properties.system)
    return (
        f"<MessageId>{message.message_id}</MessageId><MessageBodyMD5>{message.body_md5}</MessageBodyMD5>"
        f"<MessageBody>{escaped(message.body)}</MessageBody><EnqueueTime>{message.enqueued_at}</EnqueueTime>"
        f"<FirstDequeueTime>{message.first_received_at or 0}</FirstDequeueTime>"
        f"<DequeueCount>{message.received_count}</DequeueCount><Priority>{message.priority}</Priority>"
        f"{given}{user}{system}"
    )


def properties(parent: str, name: str, values: Sequence[Property]) -> str:
    if not values:
        return ""
    items = (elements(("Name", each.name), ("Value", each.value), ("Type", each.kind)) for each in values)
    return f"<{parent}>{''.join(f'<{name}>{item}</{name}>' for item in items)}</{parent}>"


def received(one: Message) -> bytes:
    return document("Message", message(one))


def received_batch(many: Sequence[Message]) -> bytes:
    return document("Messages", "".join(f"<Message>{message(one)}</Message>" for one in many))


def refused_handles(refused: Sequence[tuple[str, str, str]]) -> bytes:
    """(handle, code, message) of each; exactly these three children."""
    items = (
        elements(("ErrorCode", code), ("ErrorMessage", text), ("ReceiptHandle", handle))
        for handle, code, text in refused
    )
    return document("Errors", "".join(f"<Error>{item}</Error>" for item in items))


def changed_visibility(changed: ChangedVisibility) -> bytes:
    return document(
        "ChangeVisibility",
        elements(("ReceiptHandle", changed.receipt_handle), ("NextVisibleTime", changed.visible_at)),
    )


def topic(status: TopicStatus) -> bytes:
    return document("Topic", topic_attributes(status))


def topic_attributes(status: TopicStatus) -> str:
    topic, pending = status.topic, status.pending
    assert pending is not None
    return elements(
        ("TopicName", topic.name),
        ("CreateTime", topic.created_at // 1000),
        ("LastModifyTime", topic.updated_at // 1000),
        ("MaximumMessageSize", topic.attributes.max_message_bytes),
        ("MessageRetentionPeriod", TOPIC_RETENTION_S),
        ("MessageCount", pending),
        ("LoggingEnabled", topic.attributes.logging_enabled),
    )


def topics(found: Sequence[TopicStatus], next_key: str | None, base: str, *, with_meta: bool) -> bytes:
    def one(status: TopicStatus) -> str:
        url = element("TopicURL", f"{base}/topics/{status.topic.name}")
        return url + (topic_attributes(status) if with_meta else "")

    return listed("Topics", "Topic", map(one, found), next_key)


def subscription(subscription: Subscription) -> bytes:
    attributes = subscription.attributes
    tag = element("FilterTag", attributes.filter_tag) if attributes.filter_tag else ""
    facts = elements(
        ("TopicOwner", subscription.account_id),
        ("TopicName", subscription.topic),
        ("SubscriptionName", subscription.name),
        ("Endpoint", attributes.endpoint),
        ("NotifyStrategy", attributes.strategy),
        ("NotifyContentFormat", attributes.format),
        ("CreateTime", subscription.created_at // 1000),
        ("LastModifyTime", subscription.updated_at // 1000),
    )
    return document("Subscription", facts + tag)

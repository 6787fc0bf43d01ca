"""Request documents read into the words of the domain. What is there and isn't known is passed over."""

from collections.abc import Mapping

from liuyun.errors import Unsupported
from liuyun.gateway.mns import quick
from liuyun.gateway.xml import Element, parse
from liuyun.messaging.core.subscribing import attributes, notify_strategy
from liuyun.model.message import Draft, NotifyStrategy, Properties, Property, SubscriptionAttributes

QUEUE_FIELDS = {
    "DelaySeconds": "delay_s",
    "MaximumMessageSize": "max_message_bytes",
    "MessageRetentionPeriod": "retention_s",
    "VisibilityTimeout": "visibility_timeout_s",
    "PollingWaitSeconds": "polling_wait_s",
}
TOPIC_FIELDS = {"MaximumMessageSize": "max_message_bytes"}
# These would change how a queue delivers, so passing them over would break a promise.
NOT_OFFERED = ("DlqPolicy", "MessageGroupId")


def queue_changes(body: bytes) -> dict[str, int | bool]:
    return changes(body, "Queue", QUEUE_FIELDS)


def topic_changes(body: bytes) -> dict[str, int | bool]:
    return changes(body, "Topic", TOPIC_FIELDS)


def changes(body: bytes, root: str, fields: Mapping[str, str]) -> dict[str, int | bool]:
    """Attributes by field name; only those that were sent. No body: none."""
    if not body:
        return {}
    document = parse(body, root)
    refuse_not_offered(document)
    found: dict[str, int | bool] = {}
    for name, field in fields.items():
        if (value := document.integer(name)) is not None:
            found[field] = value
    if (logging := document.boolean("LoggingEnabled")) is not None:
        found["logging_enabled"] = logging
    return found


def drafts(body: bytes) -> tuple[list[Draft], bool]:
    """The messages to send, and whether they came as a batch: the root element tells."""
    return quick.drafts(body) or parsed_drafts(body)


def parsed_drafts(body: bytes) -> tuple[list[Draft], bool]:
    document = parse(body, "Message", "Messages")
    if document.name == "Message":
        return [draft(document)], False
    return [draft(message) for message in document.each("Message")], True


def draft(message: Element) -> Draft:
    refuse_not_offered(message)
    return Draft(
        body=message.value("MessageBody") or "",
        priority=message.integer("Priority"),
        delay_s=message.integer("DelaySeconds"),
        properties=Properties(
            properties(message.child("UserProperties")), properties(message.child("SystemProperties"))
        ),
    )


def properties(parent: Element | None) -> tuple[Property, ...]:
    if parent is None:
        return ()
    return tuple(
        Property(each.value("Name") or "", each.value("Value") or "", each.value("Type") or "STRING")
        for each in parent.children
    )


def receipt_handles(body: bytes) -> list[str]:
    return quick.receipt_handles(body) or parsed_receipt_handles(body)


def parsed_receipt_handles(body: bytes) -> list[str]:
    return [handle.text.strip() for handle in parse(body, "ReceiptHandles").each("ReceiptHandle")]


def publication(body: bytes) -> tuple[str, str, dict[str, str]]:
    """Body, tag and attributes of a message to publish."""
    message = parse(body, "Message")
    refuse_not_offered(message)
    parent = message.child("MessageAttributes")
    sent = {child.name: child.text for child in parent.children} if parent else {}
    return message.value("MessageBody") or "", message.value("MessageTag") or "", sent


def subscription(body: bytes) -> SubscriptionAttributes:
    document = parse(body, "Subscription")
    return attributes(
        (document.value("Endpoint") or "").strip(),
        document.value("FilterTag") or "",
        (document.value("NotifyStrategy") or "").strip(),
        (document.value("NotifyContentFormat") or "").strip(),
    )


def strategy(body: bytes) -> NotifyStrategy:
    return notify_strategy((parse(body, "Subscription").value("NotifyStrategy") or "").strip())


def logging_bucket(body: bytes) -> str:
    return parse(body, "Account").value("LoggingBucket") or ""


def refuse_not_offered(document: Element) -> None:
    for name in NOT_OFFERED:
        child = document.child(name)
        if child is not None and (child.children or child.text.strip()):
            raise Unsupported(f"{name} is not offered by this platform: there are no dead letter or FIFO queues.")

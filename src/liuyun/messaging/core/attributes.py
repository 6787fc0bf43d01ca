"""Attributes of queues and topics: their ranges, and how a change applies. Source: mns contract 3.1 and 4."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from liuyun.errors import Invalid
from liuyun.model.message import QueueAttributes, TopicAttributes

DELAY = ("DelaySeconds", 0, 604_800)
RANGES = {
    "delay_s": DELAY,
    "max_message_bytes": ("MaximumMessageSize", 1024, 65_536),
    "retention_s": ("MessageRetentionPeriod", 60, 604_800),
    "visibility_timeout_s": ("VisibilityTimeout", 1, 43_200),
    "polling_wait_s": ("PollingWaitSeconds", 0, 30),
}
TOPIC_RETENTION_S = 86_400  # the vendor's, not settable: undelivered messages are dropped after a day
Changes = Mapping[str, int | bool]  # by field name; what isn't there stays as it was


def changed_queue(attributes: QueueAttributes, changes: Changes) -> QueueAttributes:
    """Raises Invalid, naming the attribute and its bounds as the vendor does."""
    new = replace(attributes, **changes)  # pyright: ignore[reportArgumentType] - the fields are checked next
    check_ranges(asdict(new))
    return new


def changed_topic(attributes: TopicAttributes, changes: Changes) -> TopicAttributes:
    new = replace(attributes, **changes)  # pyright: ignore[reportArgumentType]
    check_ranges(asdict(new))
    return new


def check_ranges(values: Mapping[str, int | bool]) -> None:
    for field, value in values.items():
        if field in RANGES:
            check_range(value, *RANGES[field])


def check_range(value: int, element: str, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Invalid(
            "attribute_range",
            "The value of {element} must be from {least} to {most}; it is {value}.",
            element=element,
            least=least,
            most=most,
            value=value,
        )

"""What queues, topics and subscriptions may be called. Source: mns contract 3."""

import re

from liuyun.errors import (
    Invalid,
    QueueNameInvalid,
    QueueNameLength,
    SubscriptionNameInvalid,
    SubscriptionNameLength,
    TopicNameInvalid,
    TopicNameLength,
)

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
LONGEST = 256
PREFIX_END = "\U0010ffff"  # sorts after every character that a name may have


def check_queue_name(name: str) -> None:
    check("queue", name, QueueNameInvalid, QueueNameLength)


def check_topic_name(name: str) -> None:
    check("topic", name, TopicNameInvalid, TopicNameLength)


def check_subscription_name(name: str) -> None:
    check("subscription", name, SubscriptionNameInvalid, SubscriptionNameLength)


def check(noun: str, name: str, invalid: type[Invalid], length: type[Invalid]) -> None:
    if not 1 <= len(name) <= LONGEST:
        raise length(f"The name of a {noun} has 1 to {LONGEST} characters; this one has {len(name)}.")
    if NAME.fullmatch(name) is None:
        raise invalid(
            f"'{name}' is not the name of a {noun}: it begins with a letter or a digit and has only letters, "
            "digits and hyphens."
        )

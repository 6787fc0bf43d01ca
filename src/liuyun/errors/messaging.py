"""What can go wrong with queues and topics."""

from liuyun.errors.tree import Conflict, Invalid, NotFound


class QueueNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__("queue_missing", "The queue {queue} does not exist.", queue=name)


class QueueExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__("queue_exists", "The queue {queue} already exists with other attributes.", queue=name)


class QueueNameInvalid(Invalid):
    pass


class QueueNameLength(Invalid):
    pass


class TopicNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__("topic_missing", "The topic {topic} does not exist.", topic=name)


class TopicExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__("topic_exists", "The topic {topic} already exists with other attributes.", topic=name)


class TopicNameInvalid(Invalid):
    pass


class TopicNameLength(Invalid):
    pass


class SubscriptionNotFound(NotFound):
    def __init__(self, name: str, topic: str) -> None:
        template = "The topic {topic} has no subscription {subscription}."
        super().__init__("subscription_missing", template, subscription=name, topic=topic)


class SubscriptionExists(Conflict):
    def __init__(self, name: str, topic: str) -> None:
        template = "The topic {topic} already has a subscription {subscription} with other attributes."
        super().__init__("subscription_exists", template, subscription=name, topic=topic)


class SubscriptionNameInvalid(Invalid):
    pass


class SubscriptionNameLength(Invalid):
    pass


class EndpointInvalid(Invalid):
    """A subscription's endpoint that is of no known form, or that this platform doesn't deliver to."""


class MessageNotFound(NotFound):
    """Nothing to receive or to peek at."""


class InvalidReceiptHandle(Invalid):
    """A handle that was never given out, was replaced by a newer one, or is past its time."""


class DigestMismatch(Invalid):
    """The body that arrived is not the one whose digest the client announced."""

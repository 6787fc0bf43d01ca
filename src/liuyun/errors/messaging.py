"""What can go wrong with queues and topics."""

from liuyun.errors.tree import Conflict, Invalid, NotFound


class QueueNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"The queue {name} does not exist.", queue=name)


class QueueExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(f"The queue {name} already exists with other attributes.", queue=name)


class QueueNameInvalid(Invalid):
    pass


class QueueNameLength(Invalid):
    pass


class TopicNotFound(NotFound):
    def __init__(self, name: str) -> None:
        super().__init__(f"The topic {name} does not exist.", topic=name)


class TopicExists(Conflict):
    def __init__(self, name: str) -> None:
        super().__init__(f"The topic {name} already exists with other attributes.", topic=name)


class TopicNameInvalid(Invalid):
    pass


class TopicNameLength(Invalid):
    pass


class SubscriptionNotFound(NotFound):
    def __init__(self, name: str, topic: str) -> None:
        super().__init__(f"The topic {topic} has no subscription {name}.", subscription=name, topic=topic)


class SubscriptionExists(Conflict):
    def __init__(self, name: str, topic: str) -> None:
        text = f"The topic {topic} already has a subscription {name} with other attributes."
        super().__init__(text, subscription=name, topic=topic)


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

"""What a subscriber may ask for, and which messages it then gets. Source: mns contract 4."""

from liuyun.errors import Invalid
from liuyun.messaging.core.endpoints import FunctionEndpoint, parse
from liuyun.model.message import NotifyFormat, NotifyStrategy, SubscriptionAttributes

LONGEST_TAG = 16


def attributes(endpoint: str, filter_tag: str = "", strategy: str = "", format_: str = "") -> SubscriptionAttributes:
    """From the vendor's words, with the vendor's defaults for empty ones. Raises Invalid."""
    target = parse(endpoint)
    default = NotifyFormat.STREAM if isinstance(target, FunctionEndpoint) else NotifyFormat.XML
    check_tag("FilterTag", filter_tag)
    return SubscriptionAttributes(endpoint, filter_tag, notify_strategy(strategy), notify_format(format_) or default)


def notify_strategy(word: str) -> NotifyStrategy:
    try:
        return NotifyStrategy(word or NotifyStrategy.BACKOFF_RETRY)
    except ValueError:
        raise unknown_word("NotifyStrategy", word, list(NotifyStrategy)) from None


def notify_format(word: str) -> NotifyFormat | None:
    try:
        return NotifyFormat(word) if word else None
    except ValueError:
        raise unknown_word("NotifyContentFormat", word, list(NotifyFormat)) from None


def unknown_word(element: str, word: str, known: list[str]) -> Invalid:
    return Invalid(
        "attribute_word",
        "The value of {element} must be one of {known}; it is '{word}'.",
        element=element,
        known=", ".join(known),
        word=word[:80],
    )


def check_tag(element: str, tag: str) -> None:
    if len(tag) > LONGEST_TAG:
        raise Invalid(
            "attribute_long",
            "The value of {element} has at most {longest} characters; this one has {count}.",
            element=element,
            longest=LONGEST_TAG,
            count=len(tag),
        )
    if not tag.isprintable():
        raise Invalid(
            "attribute_unprintable", "The value of {element} has characters that can't be shown.", element=element
        )

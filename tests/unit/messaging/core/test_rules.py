"""The plain rules of messages: names, ranges, sizes, handles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.errors import (
    Invalid,
    InvalidReceiptHandle,
    QueueNameInvalid,
    QueueNameLength,
    SubscriptionNameInvalid,
    TooLarge,
    TopicNameInvalid,
)
from liuyun.messaging.core import receipts
from liuyun.messaging.core.attributes import RANGES, changed_queue, changed_topic
from liuyun.messaging.core.escaping import escaped
from liuyun.messaging.core.names import check_queue_name, check_subscription_name, check_topic_name
from liuyun.messaging.core.sending import accept, accept_batch, digest
from liuyun.model.message import Draft, Properties, Property, QueueAttributes, TopicAttributes

NOW = 1_700_000_000_000


@pytest.mark.parametrize("name", ["q", "0", "Order-queue-1", "q" * 256])
def test_good_names(name: str) -> None:
    """Letters, digits and hyphens, beginning with a letter or digit."""
    check_queue_name(name)
    check_topic_name(name)
    check_subscription_name(name)


@pytest.mark.parametrize("name", ["-q", "a_b", "a b", "a/b", "队列", "a\n"])
def test_bad_names(name: str) -> None:
    """Each noun has its own error."""
    for check, error in (
        (check_queue_name, QueueNameInvalid),
        (check_topic_name, TopicNameInvalid),
        (check_subscription_name, SubscriptionNameInvalid),
    ):
        with pytest.raises(error):
            check(name)


@pytest.mark.parametrize("name", ["", "q" * 257])
def test_names_of_wrong_length(name: str) -> None:
    """Length is told apart from letters."""
    with pytest.raises(QueueNameLength):
        check_queue_name(name)


@pytest.mark.parametrize("field", RANGES)
def test_attributes_have_bounds(field: str) -> None:
    """The bounds themselves are allowed; beyond them the element is named with its bounds."""
    element, least, most = RANGES[field]
    for good in (least, most):
        assert getattr(changed_queue(QueueAttributes(), {field: good}), field) == good
    for bad in (least - 1, most + 1):
        with pytest.raises(Invalid, match=f"{element} must be from {least} to {most}"):
            changed_queue(QueueAttributes(), {field: bad})


def test_topics_have_the_same_bounds() -> None:
    """A topic's message size is bounded as a queue's."""
    assert changed_topic(TopicAttributes(), {"logging_enabled": True}).logging_enabled
    with pytest.raises(Invalid, match="MaximumMessageSize"):
        changed_topic(TopicAttributes(), {"max_message_bytes": 1023})


def test_what_a_message_says_wins_over_the_queue() -> None:
    """Delay and priority come from the message, else from the queue and the default."""
    attributes = QueueAttributes(delay_s=7, retention_s=60)
    plain, special = accept(Draft("x"), attributes, NOW), accept(Draft("x", 1, 0), attributes, NOW)
    assert (plain.priority, plain.visible_at, plain.delayed) == (8, NOW + 7000, True)
    assert (special.priority, special.visible_at, special.delayed) == (1, NOW, False)
    assert plain.expires_at == NOW + 60_000


@pytest.mark.parametrize("draft", [Draft(""), Draft("x", priority=0), Draft("x", delay_s=-1), Draft("\ud800")])
def test_drafts_that_no_queue_takes(draft: Draft) -> None:
    """An empty body, one that is no text, a priority or a delay out of range."""
    with pytest.raises(Invalid):
        accept(draft, QueueAttributes(), NOW)


def test_a_body_is_measured_in_bytes() -> None:
    """65536 bytes are allowed, one more is not."""
    accept(Draft("x" * 65_536), QueueAttributes(), NOW)
    with pytest.raises(TooLarge):
        accept(Draft("x" * 65_537), QueueAttributes(), NOW)


def test_properties_are_bounded() -> None:
    """Neither too many nor too large."""
    many = tuple(Property(f"n{index}", "v") for index in range(65))
    large = (Property("n", "v" * 70_000),)
    for properties in (Properties(many), Properties(system=large)):
        with pytest.raises(Invalid):
            accept(Draft("x", properties=properties), QueueAttributes(), NOW)


def test_batches_are_bounded() -> None:
    """1 to 16 messages, 64 KB altogether."""
    for drafts in ([], [Draft("x")] * 17, [Draft("x" * 40_000)] * 2):
        with pytest.raises(Invalid):
            accept_batch(drafts, QueueAttributes(), NOW)
    assert len(accept_batch([Draft("x" * 4096)] * 16, QueueAttributes(), NOW)) == 16


def test_the_digest_is_the_vendors() -> None:
    """MD5 in capital hexadecimal digits, of the text as it stands."""
    assert digest(b"hello") == "5D41402ABC4B2A76B9719D911017C592"


@given(st.integers(1, 2**60 - 1), st.integers(0, 2**64 - 1))
def test_handles_are_read_as_they_were_written(sequence: int, token: int) -> None:
    """A handle carries its sequence and token through an URL unharmed."""
    text = receipts.handle(sequence, f"{token:016x}")
    assert receipts.parse(text) == (sequence, f"{token:016x}")
    assert not set(text) & set("&#+%/? =")


@pytest.mark.parametrize("text", ["", "1-", "1-1-short", "2-1-0123456789abcdef", "1-1-0123456789abcdeg", "x" * 9999])
def test_nonsense_is_no_handle(text: str) -> None:
    """What was never a handle is refused like one that is over."""
    with pytest.raises(InvalidReceiptHandle):
        receipts.parse(text)


@given(st.text())
def test_escaped_text_is_always_well_formed(text: str) -> None:
    """Whatever the text, what is written can be parsed, and is the same but for characters that XML can't carry."""
    from xml.etree.ElementTree import fromstring

    body = text.encode("utf-8", "replace").decode()
    parsed = fromstring(f"<a>{escaped(body)}</a>").text or ""
    assert all(one in (other, "\ufffd") for one, other in zip(parsed, body, strict=True))

"""Endpoints and what a subscriber may ask for."""

import pytest

from liuyun.errors import EndpointInvalid, Invalid
from liuyun.messaging.core.endpoints import Endpoint, FunctionEndpoint, HttpEndpoint, QueueEndpoint, parse
from liuyun.messaging.core.subscribing import attributes, notify_format, notify_strategy
from liuyun.model.message import NotifyFormat, NotifyStrategy


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("acs:mns:cn-hangzhou:123:queues/q1", QueueEndpoint("q1")),
        ("acs:mns:cn-hangzhou:123:/queues/q1", QueueEndpoint("q1")),
        ("acs:mns:::/queues/q1/messages", QueueEndpoint("q1")),
        ("acs:fc:cn-hangzhou:123:services/s/functions/f", FunctionEndpoint("s", "", "f")),
        ("acs:fc::123:services/s.prod/functions/f-1", FunctionEndpoint("s", "prod", "f-1")),
        ("http://h", HttpEndpoint("http://h/notifications", "/notifications")),
        ("https://h:8443/a/b?c=d", HttpEndpoint("https://h:8443/a/b?c=d", "/a/b?c=d")),
        ("http://127.0.0.1:9/x#fragment", HttpEndpoint("http://127.0.0.1:9/x", "/x")),
        ("HTTP://[::1]:9/x", HttpEndpoint("http://[::1]:9/x", "/x")),
    ],
)
def test_endpoints_that_are_understood(text: str, endpoint: Endpoint) -> None:
    """Region and account may be anything; a path defaults to the vendor's."""
    assert parse(text) == endpoint


@pytest.mark.parametrize(
    "text",
    [
        "",
        "q1",
        "mail:directmail:a@b",
        "sms:directsms:anonymous",
        "ftp://h/x",
        "http://",
        "http:///x",
        "http://h:port/x",
        "http://h:99999/x",
        "http://user:secret@h/x",
        "http://h/a b",
        "http://h/\r\nX: y",
        "http://h/云",
        "http://169.254.169.254/latest",
        "http://[fe80::1]/x",
        "acs:mns:r:a:queues/a_b",
        "acs:fc:r:a:functions/f",
        "http://h/" + "x" * 2048,
    ],
)
def test_endpoints_that_are_refused(text: str) -> None:
    """What can't be delivered to is refused when it is subscribed, as is an address that clouds keep secrets at."""
    with pytest.raises(EndpointInvalid):
        parse(text)


def test_defaults_are_the_vendors() -> None:
    """XML with back-off, and for a function a stream."""
    plain, function = attributes("http://h/x"), attributes("acs:fc:r:a:services/s/functions/f")
    assert (plain.format, plain.strategy) == (NotifyFormat.XML, NotifyStrategy.BACKOFF_RETRY)
    assert function.format is NotifyFormat.STREAM


def test_words_that_are_not_the_vendors() -> None:
    """An unknown strategy or format is refused with the known ones."""
    with pytest.raises(Invalid, match="EXPONENTIAL_DECAY_RETRY; it is 'FOREVER'"):
        notify_strategy("FOREVER")
    with pytest.raises(Invalid, match="XML, JSON, SIMPLIFIED, STREAM"):
        notify_format("YAML")


@pytest.mark.parametrize("tag", ["x" * 17, "a\nb"])
def test_tags_are_short_and_printable(tag: str) -> None:
    """A tag has at most 16 characters, which can be shown."""
    with pytest.raises(Invalid, match="FilterTag"):
        attributes("http://h/x", tag)

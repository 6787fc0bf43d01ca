"""What subscribers get to see, in each format."""

import json
from base64 import b64decode
from dataclasses import replace
from hashlib import md5
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest

from liuyun.errors import Invalid, TooLarge
from liuyun.messaging.core.notifications import event, push, text
from liuyun.messaging.core.publishing import publication
from liuyun.model.message import (
    Delivery,
    NotifyFormat,
    Publication,
    Subscription,
    SubscriptionAttributes,
    TopicAttributes,
)

NOW = 1_700_000_000_000
NAMES = {
    "TopicOwner": "a1",
    "TopicName": "t",
    "Subscriber": "a1",
    "SubscriptionName": "s",
    "MessageId": "M1",
    "Message": "<hi> & 云",
    "MessageMD5": "D",
}


def delivery(format_: NotifyFormat, **publication: Any) -> Delivery:
    published = Publication("M1", "<hi> & 云", "D", NOW)
    subscription = Subscription("a1", "t", "s", 1, SubscriptionAttributes("http://h", format=format_), NOW, NOW)
    return Delivery(1, replace(published, **publication), subscription)


def test_xml_has_all_and_is_escaped() -> None:
    """The XML document has the vendor's elements in the vendor's namespace."""
    root = fromstring(text(delivery(NotifyFormat.XML, tag="x")))
    found = {child.tag.removeprefix("{http://mns.aliyuncs.com/doc/v1/}"): child.text for child in root}
    assert found == {**NAMES, "MessageTag": "x", "PublishTime": str(NOW)}


def test_json_is_flat_with_a_number_for_the_time() -> None:
    """The JSON document has the same names; there is no tag where none was given."""
    assert json.loads(text(delivery(NotifyFormat.JSON))) == {**NAMES, "PublishTime": NOW}


def test_simplified_is_the_body_alone() -> None:
    """Nothing stands around the message; its id and tag travel in headers."""
    made = push(delivery(NotifyFormat.SIMPLIFIED, tag="x y"), "/p", date="D", certificate_url="u", request_id="R")
    assert made.body.decode() == "<hi> & 云"
    assert dict(made.headers)["x-mns-message-id"] == "M1"
    assert dict(made.headers)["x-mns-message-tag"] == "x y"


def test_a_tag_that_no_header_carries_is_encoded() -> None:
    """A tag may be Chinese; a header may not."""
    made = push(delivery(NotifyFormat.SIMPLIFIED, tag="云"), "/p", date="D", certificate_url="u", request_id="R")
    assert dict(made.headers)["x-mns-message-tag"] == "%E4%BA%91"


def test_the_string_to_sign_of_a_push() -> None:
    """Method, digest, type, date, the x-mns headers sorted, and the path, one to a line."""
    made = push(delivery(NotifyFormat.JSON), "/p?q=1", date="DATE", certificate_url="http://c", request_id="R")
    digest = b64decode(dict(made.headers)["Content-md5"]).decode()
    assert digest == md5(made.body).hexdigest()
    assert made.string_to_sign.split("\n") == [
        "POST",
        dict(made.headers)["Content-md5"],
        "application/json;charset=utf-8",
        "DATE",
        "x-mns-request-id:R",
        "x-mns-signing-cert-url:aHR0cDovL2M=",
        "x-mns-version:2015-06-06",
        "/p?q=1",
    ]


def test_a_stream_event_is_the_body() -> None:
    """A function gets the bytes of the message, and nothing else when there is nothing else."""
    assert event(delivery(NotifyFormat.STREAM)) == "<hi> & 云".encode()


def test_a_stream_event_with_attributes_wraps_the_body() -> None:
    """Attributes make a document of body and attributes."""
    found = json.loads(
        event(delivery(NotifyFormat.STREAM, body="hello topic", attributes={"Extend": '{"key":"value"}'}))
    )
    assert found == {"body": "hello topic", "attrs": {"Extend": '{"key":"value"}'}}


@pytest.mark.parametrize(
    ("extend", "more"), [('{"key":"value"}', {"key": "value"}), ("no json", {}), ("[1]", {}), ("[" * 100_000, {})]
)
def test_a_json_event_takes_in_what_extend_holds(extend: str, more: dict[str, str]) -> None:
    """The keys of Extend stand at the top of the document; anything but an object is left out."""
    found = json.loads(event(delivery(NotifyFormat.JSON, attributes={"Extend": extend})))
    assert found == {**NAMES, "PublishTime": NOW, **more}


def published(body: str = "x", tag: str = "", **attributes: Any) -> Publication:
    limits = TopicAttributes(max_message_bytes=1024)
    return publication(body, tag, attributes, message_id="M", limits=limits, now=NOW)


def test_attributes_are_texts() -> None:
    """A flow gives attributes as values, a client as JSON texts; both are kept as texts."""
    assert published(Extend={"k": "云"}, DirectMail="{}").attributes == {"Extend": '{"k": "云"}', "DirectMail": "{}"}


def test_publications_that_no_topic_takes() -> None:
    """Empty bodies, long tags, what is too large altogether, and what isn't JSON."""
    for make in (
        lambda: published(""),
        lambda: published(tag="x" * 17),
        lambda: published(Extend=object()),
    ):
        with pytest.raises(Invalid):
            make()
    with pytest.raises(TooLarge):
        published("x" * 1000, Extend="y" * 100)

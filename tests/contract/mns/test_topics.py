"""Topics, subscriptions and pushes through aliyun-mns-sdk. The numbers are the acceptance cases of the contract."""

import json
from base64 import b64decode
from http.client import HTTPConnection
from urllib.parse import urlsplit
from xml.etree.ElementTree import fromstring

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from mns.subscription import SubscriptionMeta
from mns.topic import DirectMailInfo, TopicMessage, TopicMeta

from tests.contract.mns.calls import made_queue, refused
from tests.contract.mns.server import MessageServer, Pushed, Subscriber

QUEUE = "acs:mns:cn-hangzhou:123:queues/q1"
FUNCTION = "acs:fc:cn-hangzhou:123:services/s/functions/f"


def subscribe(server: MessageServer, endpoint: str, format_: str = "", tag: str = "", strategy: str = "") -> None:
    topic = server.client().get_topic("t1")
    topic.create(TopicMeta())
    topic.get_subscription("s1").subscribe(SubscriptionMeta(endpoint, strategy, format_, tag))


def publish(server: MessageServer, body: str, tag: str = "") -> str:
    return server.client().get_topic("t1").publish_message(TopicMessage(body, tag)).message_id


def test_a_topic_lives_as_a_queue_does(server: MessageServer) -> None:
    """Created, created again, refused when it differs, changed, listed, deleted."""
    client = server.client()
    topic = client.get_topic("t1")
    assert topic.create(TopicMeta()) == topic.create(TopicMeta()) == f"{server.endpoint}/topics/t1"
    assert refused(lambda: topic.create(TopicMeta(2048))).type == "TopicAlreadyExist"
    topic.set_attributes(TopicMeta(logging_enabled=True))
    found = topic.get_attributes()
    assert (found.topic_name, found.maximum_message_size, found.logging_enabled) == ("t1", 65536, True)
    assert (found.message_retention_period, found.message_count) == (86400, 0)
    assert client.list_topic() == ([f"{server.endpoint}/topics/t1"], "")
    topic.delete()
    topic.delete()
    assert refused(topic.get_attributes).type == "TopicNotExist"


def test_a_subscription_lives_likewise(server: MessageServer) -> None:
    """Its strategy is the one thing that changes; its URL is told when it is made."""
    subscribe(server, QUEUE, "JSON", "tag1")
    topic = server.client().get_topic("t1")
    one = topic.get_subscription("s1")
    assert one.subscribe(SubscriptionMeta(QUEUE, "", "JSON", "tag1")) == f"{server.endpoint}/topics/t1/subscriptions/s1"
    assert refused(lambda: one.subscribe(SubscriptionMeta(QUEUE))).type == "SubscriptionAlreadyExist"
    one.set_attributes(SubscriptionMeta(notify_strategy="EXPONENTIAL_DECAY_RETRY"))
    found = one.get_attributes()
    assert (found.endpoint, found.notify_content_format, found.filter_tag) == (QUEUE, "JSON", "tag1")
    assert (found.notify_strategy, found.topic_name, found.topic_owner) == (
        "EXPONENTIAL_DECAY_RETRY", "t1", "1234567890123456",
    )  # fmt: skip
    assert topic.list_subscription() == ([f"{server.endpoint}/topics/t1/subscriptions/s1"], "")
    one.unsubscribe()
    one.unsubscribe()
    assert refused(one.get_attributes).type == "SubscriptionNotExist"


@pytest.mark.parametrize("endpoint", ["nowhere", "mail:directmail:a@b", "http://169.254.169.254/", "ftp://h"])
def test_endpoints_that_are_refused(server: MessageServer, endpoint: str) -> None:
    """What can't be delivered to can't be subscribed."""
    assert refused(lambda: subscribe(server, endpoint)).type == "EndpointInvalid"


def test_21_an_http_subscriber_gets_json(server: MessageServer, receiver: Subscriber) -> None:
    """One POST whose document has the message and its tag."""
    subscribe(server, f"{receiver.url}/notify?x=1", "JSON")
    message_id = publish(server, "hi", "tag1")
    pushed = receiver.next()
    assert pushed.path == "/notify?x=1"
    document = json.loads(pushed.body)
    assert (document["Message"], document["MessageTag"], document["MessageId"]) == ("hi", "tag1", message_id)
    assert document["PublishTime"] == server.clock.now()


def test_an_http_subscriber_gets_xml_by_default(server: MessageServer, receiver: Subscriber) -> None:
    """At the default path, with the message escaped."""
    subscribe(server, receiver.url)
    publish(server, "<a> & 云")
    pushed = receiver.next()
    assert pushed.path == "/notifications"
    assert pushed.headers["Content-Type"] == "text/xml;charset=utf-8"
    assert fromstring(pushed.body).findtext("{http://mns.aliyuncs.com/doc/v1/}Message") == "<a> & 云"


def test_22_a_filter_takes_its_own_tag_only(server: MessageServer) -> None:
    """Of three messages the one with the very tag arrives."""
    queue = made_queue(server, raw=True)
    subscribe(server, QUEUE, "SIMPLIFIED", "tag1")
    for body, tag in (("other", "tag2"), ("mine", "tag1"), ("none", "")):
        publish(server, body, tag)
    server.advance(0)
    assert [message.message_body for message in queue.batch_receive_message(16)] == ["mine"]


def test_23_simplified_is_the_message_alone(server: MessageServer, receiver: Subscriber) -> None:
    """Its id and tag travel in headers."""
    subscribe(server, receiver.url, "SIMPLIFIED")
    message_id = publish(server, "<just> this", "tag1")
    pushed = receiver.next()
    assert pushed.body == b"<just> this"
    assert (pushed.headers["x-mns-message-id"], pushed.headers["x-mns-message-tag"]) == (message_id, "tag1")


@pytest.mark.parametrize("status", [500, 404, 302])
def test_24_a_failing_subscriber_is_tried_again(server: MessageServer, receiver: Subscriber, status: int) -> None:
    """Anything but 2xx is a failure; after two of them a third try delivers, and there is no fourth."""
    receiver.statuses = [status, status, 200]
    subscribe(server, receiver.url, "JSON", strategy="BACKOFF_RETRY")
    publish(server, "x")
    ids = []
    for _ in range(3):
        ids.append(json.loads(receiver.next().body)["MessageId"])
        server.advance(20)
    server.advance(600)
    assert (len(set(ids)), receiver.pushes.qsize()) == (1, 0)
    assert server.client().get_topic("t1").get_attributes().message_count == 0


def test_a_subscriber_that_never_answers_well_is_given_up(server: MessageServer, receiver: Subscriber) -> None:
    """Back-off: the first try and three more."""
    receiver.statuses = [500] * 9
    subscribe(server, receiver.url)
    publish(server, "x")
    for _ in range(4):
        receiver.next()
        server.advance(20)
    server.advance(600)
    assert receiver.pushes.qsize() == 0


def test_a_subscriber_that_is_not_there_gets_it_later(server: MessageServer, receiver: Subscriber) -> None:
    """A refused connection is a failure like any other."""
    subscribe(server, "http://127.0.0.1:1/x")
    publish(server, "x")
    server.advance(0)
    assert server.client().get_topic("t1").get_attributes().message_count == 1


def test_25_a_push_is_signed(server: MessageServer, receiver: Subscriber) -> None:
    """What the vendor's sample endpoints check, done in their way: with the certificate from the advertised URL."""
    subscribe(server, f"{receiver.url}/notify", "JSON")
    publish(server, "x", "tag1")
    pushed = receiver.next()
    verify(pushed, fetch(b64decode(pushed.headers["x-mns-signing-cert-url"]).decode()))


def verify(pushed: Pushed, certificate: bytes) -> None:
    """Raises unless the signature is right. Headers are looked up in the case that the Java sample uses."""
    mns = sorted(f"{name}:{value}" for name, value in pushed.headers.items() if name.startswith("x-mns-"))
    named = (pushed.headers["Content-md5"], pushed.headers["Content-Type"], pushed.headers["Date"])
    text = "\n".join(("POST", *named, *mns, pushed.path))
    key = x509.load_pem_x509_certificate(certificate).public_key()
    assert isinstance(key, RSAPublicKey)
    key.verify(b64decode(pushed.headers["Authorization"]), text.encode(), PKCS1v15(), SHA1())


def fetch(url: str) -> bytes:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc)
    connection.request("GET", parts.path)
    answer = connection.getresponse().read()
    connection.close()
    return answer


def test_26_a_queue_gets_the_notification(server: MessageServer) -> None:
    """Region and account in the endpoint may be anything."""
    queue = made_queue(server, raw=True)
    subscribe(server, QUEUE)
    publish(server, "hi")
    server.advance(0)
    (message,) = queue.batch_receive_message(16)
    assert fromstring(message.message_body).findtext("{http://mns.aliyuncs.com/doc/v1/}Message") == "hi"


def test_27_a_function_gets_the_stream(server: MessageServer) -> None:
    """The event is exactly what was published."""
    subscribe(server, FUNCTION, "STREAM")
    publish(server, "hello topic")
    server.advance(0)
    assert [call.payload for call in server.functions.calls] == [b"hello topic"]


def test_27_a_function_gets_json(server: MessageServer) -> None:
    """The event has the eight documented keys, and no tag where there was none."""
    subscribe(server, FUNCTION, "JSON")
    publish(server, "hi")
    server.advance(0)
    assert set(json.loads(server.functions.calls[0].payload)) == {
        "TopicOwner", "Message", "Subscriber", "PublishTime", "SubscriptionName", "MessageMD5", "TopicName",
        "MessageId",
    }  # fmt: skip


def test_attributes_reach_a_function(server: MessageServer) -> None:
    """MessageAttributes arrive beside the body."""
    subscribe(server, FUNCTION)
    mail = DirectMailInfo("a@b", "subject", 0, 0, 0)
    server.client().get_topic("t1").publish_message(TopicMessage("x", direct_mail=mail))
    server.advance(0)
    event = json.loads(server.functions.calls[0].payload)
    assert event["body"] == "x"
    assert json.loads(event["attrs"]["DirectMail"])["Subject"] == "subject"


def test_tags_are_bounded(server: MessageServer) -> None:
    """A topic that isn't there, a body too large, a tag too long: each is told."""
    assert refused(lambda: publish(server, "x")).type == "TopicNotExist"
    subscribe(server, QUEUE)
    assert refused(lambda: publish(server, "x" * 65_537)).type == "InvalidArgument"

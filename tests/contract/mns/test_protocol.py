"""What is on the wire: signatures, digests, headers, malformed requests. The numbers are the acceptance cases."""

import asyncio
import hashlib
import hmac
from base64 import b64encode
from collections.abc import Iterator, Mapping
from email.utils import formatdate
from http.client import HTTPConnection
from typing import Any, NamedTuple
from xml.etree.ElementTree import fromstring

import pytest

from tests.contract.mns.calls import COUNTERS, made_queue, refused, send
from tests.contract.mns.server import ACCOUNT, KEY, SECRET, MessageServer

pytestmark = COUNTERS
NAMESPACE = "{http://mns.aliyuncs.com/doc/v1/}"
MESSAGE = b"<Message><MessageBody>x</MessageBody></Message>"


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        """Of an error, which must have all four parts."""
        root = fromstring(self.body)
        assert [child.tag.removeprefix(NAMESPACE) for child in root] == ["Code", "Message", "RequestId", "HostId"]
        return root.findtext(f"{NAMESPACE}Code")


class Wire:
    """A client that signs whatever it is told to, on one connection."""

    def __init__(self, server: MessageServer) -> None:
        self.clock = server.clock
        self.connection = HTTPConnection("127.0.0.1", server.port, timeout=30)

    def call(self, method: str, target: str, body: bytes = b"", /, **headers: Any) -> Answer:
        """Headers by name with _ for -; None leaves one out."""
        sent = {"date": formatdate(self.clock.now() / 1000, usegmt=True), "x-mns-version": "2015-06-06"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items() if value is not None}
        for name in [name.replace("_", "-") for name, value in headers.items() if value is None]:
            sent.pop(name, None)
        if "authorization" not in sent and headers.get("authorization", "") is not None:
            sent["authorization"] = f"MNS {KEY}:{signature(method, target, sent)}"
        self.connection.request(method, target, body or None, sent)
        answer = self.connection.getresponse()
        return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())


def signature(method: str, target: str, headers: Mapping[str, str]) -> str:
    mns = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers) if name.startswith("x-mns-"))
    named = "\n".join(headers.get(name, "") for name in ("content-md5", "content-type", "date"))
    return b64encode(hmac.digest(SECRET.encode(), f"{method}\n{named}\n{mns}{target}".encode(), "sha1")).decode()


@pytest.fixture
def wire(server: MessageServer) -> Iterator[Wire]:
    """With a queue `q1` there."""
    made_queue(server)
    client = Wire(server)
    yield client
    client.connection.close()


def test_19_a_wrong_secret_or_key_is_refused(server: MessageServer) -> None:
    """403 with the vendor's codes, whatever the call."""
    for client, code in (
        (server.client(secret="wrong"), "SignatureDoesNotMatch"),
        (server.client(key="unknown"), "InvalidAccessKeyId"),
    ):
        assert refused(client.list_queue).type == code
        assert refused(client.get_queue("q").get_attributes).type == code


def test_19_an_old_request_is_refused(wire: Wire) -> None:
    """Twenty minutes off is too much, ten are not."""
    for minutes, status in ((-20, 408), (20, 408), (-10, 200)):
        date = formatdate(wire.clock.now() / 1000 + minutes * 60, usegmt=True)
        answer = wire.call("GET", "/queues", date=date)
        assert answer.status == status
        assert status == 200 or answer.code == "TimeExpired"


def test_20_the_body_must_be_the_one_announced(wire: Wire) -> None:
    """In either form of the digest; none at all is fine."""
    digest = hashlib.md5(MESSAGE)
    for good in (b64encode(digest.digest()).decode(), b64encode(digest.hexdigest().encode()).decode(), None):
        assert wire.call("POST", "/queues/q1/messages", MESSAGE, content_md5=good).status == 201
    for bad in (b64encode(hashlib.md5(b"other").digest()).decode(), "no base64!", digest.hexdigest()):
        answer = wire.call("POST", "/queues/q1/messages", MESSAGE, content_md5=bad)
        assert (answer.status, answer.code) == (400, "InvalidDegist")


def test_28_temporary_credentials_work_with_their_token(server: MessageServer) -> None:
    """With a valid session everything; with another token, or none, 403."""
    made = server.temporary.issue(ACCOUNT, "service/function")
    good = server.client(made.access_key_id, made.access_key_secret, made.security_token)
    assert good.list_queue() == ([], "")
    for token in ("unknown", made.security_token + "x", ""):
        client = server.client(made.access_key_id, made.access_key_secret, token)
        assert refused(client.list_queue).type == "InvalidSecurityToken"


def test_a_functions_credentials_can_not_aim_the_platform(server: MessageServer) -> None:
    """They may subscribe queues and functions, but not addresses that the platform would then call."""
    from mns.subscription import SubscriptionMeta
    from mns.topic import TopicMeta

    made = server.temporary.issue(ACCOUNT, "service/function")
    topic = server.client(made.access_key_id, made.access_key_secret, made.security_token).get_topic("t")
    topic.create(TopicMeta())
    one = topic.get_subscription("s")
    assert refused(lambda: one.subscribe(SubscriptionMeta("http://127.0.0.1:1/x"))).type == "AccessDenied"
    one.subscribe(SubscriptionMeta("acs:mns:::queues/q"))


def test_a_batch_of_no_handles_is_refused(wire: Wire) -> None:
    """There is nothing to delete."""
    assert wire.call("DELETE", "/queues/q1/messages", b"<ReceiptHandles/>").code == "InvalidArgument"


def test_every_answer_has_a_request_id(wire: Wire) -> None:
    """24 hexadecimal capitals, on success and failure, the same in an error's body."""
    for answer in (wire.call("GET", "/queues/q1"), wire.call("PUT", "/queues/q1"), wire.call("GET", "/queues/no")):
        request_id = answer.headers["x-mns-request-id"]
        assert len(request_id) == 24
        assert set(request_id) <= set("0123456789ABCDEF")
        assert answer.status != 404 or request_id.encode() in answer.body
        assert answer.headers["x-mns-version"] == "2015-06-06"


def test_creating_tells_the_location_each_time(wire: Wire) -> None:
    """201 and 204 both carry it, and 204 carries nothing else: no body, no length, no chunks."""
    for target in ("/queues/q2", "/topics/t", "/topics/t/subscriptions/s"):
        body = b"<Subscription><Endpoint>http://h/x</Endpoint></Subscription>" if "subscriptions" in target else b""
        first, second = wire.call("PUT", target, body), wire.call("PUT", target, body)
        assert (first.status, second.status) == (201, 204)
        assert (
            first.headers["location"]
            == second.headers["location"]
            == f"http://127.0.0.1:{wire.connection.port}{target}"
        )
        assert second.body == b""
        assert not {"content-length", "transfer-encoding", "content-type"} & second.headers.keys()


def test_the_connection_is_kept(wire: Wire) -> None:
    """Successes, failures and empty answers all leave the connection usable."""
    wire.call("GET", "/queues")
    socket = wire.connection.sock
    for method, target, body in (
        ("GET", "/queues/no", b""), ("PUT", "/queues/q1", b""), ("POST", "/queues/q1/messages", b"<broken"),
        ("DELETE", "/queues/q1", b""), ("GET", "/nowhere", b""),
    ):  # fmt: skip
        wire.call(method, target, body)
    assert wire.connection.sock is socket


def test_query_names_in_any_case(wire: Wire, server: MessageServer) -> None:
    """16: Node spells them with small letters at the front; others with none at all."""
    send(made_queue(server), "x")
    handle = fromstring(wire.call("GET", "/queues/q1/messages?WaitSeconds=0").body).findtext(
        f"{NAMESPACE}ReceiptHandle"
    )
    changed = wire.call("PUT", f"/queues/q1/messages?receiptHandle={handle}&visibilityTimeout=35")
    assert changed.status == 200
    handle = fromstring(changed.body).findtext(f"{NAMESPACE}ReceiptHandle")
    assert wire.call("DELETE", f"/queues/q1/messages?RECEIPTHANDLE={handle}").status == 204


@pytest.mark.parametrize(
    "body",
    [
        b'<Message xmlns="http://mns.aliyuncs.com/doc/v1"><MessageBody>x</MessageBody></Message>',
        b'<?xml version="1.0"?>\n<m:Message xmlns:m="u">\n <m:MessageBody>x</m:MessageBody>\n</m:Message>',
        b"<Message><MessageBody><![CDATA[x]]></MessageBody><Unknown/></Message>",
    ],
)
def test_documents_in_any_dress(wire: Wire, body: bytes) -> None:
    """Namespaces, declarations, white space and unknown elements make no difference."""
    assert wire.call("POST", "/queues/q1/messages", body).status == 201


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<Message><MessageBody>raw <&> text</MessageBody></Message>", "MalformedXML"),
        (b"", "MalformedXML"),
        (b"no xml", "MalformedXML"),
        (b"\xff\xfe\xfd", "MalformedXML"),
        (b'<?xml version="1.0" encoding="klingon"?><Message/>', "MalformedXML"),
        (b'<!DOCTYPE m [<!ENTITY a "b">]><Message><MessageBody>&a;</MessageBody></Message>', "MalformedXML"),
        (b"<a>" * 9 + b"</a>" * 9, "MalformedXML"),
        (b"<Messages>" + b"<Message/>" * 5000 + b"</Messages>", "MalformedXML"),
        (b"<Queue/>", "InvalidArgument"),
        (b"<Message/>", "InvalidArgument"),
        (b"<Message><MessageBody/></Message>", "InvalidArgument"),
        (b"<Messages/>", "InvalidArgument"),
        (b"<Messages>" + b"<Message><MessageBody>x</MessageBody></Message>" * 17 + b"</Messages>", "InvalidArgument"),
        (b"<Message><MessageBody>x</MessageBody><Priority>high</Priority></Message>", "InvalidArgument"),
        (b"<Message><MessageBody>x</MessageBody><Priority>1e3</Priority></Message>", "InvalidArgument"),
        (b"<Message><MessageBody>" + b"x" * 500_000 + b"</MessageBody></Message>", "InvalidArgument"),
    ],
)
def test_documents_that_are_refused(wire: Wire, body: bytes, code: str) -> None:
    """Malformed, hostile, of the wrong kind or out of bounds: 400 with the code that says which, nothing stored."""
    answer = wire.call("POST", "/queues/q1/messages", body)
    assert (answer.status, answer.code) == (400, code)
    assert wire.call("GET", "/queues/q1/messages").code == "MessageNotExist"


@pytest.mark.parametrize(
    ("method", "target", "status", "code"),
    [
        ("GET", "/queues/q1/nothing", 400, "InvalidRequestURL"),
        ("PATCH", "/queues/q1", 400, "InvalidRequestURL"),
        ("GET", "/queues/q1?surprise=1", 400, "InvalidQueryString"),
        ("GET", "/queues/q1/messages?waitseconds=soon", 400, "InvalidQueryString"),
        ("GET", "/queues/q1/messages?waitseconds=-1", 400, "InvalidQueryString"),
        ("GET", "/queues/q1/messages?waitseconds=31", 400, "InvalidArgument"),
        ("GET", "/queues/q1/messages?numOfMessages=17", 400, "InvalidArgument"),
        ("GET", "/queues/q1/messages?numOfMessages=0", 400, "InvalidArgument"),
        ("DELETE", "/queues/q1/messages", 400, "MissingReceiptHandle"),
        ("PUT", "/queues/q1/messages?VisibilityTimeout=1", 400, "MissingReceiptHandle"),
        ("PUT", "/queues/q1/messages?ReceiptHandle=1-1-0123456789abcdef", 400, "MissingVisibilityTimeout"),
        ("PUT", "/queues/q1/messages?ReceiptHandle=x&VisibilityTimeout=1", 400, "ReceiptHandleError"),
        ("PUT", "/queues/q1/messages?ReceiptHandle=x&VisibilityTimeout=43201", 400, "InvalidArgument"),
        ("DELETE", "/queues/q1/messages?ReceiptHandle=", 400, "MissingReceiptHandle"),
        ("DELETE", "/queues/q1/messages?ReceiptHandle=x", 400, "ReceiptHandleError"),
        ("PUT", "/queues/a_b", 400, "InvalidQueueName"),
        ("PUT", "/queues/", 400, "QueueNameLengthError"),
        ("PUT", "/topics/a_b", 400, "InvalidTopicName"),
        ("GET", "/topics/no/subscriptions", 404, "TopicNotExist"),
    ],
)
def test_requests_that_are_refused(wire: Wire, method: str, target: str, status: int, code: str) -> None:
    """Each with the status and the code of the contract."""
    answer = wire.call(method, target)
    assert (answer.status, answer.code) == (status, code)


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"authorization": None, "x_mns_version": "2015-06-06"}, 400, "MissingAuthorizationHeader"),
        ({"authorization": "MNS nonsense"}, 400, "InvalidAuthorizationHeader"),
        ({"date": None}, 400, "MissingDateHeader"),
        ({"date": "yesterday"}, 400, "InvalidDateHeader"),
        ({"x_mns_ret_number": "many"}, 400, "InvalidQueryString"),
        ({"x_mns_ret_number": "1001"}, 400, "InvalidArgument"),
    ],
)
def test_headers_that_are_refused(wire: Wire, headers: Mapping[str, str | None], status: int, code: str) -> None:
    """What is missing is told apart from what is wrong."""
    answer = wire.call("GET", "/queues", **headers)
    assert (answer.status, answer.code) == (status, code)


def test_a_date_may_come_in_the_vendors_header(wire: Wire) -> None:
    """Browsers can't set Date; they send x-mns-date alone."""
    date = formatdate(wire.clock.now() / 1000, usegmt=True)
    assert wire.call("GET", "/queues", date=None, x_mns_date=date).status == 200


def test_lists_hold_no_empty_element(wire: Wire) -> None:
    """With meta data or without, on the last page or before: some clients stumble over an empty element."""
    wire.call("PUT", "/queues/q2")
    wire.call("PUT", "/topics/t1")
    for target in ("/queues", "/topics"):
        for headers in ({"x_mns_with_meta": "true"}, {"x_mns_ret_number": "1"}, {}):
            root = fromstring(wire.call("GET", target, **headers).body)
            assert all(len(element) or element.text for element in root.iter() if element is not root)
    root = fromstring(wire.call("GET", "/queues", x_mns_with_meta="true").body)
    assert [queue.findtext(f"{NAMESPACE}QueueName") for queue in root] == ["q1", "q2"]
    empty = wire.call("GET", "/queues", x_mns_prefix="none").body
    assert empty.endswith(b'<Queues xmlns="http://mns.aliyuncs.com/doc/v1/"></Queues>')


def test_texts_that_xml_can_hardly_carry(wire: Wire, server: MessageServer) -> None:
    """A sender inside the platform may use characters that XML has no way to write; receivers still get a document."""
    server.run(server.messaging.queues.send(ACCOUNT, "q1", "a\x00b\rc\x1bd"))
    body = fromstring(wire.call("GET", "/queues/q1/messages").body).findtext(f"{NAMESPACE}MessageBody")
    assert body == "a\ufffdb\rc\ufffdd"


def test_the_certificate_is_for_everybody(wire: Wire) -> None:
    """Without a signature, as a PEM text."""
    answer = wire.call("GET", "/x509_public_certificate.pem", authorization=None)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/x-pem-file")
    assert answer.body.startswith(b"-----BEGIN CERTIFICATE-----")


def test_the_vendors_host_name_leads_here(wire: Wire, server: MessageServer) -> None:
    """As functions write it; the addresses in answers follow it."""
    answer = wire.call("PUT", "/queues/q3", host=f"{ACCOUNT}.mns.cn-hangzhou-internal.aliyuncs.com")
    assert answer.headers["location"] == f"http://{ACCOUNT}.mns.cn-hangzhou-internal.aliyuncs.com/queues/q3"
    assert wire.call("PUT", "/queues/q3", host=f"{ACCOUNT}.fc.cn-hangzhou.aliyuncs.com").headers.get("location") is None


def test_a_fault_of_the_platform_is_told_as_one(wire: Wire, server: MessageServer) -> None:
    """500 in the vendor's words, without what went wrong inside."""
    server.messaging.queues.get = None  # pyright: ignore[reportAttributeAccessIssue]
    answer = wire.call("GET", "/queues/q1")
    assert (answer.status, answer.code) == (500, "InternalError")
    assert b"NoneType" not in answer.body


def test_the_service_is_open_from_the_start(wire: Wire) -> None:
    """Opening it again is answered with an order, as clients expect."""
    answer = wire.call("POST", "/commonbuy/openservice")
    assert fromstring(answer.body).findtext(f"{NAMESPACE}OrderId") == ACCOUNT


def test_a_client_that_goes_away_takes_nothing_with_it(live: MessageServer) -> None:
    """A broken long poll leaves the message to the next receiver, as if it had never been received."""
    queue = made_queue(live)
    leaver = Wire(live)
    leaver.connection.connect()
    date = formatdate(live.clock.now() / 1000, usegmt=True)
    headers = {"date": date, "x-mns-version": "2015-06-06"}
    target = "/queues/q1/messages?waitseconds=30"
    headers["authorization"] = f"MNS {KEY}:{signature('GET', target, headers)}"
    leaver.connection.request("GET", target, headers=headers)
    live.run(waiting(live, 1))
    leaver.connection.close()
    live.run(waiting(live, 0))
    send(queue, "x")
    assert queue.receive_message(0).dequeue_count == 1


async def waiting(server: MessageServer, count: int) -> None:
    """Returns once so many receivers wait."""
    async with asyncio.timeout(20):
        while len(server.messaging.queues._lines) != count:  # noqa: ASYNC110 - only the server learns of a disconnect
            await asyncio.sleep(0)

import httpx
import pytest

from liuyun.cli.client import flows, functions, messages
from liuyun.cli.client.transport import Connection, Transport, json_error
from liuyun.cli.failure import Failure
from liuyun.identity.signatures import fc, mns, rpc

ASKING = Connection("http://127.0.0.1:7080", "123456", "key", "secret")


def test_workflow_signature() -> None:
    """The platform believes what the CLI signs, whatever characters stand in it."""
    sent = flows.signed_parameters("POST", "StartExecution", {"Input": '{"a b": "ü/+~*"}', "FlowName": "f"}, ASKING)
    assert rpc.read("POST", list(sent.items())).proves("secret")


def test_function_compute_signature() -> None:
    """The path is signed decoded, with the x-fc headers."""
    headers = functions.signed_headers("POST", "/2016-08-15/services/ä b", {"x-fc-log-type": "Tail"}, ASKING)
    signed = fc.read("POST", "/2016-08-15/services/%C3%A4%20b", "", list(headers.items()), http_trigger=False)
    assert signed.proves("secret")


def test_message_service_signature() -> None:
    """The target is signed as it is sent."""
    target = "/queues/q/messages?ReceiptHandle=1-abc=="
    headers = messages.signed_headers("DELETE", target, {"x-mns-prefix": "a"}, ASKING, has_body=False)
    assert mns.read("DELETE", target, list(headers.items())).proves("secret")


def test_message_documents() -> None:
    """Absent fields are left out, text is escaped, answers are read whatever their namespace."""
    body = messages.xml("Message", {"MessageBody": "<&>", "Priority": None, "DelaySeconds": 0})
    assert messages.document(httpx.Response(200, content=body)) == {"MessageBody": "<&>", "DelaySeconds": "0"}


def test_message_errors() -> None:
    """An error document becomes its code and message, a body that is none becomes an error as well."""
    body = b"<Error><Code>QueueNotExist</Code><Message>no queue</Message><RequestId>R</RequestId></Error>"
    assert messages.xml_error(httpx.Response(404, content=body)).code == "QueueNotExist"
    with pytest.raises(Failure, match="without XML"):
        messages.document(httpx.Response(200, content=b"hello"))


@pytest.mark.parametrize(
    ("body", "code", "missing"),
    [
        (b'{"Code": "FlowNotExists", "Message": "no flow", "RequestId": "R"}', "FlowNotExists", True),
        (b'{"ErrorCode": "ServiceNotFound", "ErrorMessage": "no service"}', "ServiceNotFound", True),
        (b'{"Code": "PathNotSupported", "Message": "nobody is here"}', "PathNotSupported", False),
        (b"<html>", "404", False),
        (b"[]", "404", False),
    ],
)
def test_json_errors(body: bytes, code: str, missing: bool) -> None:
    """Both spellings of an error, and what is none, are told in words; only a resource can be missing."""
    error = json_error(httpx.Response(404, content=body), "Workflow")
    assert (error.code, error.is_missing) == (code, missing)


def test_nobody_there() -> None:
    """A platform that isn't running is a sentence with what to do."""
    with pytest.raises(Failure, match="Is the platform running"):
        Transport("http://127.0.0.1:9").send("GET", "/healthz", {})

"""HTTP calls as events, and what handlers return as answers (fc contract 3.6)."""

import json
from base64 import b64decode, b64encode
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.compute.core.http_event import BadAnswer, event_of, raw_path, read_answer, takes_events
from liuyun.model.function import Deployed, Function, Service, own_service
from liuyun.model.invocation import HttpAnswer, HttpCall, Invocation

NOW = 1_700_000_000_123
GET = HttpCall(
    "GET", "/x y", "a=1&a=2&b=", "/2023-03-30/proxy/f/x%20y?a=1&a=2&b=", (("host", "h"),), "10.0.0.1", "f.x:80"
)


def event(http: HttpCall = GET, payload: bytes = b"") -> Any:
    return json.loads(event_of(http, Invocation("1", "@f", "f", payload, "request-1", http=http), NOW))


def deployed(service: str, runtime: str) -> Deployed:
    function = Function("1", service, "f", "id", runtime, "index.handler")
    return Deployed(Service("1", service, "sid"), function, "LATEST", "/code", "1", is_http=True)


@pytest.mark.parametrize(
    ("service", "runtime", "expected"),
    [
        (own_service("f"), "python3.10", True),
        (own_service("f"), "nodejs20", True),
        (own_service("f"), "custom", False),
        ("s", "python3.10", False),
    ],
)
def test_functions_of_the_newer_api_take_events(service: str, runtime: str, expected: bool):
    """Those of a service take HTTP calls as their runtime always did, and so do custom runtimes."""
    assert takes_events(deployed(service, runtime)) is expected


def test_case_21_a_request_is_the_v1_event():
    """Exactly the contract's members."""
    headers = (("user-agent", "curl"), ("accept", "a"), ("accept", "b"), ("cookie", "a=1"), ("cookie", "b=2"))
    http = HttpCall("GET", GET.path, GET.query, GET.request_uri, headers, "10.0.0.1", "f-abc.cn.example:7080")
    assert event(http) == {
        "version": "v1",
        "rawPath": "/x%20y",
        "headers": {"User-Agent": "curl", "Accept": "a,b", "Cookie": "a=1; b=2"},
        "queryParameters": {"a": "1,2", "b": ""},
        "body": "",
        "isBase64Encoded": False,
        "requestContext": {
            "accountId": "1",
            "domainName": "f-abc.cn.example",
            "domainPrefix": "f-abc",
            "requestId": "request-1",
            "time": "2023-11-14T22:13:20Z",
            "timeEpoch": "1700000000123",
            "http": {
                "method": "GET", "path": "/x y", "protocol": "HTTP/1.1", "sourceIp": "10.0.0.1", "userAgent": "curl",
            },
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "payload", "body", "encoded"),
    [
        ("application/json; charset=utf-8", b'{"a":1}', '{"a":1}', False),
        ("Text/Plain", "ü".encode(), "ü", False),
        ("text/plain", b"\xff", "/w==", True),
        ("image/png", b"text", "dGV4dA==", True),
        ("", b"text", "dGV4dA==", True),
    ],
)
def test_bodies_are_text_or_base64(kind: str, payload: bytes, body: str, encoded: bool):
    """Text is what says so and is; all else is base64."""
    http = HttpCall("POST", "/", "", "/", (("content-type", kind),))
    found = event(http, payload)
    assert (found["body"], found["isBase64Encoded"]) == (body, encoded)


def test_an_answer_is_an_object_with_a_status():
    """Status, headers (with repeats) and body are the handler's."""
    returned = {"statusCode": 201, "headers": {"X-A": "1", "Set-Cookie": ["a=1", "b=2"], "X-N": 5}, "body": "done"}
    read = read_answer(json.dumps(returned).encode())
    assert read.http == HttpAnswer(201, (("X-A", "1"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-N", "5")))
    assert read.body == b"done"


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        (b'{"a": 1}', "application/json"),
        (b"[1]", "application/json"),
        (b"hello", "text/plain; charset=utf-8"),
        (b"", "text/plain; charset=utf-8"),
        (b"\xff\x00", "application/octet-stream"),
    ],
)
def test_anything_else_is_a_body(payload: bytes, kind: str):
    """With status 200 and the type that it has."""
    read = read_answer(payload)
    assert (read.http, read.body) == (HttpAnswer(200, (("Content-Type", kind),)), payload)


@pytest.mark.parametrize(
    ("returned", "message"),
    [
        ({"statusCode": "200"}, "statusCode"),
        ({"statusCode": True}, "statusCode"),
        ({"statusCode": 200, "headers": []}, "headers"),
        ({"statusCode": 200, "isBase64Encoded": True, "body": "no base64!"}, "base64"),
        ({"statusCode": 200, "isBase64Encoded": True, "body": 5}, "base64"),
    ],
)
def test_an_answer_that_is_none_says_why(returned: dict, message: str):
    """The member that is wrong is named."""
    with pytest.raises(BadAnswer, match=message):
        read_answer(json.dumps(returned).encode())


@pytest.mark.parametrize(("body", "sent"), [(None, b""), ({"a": 1}, b'{"a":1}'), (5, b"5")])
def test_a_body_that_is_no_text_is_json(body: Any, sent: bytes):
    """Handlers forget to write it."""
    assert read_answer(json.dumps({"statusCode": 200, "body": body}).encode()).body == sent


@given(st.binary(), st.sampled_from(["text/plain", "application/json", "image/png", ""]))
def test_no_body_is_changed(payload: bytes, kind: str):
    """What arrives can be had from the event, byte for byte; sent back the same way, it is the answer."""
    found = event(HttpCall("POST", "/", "", "/", (("content-type", kind),)), payload)
    body = found["body"]
    assert (b64decode(body) if found["isBase64Encoded"] else body.encode()) == payload
    returned = {"statusCode": 200, "isBase64Encoded": found["isBase64Encoded"], "body": body}
    assert read_answer(json.dumps(returned).encode()).body == payload


@given(st.binary())
def test_whatever_is_returned_is_read(payload: bytes):
    """Any bytes are an answer, or are refused by name."""
    try:
        read = read_answer(payload)
    except BadAnswer:
        return
    assert read.http.status == 200 or b"statusCode" in payload


@given(st.text(st.characters(codec="utf-8", exclude_characters="?"), max_size=20), st.sampled_from(["", "/proxy/f"]))
def test_the_raw_path_is_what_was_sent(path: str, prefix: str):
    """The prefix goes, the encoding stays."""
    sent = quote(f"/{path}")
    assert raw_path(HttpCall("GET", f"/{path}", "", f"{prefix}{sent}?q=/{path}", ())) == sent


@given(st.binary(max_size=64))
def test_base64_bodies_come_back(payload: bytes):
    """Binary answers are what was encoded."""
    returned = {"statusCode": 200, "isBase64Encoded": True, "body": b64encode(payload).decode()}
    assert read_answer(json.dumps(returned).encode()).body == payload

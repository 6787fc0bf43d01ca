"""HTTP calls as events: how FC 3.0 gives a request to a function of a built-in runtime, and reads what comes back.

Its handlers know events alone. A request becomes the JSON document "v1"; what the handler returns is an answer if it is
an object with `statusCode`, else the body of an answer. Source: fc contract 3.6.
"""

import binascii
import datetime as dt
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, quote, unquote

import msgspec

from liuyun.model.function import Deployed, is_own
from liuyun.model.invocation import HttpAnswer, HttpCall, Invocation

BUILT_IN = ("python", "nodejs")
TEXTS = ("text/", "application/json", "application/xml", "application/javascript", "application/x-www-form-urlencoded")
JSON, TEXT, BYTES = "application/json", "text/plain; charset=utf-8", "application/octet-stream"


class BadAnswer(Exception):
    """The handler returned an object with a `statusCode` that is no answer all the same."""


@dataclass(frozen=True, slots=True)
class Read:
    http: HttpAnswer
    body: bytes


def takes_events(deployed: Deployed) -> bool:
    """Whether an HTTP call is an event to this function."""
    return is_own(deployed.service.name) and deployed.function.runtime.startswith(BUILT_IN)


def event_of(http: HttpCall, invocation: Invocation, now_ms: int) -> bytes:
    body, is_base64 = text_of(invocation.payload, http.headers)
    domain = http.host.partition(":")[0]
    return msgspec.json.encode(
        {
            "version": "v1",
            "rawPath": raw_path(http),
            "headers": joined((canonical(name), value) for name, value in http.headers),
            "queryParameters": joined(parse_qsl(http.query, keep_blank_values=True)),
            "body": body,
            "isBase64Encoded": is_base64,
            "requestContext": {
                "accountId": invocation.account_id,
                "domainName": domain,
                "domainPrefix": domain.partition(".")[0],
                "requestId": invocation.request_id,
                "time": instant(now_ms),
                "timeEpoch": str(now_ms),
                "http": {
                    "method": http.method,
                    "path": http.path,
                    "protocol": "HTTP/1.1",
                    "sourceIp": http.client_ip,
                    "userAgent": first(http.headers, "user-agent"),
                },
            },
        }
    )


def raw_path(http: HttpCall) -> str:
    """The path after the function's prefix, as it was sent: the end of the target that decodes to `path`."""
    sent = http.request_uri.partition("?")[0]
    start = 0
    while start >= 0:
        if unquote(sent[start:]) == http.path:
            return sent[start:]
        start = sent.find("/", start + 1)
    return quote(http.path)


def canonical(name: str) -> str:
    """`content-type` as `Content-Type`."""
    return "-".join(part.capitalize() for part in name.split("-"))


def joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Values of a name that comes several times, joined: cookies as a client joins them, others by a comma."""
    found: dict[str, str] = {}
    for name, value in pairs:
        between = "; " if name == "Cookie" else ","
        found[name] = f"{found[name]}{between}{value}" if name in found else value
    return found


def first(headers: Iterable[tuple[str, str]], wanted: str) -> str:
    return next((value for name, value in headers if name.lower() == wanted), "")


def text_of(payload: bytes, headers: Iterable[tuple[str, str]]) -> tuple[str, bool]:
    """The body as the event has it, and whether it is in base64: all that isn't text by its type and in fact."""
    kind = first(headers, "content-type").lower().strip()
    if not payload:
        return "", False
    if kind.startswith(TEXTS):
        try:
            return payload.decode(), False
        except UnicodeDecodeError:
            pass
    return b64encode(payload).decode(), True


def instant(now_ms: int) -> str:
    moment = dt.datetime.fromtimestamp(now_ms / 1000, dt.UTC)
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def read_answer(payload: bytes) -> Read:
    """What the caller gets. Raises BadAnswer."""
    try:
        value: Any = msgspec.json.decode(payload)
    except (msgspec.DecodeError, RecursionError):
        return Read(HttpAnswer(200, (("Content-Type", TEXT if is_text(payload) else BYTES),)), payload)
    if not isinstance(value, dict) or "statusCode" not in value:
        return Read(HttpAnswer(200, (("Content-Type", JSON),)), payload)
    answer = cast("dict[str, Any]", value)
    status = answer["statusCode"]
    if not isinstance(status, int) or isinstance(status, bool):
        raise BadAnswer("'statusCode' in what the function returned must be a whole number")
    return Read(HttpAnswer(status, tuple(headers_of(answer.get("headers")))), body_of(answer))


def is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError:
        return False
    return True


def headers_of(headers: Any) -> list[tuple[str, str]]:
    """A list of values is a header that comes several times."""
    if headers is None:
        return []
    if not isinstance(headers, dict):
        raise BadAnswer("'headers' in what the function returned must be an object")
    found: list[tuple[str, str]] = []
    for name, value in cast("dict[str, Any]", headers).items():
        values = cast("list[Any]", value) if isinstance(value, list) else [value]
        found += [(name, each if isinstance(each, str) else written(each)) for each in values]
    return found


def body_of(answer: dict[str, Any]) -> bytes:
    body = answer.get("body", "")
    if answer.get("isBase64Encoded") is True:
        try:
            return b64decode(body, validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise BadAnswer("'body' in what the function returned must be base64: isBase64Encoded is true") from None
    return b"" if body is None else (body if isinstance(body, str) else written(body)).encode()


def written(value: Any) -> str:
    return msgspec.json.encode(value).decode()

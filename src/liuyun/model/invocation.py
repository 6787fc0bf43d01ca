"""One call of a function and what came of it.

A few of these are made in every call, so they are structs: a frozen dataclass takes ten times as long to make.
"""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import msgspec

from liuyun.errors import Phrase


class HttpCall(msgspec.Struct, frozen=True):
    """The HTTP request behind an invocation; its body is the invocation's payload.

    `path` is decoded and begins after the function's prefix; `request_uri` is path and query as sent.
    """

    method: str
    path: str
    query: str
    request_uri: str
    headers: tuple[tuple[str, str], ...]
    client_ip: str = ""
    host: str = ""


class Invocation(msgspec.Struct, frozen=True):
    """With a `body`, that is what is sent, as it comes, and the payload is empty; only some runtimes take it. With
    `upgrade` the caller offers to go on as a WebSocket, and the body is what it sends then. `target` is the path and
    query that a server is asked for, if it isn't the HTTP call's `request_uri`.
    """

    account_id: str
    service: str
    function: str
    payload: bytes
    request_id: str
    qualifier: str = ""  # as the caller gave it: "", "LATEST", an alias or a version
    http: HttpCall | None = None
    tail_log: bool = False
    retry_count: int = 0
    source: str = "api"  # who caused it: api, http, mns_topic, timer, flow …; for logs and metrics
    trigger: str = ""  # the id of the trigger that caused it, if it has one of its own
    caused_at: int = 0  # when that happened which caused it; 0: it is called as it happens
    traceparent: str = ""  # the caller's trace, as it sent it (W3C Trace Context)
    tracing: Mapping[str, str] = {}
    body: AsyncIterator[bytes] | None = None
    upgrade: bool = False
    target: str = ""


class HttpAnswer(msgspec.Struct, frozen=True):
    status: int
    headers: tuple[tuple[str, str], ...]


class InvocationResult(msgspec.Struct, frozen=True):
    """`error_type` is None on success, else `HandledInvocationError` or `UnhandledInvocationError`; the payload is then
    the vendor's error document (`errorMessage`, and `errorType` and `stackTrace` where the handler raised).

    `log_tail` holds the last 4 KB of the invocation's log when it was asked for, else an empty text. With a `body` the
    payload is empty: the function still sends. Whoever takes it must read it to its end or close it (`aclose`).
    `why` is the error document's message where the platform wrote it.
    """

    payload: bytes
    error_type: str | None
    request_id: str
    instance_id: str
    version_id: str
    code_checksum: str
    duration_ms: float
    memory_mb: float
    cold_start: bool = False
    http: HttpAnswer | None = None
    log_tail: str = ""
    body: AsyncIterator[bytes] | None = None
    why: Phrase | None = None


def told(document: bytes) -> str:
    """What a function's error document says."""
    try:
        found: Any = json.loads(document)
        return str(found["errorMessage"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return document[:1024].decode(errors="replace")

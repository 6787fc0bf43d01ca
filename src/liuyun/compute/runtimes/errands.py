"""What a function that is a command is asked to do, and the headers that tell it. Source: fc contract 3.3, 3.5."""

import re
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any
from urllib.parse import parse_qs

import msgspec

from liuyun.compute.core.lifecycle import Phase, hooks_of
from liuyun.compute.outcome import Answered, Reply
from liuyun.compute.runtimes.environment import Credentials
from liuyun.model.function import Deployed
from liuyun.model.invocation import HttpCall, Invocation

UNSENDABLE = re.compile(r"[\r\n\0]")
HTTP_PARAMS = "x-fc-http-params"
MOST_FIELDS = 1000
Pairs = list[tuple[str, str]]


class Kind(IntEnum):
    """The numbers are the vendor's x-fc-function-type."""

    INVOKE = 0
    INITIALIZE = 1
    PRE_STOP = 2
    PRE_FREEZE = 3


PATHS = {Kind.INVOKE: "/invoke", Kind.INITIALIZE: "/initialize", Kind.PRE_STOP: "/pre-stop",
         Kind.PRE_FREEZE: "/pre-freeze"}  # fmt: skip
PHASES = {Phase.PRE_STOP: Kind.PRE_STOP, Phase.PRE_FREEZE: Kind.PRE_FREEZE}
HTTP_INVOKE = "/http-invoke"


@dataclass(frozen=True, slots=True)
class Errand:
    """One thing to do. `headers` are the vendor's, complete; `deadline` is when it must be done."""

    number: int
    kind: Kind
    request_id: str
    headers: Pairs
    deadline: int
    invocation: Invocation | None = None

    @property
    def http(self) -> HttpCall | None:
        return self.invocation.http if self.invocation else None

    @property
    def payload(self) -> bytes:
        return self.invocation.payload if self.invocation else b""


@dataclass(frozen=True, slots=True)
class Errands:
    """Makes errands for one instance, whose facts stand in `fixed`."""

    deployed: Deployed
    fixed: Pairs

    def of(self, number: int, kind: Kind, request_id: str, deadline: int) -> Errand:
        headers = [*self.fixed, *changing(kind, request_id, PATHS[kind], self.deployed.version_id, deadline)]
        return Errand(number, kind, request_id, headers, deadline)

    def of_call(self, number: int, invocation: Invocation, deadline: int) -> Errand:
        path = HTTP_INVOKE if invocation.http else PATHS[Kind.INVOKE]
        qualifier = invocation.qualifier or self.deployed.version_id
        headers = [*self.fixed, *changing(Kind.INVOKE, invocation.request_id, path, qualifier, deadline)]
        headers.append(("x-fc-retry-count", str(invocation.retry_count)))
        headers += [(name, clean(value)) for name, value in invocation.tracing.items()]
        return Errand(number, Kind.INVOKE, invocation.request_id, headers, deadline, invocation)


def changing(kind: Kind, request_id: str, control_path: str, qualifier: str, deadline: int) -> Pairs:
    return [
        ("x-fc-request-id", request_id),
        ("x-fc-function-type", str(kind.value)),
        ("x-fc-control-path", control_path),
        ("x-fc-qualifier", clean(qualifier)),
        ("x-fc-function-deadline", str(deadline)),
    ]


def fixed_headers(deployed: Deployed, region: str, instance_id: str, credentials: Credentials | None) -> Pairs:
    function = deployed.function
    hooks = hooks_of(function)
    log: Mapping[str, Any] = deployed.service.config.get("logConfig") or {}
    headers = {
        "x-fc-account-id": function.account_id,
        "x-fc-region": region,
        "x-fc-instance-id": instance_id,
        "x-fc-service-name": function.service,
        "x-fc-service-logproject": log.get("project", ""),
        "x-fc-service-logstore": log.get("logstore", ""),
        "x-fc-version-id": deployed.version_id,
        "x-fc-function-name": function.name,
        "x-fc-function-handler": function.handler,
        "x-fc-function-memory": function.memory_mb,
        "x-fc-function-timeout": function.timeout_s,
        "x-fc-function-initializer": function.initializer,
        "x-fc-initialization-timeout": function.initialization_timeout_s,
        "x-fc-instance-lifecycle-pre-stop-handler": hooks[Phase.PRE_STOP].handler if Phase.PRE_STOP in hooks else "",
        "x-fc-instance-lifecycle-pre-freeze-handler": hooks[Phase.PRE_FREEZE].handler
        if Phase.PRE_FREEZE in hooks
        else "",
        "x-fc-access-key-id": credentials.access_key_id if credentials else "",
        "x-fc-access-key-secret": credentials.access_key_secret if credentials else "",
        "x-fc-security-token": credentials.security_token if credentials else "",
    }
    return [(name, clean(str(value))) for name, value in headers.items()]


def clean(value: str) -> str:
    """As it can stand in a header: what an owner wrote into a configuration may be anything."""
    return UNSENDABLE.sub(" ", value).encode("latin-1", "replace").decode("latin-1")


def http_params(http: HttpCall) -> str:
    """An HTTP request for functions that aren't HTTP servers."""
    headers: dict[str, list[str]] = {}
    for name, value in http.headers:
        headers.setdefault(name.title(), []).append(value)
    try:
        queries = parse_qs(http.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        queries = {}
    document = {
        "path": http.path,
        "method": http.method,
        "requestURI": http.request_uri,
        "clientIP": http.client_ip,
        "host": http.host,
        "headersMap": headers,
        "queriesMap": queries,
    }
    return b64encode(msgspec.json.encode(document)).decode()


class HttpResult(msgspec.Struct, rename="camel"):
    status: int = 200
    headers_map: dict[str, list[str]] = {}
    headers: dict[str, str] = {}


def http_reply(number: int, params: str) -> Reply:
    """What such a function answered to an HTTP request. Raises ValueError."""
    result = msgspec.json.decode(b64decode(params), type=HttpResult)
    headers = [(name, value) for name, values in result.headers_map.items() for value in values]
    return Reply(id=number, status=result.status, headers=headers or list(result.headers.items()))


def failed(number: int, message: str, kind: str = "") -> Answered:
    """A call that came to nothing, and why."""
    document = {"errorMessage": message, **({"errorType": kind} if kind else {})}
    return Answered(Reply(id=number, error=True), msgspec.json.format(msgspec.json.encode(document), indent=4))

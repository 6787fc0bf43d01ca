"""What a handler is given."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from liuyun.asynchronous.service import Asynchronous
from liuyun.catalog.catalog import Catalog
from liuyun.catalog.code import CodePackages
from liuyun.catalog.functions import Functions
from liuyun.catalog.own_functions import OwnFunctions
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.services import Services
from liuyun.errors import Invalid, Phrase
from liuyun.gateway.fc.code_links import CodeLinks
from liuyun.gateway.http import Request, Response
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.logs.invocation_records import InvocationRecords
from liuyun.model.configuration import Target
from liuyun.model.instance import ShownInstance
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.listing import Listing
from liuyun.model.provisioned import Provisioned
from liuyun.objects.uploads import Uploads
from liuyun.observability.traces import Traces
from liuyun.triggers.lifecycle import Triggers

MOST_FIELDS = 64
# A call without a task, and how to give it up; None if it needs one. See Observer.
BeginCall = Callable[[Invocation, Callable[[InvocationResult | Exception], None]], Callable[[], object] | None]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one of the three protocols says what all of them can say. Source: fc contract 0.

    `serviceless`: a function has no service that anybody sees, and owns what elsewhere its service owns.
    """

    version: str
    serviceless: bool = False
    qualifier_in_path: bool = False  # services/{service}.{qualifier}; else ?qualifier=
    config_as_text: bool = True  # triggerConfig is a text that holds JSON; else an object

    @property
    def prefix(self) -> str:
        return f"/{self.version}/"


V2016 = Dialect("2016-08-15", qualifier_in_path=True, config_as_text=False)
V2021 = Dialect("2021-04-06")
V2023 = Dialect("2023-03-30", serviceless=True)


@dataclass(frozen=True, slots=True)
class Platform:
    """The services behind the API."""

    catalog: Catalog
    triggers: Triggers
    links: CodeLinks
    logs: InvocationLogs
    records: InvocationRecords
    traces: Traces
    invoke: Callable[[Invocation], Awaitable[InvocationResult]]
    begin: BeginCall
    asynchronous: Asynchronous
    region: str
    provisioned: Callable[[Target], Provisioned]
    instances: Callable[[str, str, str], Sequence[ShownInstance]]  # of an account's service and function
    abort: Callable[[str, str, str, Phrase], None]  # the calls of an account's service and function, and why
    uploads: Uploads
    temporary: TemporaryCredentials
    code_bytes: int
    invocation_bytes: int
    tls_port: int  # 0: none is open

    @property
    def services(self) -> Services:
        return self.catalog.services

    @property
    def functions(self) -> Functions:
        return self.catalog.functions

    @property
    def own_functions(self) -> OwnFunctions:
        return self.catalog.own_functions

    @property
    def resolver(self) -> Resolver:
        return self.catalog.resolver

    @property
    def code(self) -> CodePackages:
        return self.catalog.code


@dataclass(slots=True)
class Call:
    """`names` are the parts that the path names, decoded. Where functions have no service, `service` is their own."""

    request: Request
    account_id: str
    names: Mapping[str, str]
    platform: Platform
    dialect: Dialect = V2016

    @property
    def if_match(self) -> str:
        return self.request.headers.get("if-match")

    def service_and_qualifier(self) -> tuple[str, str]:
        """The service, and the version that is meant; empty: the newest."""
        name = self.names["service"]
        if self.dialect.qualifier_in_path:
            service, _, qualifier = name.partition(".")
            return service, qualifier
        return name, self.query().get("qualifier", "") if self.request.query else ""

    def query(self) -> dict[str, str]:
        """The parameters of the URL; of a repeated one the last."""
        try:
            return dict(parse_qsl(self.request.query, keep_blank_values=True, max_num_fields=MOST_FIELDS))
        except ValueError:
            raise Invalid(f"the query must have at most {MOST_FIELDS} parameters") from None


def answer(call: Call, document: Any, *, status: int = 200, etag: str = "") -> Response:
    headers = [("Content-Type", "application/json"), ("X-Fc-Request-Id", call.request.request_id)]
    if etag:
        headers.append(("ETag", etag))
    return Response(status, msgspec.json.encode(document), headers)


def done(call: Call) -> Response:
    return Response(204, b"", [("X-Fc-Request-Id", call.request.request_id)])


def listing(query: Mapping[str, str], *, default: int = 20, high: int = 100) -> Listing:
    limit = integer(query, "limit", default, low=1, high=high)
    try:
        after = b64decode(query.get("nextToken", ""), altchars=b"-_", validate=True).decode()
    except ValueError:
        raise Invalid("nextToken must be one that an earlier answer gave") from None
    return Listing(limit=limit, prefix=query.get("prefix", ""), start=query.get("startKey", ""), after=after)


def next_token(key: str | None) -> dict[str, str]:
    """The nextToken member of a list's answer, which the last page doesn't have."""
    return {} if key is None else {"nextToken": urlsafe_b64encode(key.encode()).decode()}


def integer(query: Mapping[str, str], name: str, default: int, *, low: int, high: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) < 18 and low <= int(text) <= high):
        raise Invalid(f"{name} must be a whole number from {low} to {high}, but is '{text[:40]}'")
    return int(text)

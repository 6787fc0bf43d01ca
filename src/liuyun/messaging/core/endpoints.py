"""Where a subscription delivers to. Source: mns contract 4.

The region and the account in a resource name may be anything: a topic reaches queues and functions of its own account
only. Mail and text messages are not offered, and are refused when somebody subscribes them.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from liuyun.errors import EndpointInvalid
from liuyun.messaging.core.names import NAME

LONGEST = 2048
QUEUE = re.compile(r"acs:mns:[^:]*:[^:]*:/?queues/(?P<queue>[^/]+?)(?:/messages)?")
FUNCTION = re.compile(
    r"acs:fc:[^:]*:[^:]*:services/(?P<service>[A-Za-z_][\w-]*)(?:\.(?P<qualifier>[\w-]+))?/functions/(?P<function>[\w-]+)"
)


@dataclass(frozen=True, slots=True)
class HttpEndpoint:
    url: str
    target: str  # path and query as on the request line


@dataclass(frozen=True, slots=True)
class QueueEndpoint:
    queue: str


@dataclass(frozen=True, slots=True)
class FunctionEndpoint:
    service: str
    qualifier: str
    function: str


Endpoint = HttpEndpoint | QueueEndpoint | FunctionEndpoint


def parse(text: str) -> Endpoint:
    if len(text) > LONGEST:
        raise EndpointInvalid(
            "endpoint_long",
            "An endpoint has at most {longest} characters; this one has {count}.",
            longest=LONGEST,
            count=len(text),
        )
    if (queue := QUEUE.fullmatch(text)) and NAME.fullmatch(queue["queue"]):
        return QueueEndpoint(queue["queue"])
    if function := FUNCTION.fullmatch(text):
        return FunctionEndpoint(function["service"], function["qualifier"] or "", function["function"])
    if text.lower().startswith(("http://", "https://")):
        return parse_http(text)
    raise EndpointInvalid(
        "endpoint_unknown",
        "'{text}' is not an endpoint that this platform delivers to: use "
        "http://host[:port]/path, https://…, acs:mns:REGION:ACCOUNT:queues/QUEUE or "
        "acs:fc:REGION:ACCOUNT:services/SERVICE[.QUALIFIER]/functions/FUNCTION.",
        text=text[:200],
    )


def parse_http(text: str) -> HttpEndpoint:
    """Addresses of machines' metadata services (link-local) are refused: nothing but trouble is served there."""
    try:
        url = urlsplit(text)
        _ = url.port  # raises for one that is no number
    except ValueError as error:
        raise EndpointInvalid(
            "endpoint_unreadable", "'{text}' is not an address: {error}.", text=text[:200], error=error
        ) from None
    if not url.hostname or not text.isascii() or re.search(r"[\s\x00-\x1f]", text) or "@" in url.netloc:
        raise EndpointInvalid(
            "endpoint_form", "'{text}' is not an address of the form http://host[:port]/path.", text=text[:200]
        )
    if link_local(url.hostname):
        raise EndpointInvalid(
            "endpoint_link_local", "'{text}' is a link-local address; messages are not pushed there.", text=text[:200]
        )
    target = target_of(url)
    return HttpEndpoint(f"{url.scheme}://{url.netloc}{target}", target)


def target_of(url: SplitResult) -> str:
    path = url.path or "/notifications"  # the vendor's default
    return f"{path}?{url.query}" if url.query else path


def link_local(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False

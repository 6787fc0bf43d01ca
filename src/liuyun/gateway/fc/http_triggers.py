"""Functions behind URLs: `/proxy/{service}[.{qualifier}]/{function}/{path}`. Source: fc contract 3.2, triggers 2.1.

Whether a request must be signed is the trigger's to say, so these URLs are open to the pipeline and checked here. A
body that isn't short is handed on as it comes; who needs it whole reads it.
"""

from collections.abc import AsyncIterator
from itertools import chain
from urllib.parse import unquote

from msgspec.structs import replace

from liuyun.errors import Invalid, PlatformError
from liuyun.gateway.fc.asynchronous import accept, is_asynchronous
from liuyun.gateway.fc.call import Call, Platform
from liuyun.gateway.fc.http_answers import HEADER_BYTES, OF_THE_CONNECTION, response
from liuyun.gateway.fc.invoking import tracing, wants_tail
from liuyun.gateway.http import Request, Response, close
from liuyun.http1.length import length_of
from liuyun.model.invocation import HttpCall, Invocation
from liuyun.triggers.http import admit

TARGET_BYTES = 4 * 1024
SHORT_BYTES = 64 * 1024
WHOLE = "body read"  # among a request's facts
SECURE, FORWARDED_PROTO = "https", "x-forwarded-proto"


async def must_be_signed(platform: Platform, account_id: str, names: dict[str, str], request: Request) -> bool:
    """Raises TriggerRefused if the request may not pass even so."""
    service, _, qualifier = names["service"].partition(".")
    trigger = await platform.resolver.http_trigger(account_id, service, qualifier, names["function"])
    return admit(trigger, request.method)


async def invoke_http(call: Call) -> Response:
    request = call.request
    if is_asynchronous(request.headers):
        if WHOLE not in request.facts:
            await request.read(call.platform.invocation_bytes)
        return await accept(call, invocation_of(call, None))
    body = await body_of(call)
    if request.raw is None:  # else its client leaves when the conversation is over
        request.cancel_when_gone()
    result = await call.platform.invoke(invocation_of(call, body))
    if body is not None and body.failure is not None:
        await close(result.body)
        raise body.failure
    answer = response(result, request)
    if answer.body is not result.body:
        await close(result.body)
    return answer


def invocation_of(call: Call, body: "Body | None") -> Invocation:
    request = call.request
    service, _, qualifier = call.names["service"].partition(".")  # the query is the function's own
    return Invocation(
        account_id=call.account_id,
        service=service,
        function=call.names["function"],
        payload=request.body,
        request_id=request.request_id,
        qualifier=qualifier,
        http=http_call(request, call.names.get("rest", "/")),
        tail_log=wants_tail(request.headers),
        source="http",
        traceparent=request.headers.get("traceparent"),
        tracing=tracing(request.headers),
        body=body,
        target=rewritten(request, call.names.get("rest", "/")),
        upgrade=request.raw is not None,
    )


def rewritten(request: Request, raw_path: str) -> str:
    """On a custom domain, the path that its routes made of the request's."""
    if "domain" not in request.facts:
        return ""
    return f"{raw_path}?{request.query}" if request.query else raw_path


async def body_of(call: Call) -> "Body | None":
    """None if all of it is in the request now. Raises TooLarge or Disconnected."""
    request, limit = call.request, call.platform.invocation_bytes
    if WHOLE in request.facts:
        return None
    if request.raw is not None:
        return Body(converse(request))
    length = length_of(request.headers.get("content-length")) or 0
    if "transfer-encoding" in request.headers or length > SHORT_BYTES:
        request.check_length(limit)
        return Body(request.parts(limit))
    await request.read(limit)
    return None


class Body:
    """A body as it comes. `failure` is why it came to no end, if it is the sender's fault."""

    def __init__(self, pieces: AsyncIterator[bytes]) -> None:
        self.failure: PlatformError | None = None
        self._pieces = pieces

    def __aiter__(self) -> "Body":
        return self

    async def __anext__(self) -> bytes:
        try:
            return await anext(self._pieces)
        except PlatformError as error:
            self.failure = error
            raise


async def converse(request: Request) -> AsyncIterator[bytes]:
    """What the client sends once it may go on as a WebSocket."""
    assert request.raw is not None, "it offered to"
    while data := await request.raw():
        yield data


def forwarded(headers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """A function sees plain HTTP, and by this header that its caller doesn't. Elsewhere it is for a proxy to say."""
    return (*(header for header in headers if header[0] != FORWARDED_PROTO), (FORWARDED_PROTO, SECURE))


def http_call(request: Request, raw_path: str) -> HttpCall:
    target = request.target
    if len(target) > TARGET_BYTES:
        raise Invalid(f"the path and query must have at most {TARGET_BYTES} bytes, but have {len(target)}")
    headers = tuple(
        [
            (name, value)
            for name, value in request.headers.raw
            if name not in OF_THE_CONNECTION and not name.startswith("x-fc-")
        ]
    )
    if request.scheme == SECURE:
        headers = forwarded(headers)
    size = sum(map(len, chain.from_iterable(headers)))
    if size > HEADER_BYTES:
        raise Invalid(f"the headers must have at most {HEADER_BYTES} bytes, but have {size}")
    return HttpCall(
        method=request.method,
        path=unquote(raw_path) if "%" in raw_path else raw_path,
        query=request.query,
        request_uri=target,
        headers=headers,
        client_ip=request.client_ip,
        host=request.headers.get("host"),
    )


def http_call_again(http: HttpCall | None, request: Request) -> HttpCall | None:
    """The same for a request of the same kind, in which only values differ; None where that takes more than to copy.

    They needn't be measured: heads of the same kind are shorter than HEADER_BYTES.
    """
    headers = request.headers.raw
    if http is None or request.scheme == SECURE or request.query != http.query or len(headers) != len(http.headers):
        return None
    return replace(http, headers=tuple(headers))

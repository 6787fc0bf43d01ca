"""Functions behind URLs: `/proxy/{service}[.{qualifier}]/{function}/{path}`. Source: fc contract 3.2, triggers 2.1.

Whether a request must be signed is the trigger's to say, so these URLs are open to the pipeline and checked here.
"""

from urllib.parse import unquote

from liuyun.errors import Invalid
from liuyun.gateway.fc.asynchronous import accept, is_asynchronous
from liuyun.gateway.fc.call import Call, Platform
from liuyun.gateway.fc.errors import answer_error
from liuyun.gateway.fc.invoking import facts, tracing, wants_tail
from liuyun.gateway.http import Request, Response, close
from liuyun.model.invocation import HttpAnswer, HttpCall, Invocation, InvocationResult
from liuyun.triggers.http import admit

HEADER_BYTES = 8 * 1024
TARGET_BYTES = 4 * 1024
# About one connection, not about the message (RFC 9110, 7.6.1). A function that could say how its answer is framed
# could make a client take part of it for another answer.
OF_THE_CONNECTION = frozenset({
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"
})  # fmt: skip
DROPPED_FROM_ANSWERS = OF_THE_CONNECTION | {"content-length", "date", "server"}
BODILESS = frozenset({204, 304})


async def must_be_signed(platform: Platform, account_id: str, names: dict[str, str], request: Request) -> bool:
    """Raises TriggerRefused if the request may not pass even so."""
    service, _, qualifier = names["service"].partition(".")
    trigger = await platform.resolver.http_trigger(account_id, service, qualifier, names["function"])
    return admit(trigger, request.method)


async def invoke_http(call: Call) -> Response:
    request = call.request
    service, _, qualifier = call.names["service"].partition(".")
    invocation = Invocation(
        account_id=call.account_id,
        service=service,
        function=call.names["function"],
        payload=request.body,
        request_id=request.request_id,
        qualifier=qualifier,
        http=http_call(request, call.names.get("rest", "/")),
        tail_log=wants_tail(request.headers),
        source="http",
        tracing=tracing(request.headers),
    )
    if is_asynchronous(request.headers):
        return await accept(call, invocation)
    result = await call.platform.invoke(invocation)
    answer = response(result, request)
    if result.body is not None and answer.body is not result.body:
        await close(result.body)
    return answer


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
    size = sum([len(name) + len(value) for name, value in headers])
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


def response(result: InvocationResult, request: Request) -> Response:
    """What the function answered; 502 and its error document where it failed."""
    http = result.http
    if http is None:
        return Response(502, result.payload, [*facts(result), ("Content-Type", "application/json")])
    if problem := problem_of(http):
        return answer_error(502, "BadResponse", problem, request)
    body = b"" if http.status in BODILESS else result.body or result.payload
    return Response(http.status, body, answered_headers(result, http))


def problem_of(http: HttpAnswer) -> str:
    """Why a function's answer can't be sent on; empty if it can."""
    if not 200 <= http.status <= 599:
        return f"the function answered with the status {http.status}; it must be from 200 to 599"
    size = 0
    for name, value in http.headers:
        size += len(name) + len(value)
        if not (name.isascii() and sendable(name) and sendable(value)):
            return f"the function answered with a header that can't be sent: '{name[:80]}'"
    return f"the function's response headers must have at most {HEADER_BYTES} bytes" if size > HEADER_BYTES else ""


def sendable(text: str) -> bool:
    return "\n" not in text and "\r" not in text and "\0" not in text and (text.isascii() or max(text) <= "\xff")


def answered_headers(result: InvocationResult, http: HttpAnswer) -> list[tuple[str, str]]:
    """Under this domain, which is everybody's, a browser shall save and not show (fc contract 3.2)."""
    headers = facts(result)
    attached = False
    for name, value in http.headers:
        lower = name.lower()
        if lower in DROPPED_FROM_ANSWERS or lower.startswith("x-fc-"):
            continue
        if lower == "content-disposition":
            attached = value.lower().startswith("attachment")
            if not attached:
                continue
        headers.append((name, value))
    if not attached:
        headers.append(("Content-Disposition", "attachment"))
    return headers

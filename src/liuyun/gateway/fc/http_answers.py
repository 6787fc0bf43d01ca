"""What a function answered to an HTTP request, as it goes out. Source: fc contract 3.2."""

from itertools import chain

from liuyun.gateway.fc.errors import answer_error
from liuyun.gateway.fc.invoking import facts
from liuyun.gateway.http import Request, Response
from liuyun.model.invocation import HttpAnswer, InvocationResult

HEADER_BYTES = 8 * 1024
# About one connection, not about the message (RFC 9110, 7.6.1). A function that could say how its answer is framed
# could make a client take part of it for another answer.
OF_THE_CONNECTION = frozenset({
    "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade"
})  # fmt: skip
DROPPED_FROM_ANSWERS = OF_THE_CONNECTION | {"content-length", "date", "server"}
BODILESS = frozenset({204, 304})
SWITCHING = 101


def response(result: InvocationResult, request: Request) -> Response:
    """What the function answered; 502 and its error document where it failed."""
    http = result.http
    if http is None:
        return Response(502, result.payload, [*facts(result), ("Content-Type", "application/json")])
    if problem := problem_of(http, request):
        return answer_error(502, "BadResponse", problem, request)
    body = b"" if http.status in BODILESS else result.body or result.payload
    headers = answered_headers(result, http, shared="domain" not in request.facts)
    if http.status == SWITCHING:
        headers += [("Upgrade", "websocket")]
    framed = result.body is not None or request.method == "HEAD"
    if framed and (length := next((value for name, value in http.headers if name == "content-length"), "")):
        return Response(http.status, body, [*headers, ("Content-Length", length)], framed=True)
    return Response(http.status, body, headers)


def problem_of(http: HttpAnswer, request: Request) -> str:
    """Why a function's answer can't be sent on; empty if it can."""
    if not 200 <= http.status <= 599 and not (http.status == SWITCHING and request.raw is not None):
        return f"the function answered with the status {http.status}; it must be from 200 to 599"
    text = "".join(chain.from_iterable(http.headers))
    if len(text) <= HEADER_BYTES and text.isascii() and sendable(text):  # nearly always
        return ""
    size = 0
    for name, value in http.headers:
        size += len(name) + len(value)
        if not (name.isascii() and sendable(name) and sendable(value)):
            return f"the function answered with a header that can't be sent: '{name[:80]}'"
    return f"the function's response headers must have at most {HEADER_BYTES} bytes" if size > HEADER_BYTES else ""


def sendable(text: str) -> bool:
    return "\n" not in text and "\r" not in text and "\0" not in text and (text.isascii() or max(text) <= "\xff")


def answered_headers(result: InvocationResult, http: HttpAnswer, *, shared: bool) -> list[tuple[str, str]]:
    """Under the platform's domain, which all functions share, a browser shall save and not show (fc contract 3.2)."""
    headers = facts(result)
    attached = not shared
    for name, value in http.headers:
        lower = name.lower()
        if lower in DROPPED_FROM_ANSWERS or lower.startswith("x-fc-"):
            continue
        if shared and lower == "content-disposition":
            attached = value.lower().startswith("attachment")
            if not attached:
                continue
        headers.append((name, value))
    if not attached and http.status != SWITCHING:
        headers.append(("Content-Disposition", "attachment"))
    return headers

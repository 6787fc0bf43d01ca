"""Calling a function over HTTP: the headers of a call and of its answer. Source: fc contract 1.7.

This is the warm path: no models, no regular expressions, no disk.
"""

from base64 import b64encode

from liuyun.errors import Invalid
from liuyun.gateway.fc.asynchronous import accept, is_asynchronous
from liuyun.gateway.fc.call import Call
from liuyun.gateway.http import Headers, Response
from liuyun.model.invocation import Invocation, InvocationResult

TAIL_BYTES = 4096
TRACING = "x-fc-tracing-"
EXPOSED = (
    "Access-Control-Expose-Headers",
    (
        "Date,x-fc-request-id,x-fc-error-type,x-fc-code-checksum,x-fc-invocation-duration,x-fc-max-memory-usage,"
        "x-fc-log-result,x-fc-invocation-code-version"
    ),
)


async def invoke_function(call: Call) -> Response:
    """A signed call with an event: what the function returns, or its error, with 200; 202 if it is to run later."""
    invocation = event_call(call)
    if is_asynchronous(call.request.headers):
        return await accept(call, invocation)
    call.request.cancel_when_gone()
    return event_answer(await call.platform.invoke(invocation))


def event_call(call: Call) -> Invocation:
    request = call.request
    headers = request.headers
    service, qualifier = call.service_and_qualifier()
    return Invocation(
        account_id=call.account_id,
        service=service,
        function=call.names["function"],
        payload=request.body,
        request_id=request.request_id,
        qualifier=qualifier,
        tail_log=wants_tail(headers),
        traceparent=headers.get("traceparent"),
        tracing=tracing(headers),
    )


def event_answer(result: InvocationResult) -> Response:
    answered = facts(result)
    media_type = "application/octet-stream" if result.error_type is None else "application/json"
    answered.append(("Content-Type", media_type))
    return Response(200, result.payload, answered)


def wants_tail(headers: Headers) -> bool:
    kind = headers.get("x-fc-log-type", "None").lower()
    if kind not in {"none", "tail"}:
        raise Invalid(f"X-Fc-Log-Type must be None or Tail, but is '{kind[:40]}'")
    return kind == "tail"


def tracing(headers: Headers) -> dict[str, str]:
    return {name: value for name, value in headers.raw if name.startswith(TRACING)}


def facts(result: InvocationResult) -> list[tuple[str, str]]:
    """What the answer to any kind of call says about it."""
    headers = [
        ("X-Fc-Request-Id", result.request_id),
        ("X-Fc-Instance-Id", result.instance_id),
        ("X-Fc-Code-Checksum", result.code_checksum),
        ("X-Fc-Invocation-Duration", str(round(result.duration_ms))),
        ("X-Fc-Max-Memory-Usage", f"{result.memory_mb:.2f}"),
        ("X-Fc-Invocation-Service-Version", result.version_id),
        EXPOSED,
    ]
    if result.error_type is not None:
        headers.append(("X-Fc-Error-Type", result.error_type))
    if result.log_tail:
        headers.append(("X-Fc-Log-Result", b64encode(result.log_tail.encode()[-TAIL_BYTES:]).decode()))
    return headers

"""Calling a function by hand, and how its calls went."""

from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Query

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import (
    Call,
    CallResult,
    HeaderView,
    HttpAnswerView,
    HttpPart,
    LogLines,
    LogLineView,
    Records,
    RecordView,
    SpanView,
    TheFunction,
    TraceView,
)
from liuyun.gateway.console.guard import Anybody, Operator, ThePlatform
from liuyun.gateway.http import close
from liuyun.logs.chunks import Wanted as WantedLines
from liuyun.logs.invocation_records import LAST
from liuyun.model.invocation import HttpAnswer, HttpCall, Invocation, InvocationResult
from liuyun.model.record import Outcome, Wanted
from liuyun.observability.spans import spans

router = ConsoleRouter(prefix="/api/functions", tags=["functions"])
SHOWN_BYTES = 1024 * 1024
CONSOLE = "console"
MOST = 1000
MOST_MS = 24 * 3600 * 1000  # no call may take longer
MOST_TRIES, MOST_SPANS = 20, 500  # of one trace that are shown
Instant = Annotated[int, Query(ge=0, le=2**50)]
RequestId = Annotated[str, Query(alias="requestId", max_length=128, description="Only this invocation.")]


@router.post("/{service}/{function}/invocations", summary="Call a function", operation_id="invokeFunction")
async def invoke(at: TheFunction, given: Call, caller: Operator, parts: ThePlatform) -> CallResult:
    call = Invocation(
        account_id=parts.account_id,
        service=at.service,
        function=at.function,
        payload=given.payload.encode(),
        request_id=caller.request_id,
        qualifier=given.qualifier,
        http=given.http and http_call(given.http, caller.ip),
        tail_log=True,
        source=CONSOLE,
    )
    await caller.did(parts.audit, "InvokeFunction", str(at), qualifier=given.qualifier)
    result = await parts.functions.invoke(call)
    return shown(result, *await payload_of(result))


def searched(
    *,
    outcome: Outcome | None = None,
    request_id: RequestId = "",
    source: Annotated[str, Query(max_length=64, description="Only what this caused: api, http, timer …")] = "",
    qualifier: Annotated[str, Query(max_length=128, description="Called by this alias, or run by this version.")] = "",
    cold: Annotated[bool | None, Query(description="Whether it waited for a new instance.")] = None,
    longer_ms: Annotated[float, Query(alias="longerMs", ge=0, le=MOST_MS, description="Only what ran longer.")] = 0,
    since: Instant = 0,
    until: Instant = 0,
) -> Wanted:
    return Wanted(
        outcome=outcome,
        since=since,
        until=until,
        request_id=request_id,
        source=source,
        qualifier=qualifier,
        cold=cold,
        longer_ms=longer_ms,
    )


@router.get("/{service}/{function}/invocations", summary="Its calls, the newest first", operation_id="listInvocations")
async def list_invocations(
    *,
    at: TheFunction,
    _: Anybody,
    parts: ThePlatform,
    wanted: Annotated[Wanted, Depends(searched)],
    before: Annotated[
        int, Query(ge=0, le=LAST, description="From those on that came before; of the last page.")
    ] = LAST,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> Records:
    source = parts.account_id, at.service, at.function
    page = await parts.functions.records.page(source, wanted, limit=limit, before=before)
    return Records(records=[RecordView.model_validate(record) for record in page.records], before=page.before)


@router.get("/{service}/{function}/trace", summary="The spans of a call, from its trigger to its handler",
            operation_id="getTrace")  # fmt: skip
async def get_trace(
    at: TheFunction,
    _: Anybody,
    parts: ThePlatform,
    request_id: Annotated[str, Query(alias="requestId", min_length=1, max_length=128)],
) -> TraceView:
    """With those of other functions that belong to the same trace, as far as they are among the latest."""
    source = parts.account_id, at.service, at.function
    tries = await parts.functions.records.latest(source, Wanted(request_id=request_id), limit=MOST_TRIES)
    found = {span.span_id: span for record in tries for span in spans(record)}
    for trace_id in {span.trace_id for span in found.values()}:
        found |= {span.span_id: span for span in parts.functions.traces.find(parts.account_id, trace_id=trace_id)}
    ordered = sorted(found.values(), key=lambda span: (span.began_at, -span.ended_at))
    return TraceView(spans=[SpanView.model_validate(span) for span in ordered[:MOST_SPANS]])


@router.get("/{service}/{function}/logs", summary="The last lines of a log", operation_id="getFunctionLog")
async def get_log(
    *,
    at: TheFunction,
    _: Anybody,
    parts: ThePlatform,
    request_id: RequestId = "",
    contains: Annotated[str, Query(max_length=256)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 500,
) -> LogLines:
    wanted = WantedLines(request_id=request_id, contains=contains)
    page = await parts.functions.logs.query((parts.account_id, at.service, at.function), wanted, limit=limit)
    return LogLines(lines=[LogLineView.model_validate(line) for line in page.lines])


def http_call(given: HttpPart, ip: str) -> HttpCall:
    target = f"{given.path}?{given.query}" if given.query else given.path
    headers = tuple((name.lower(), value) for name, value in given.headers.items())
    return HttpCall(given.method, unquote(given.path), given.query, target, headers, client_ip=ip, host="console")


async def payload_of(result: InvocationResult) -> tuple[bytes, bool]:
    """What is shown of it, and whether that isn't all. A function that still sends is heard so far and no further."""
    if result.body is None:
        return result.payload[:SHOWN_BYTES], len(result.payload) > SHOWN_BYTES
    taken = bytearray()
    try:
        async for piece in result.body:
            taken += piece
            if len(taken) > SHOWN_BYTES:
                return bytes(taken[:SHOWN_BYTES]), True
    finally:
        await close(result.body)
    return bytes(taken), False


def shown(result: InvocationResult, payload: bytes, truncated: bool) -> CallResult:
    return CallResult(
        request_id=result.request_id,
        error_type=result.error_type,
        payload=payload.decode("utf-8", "replace"),
        truncated=truncated,
        duration_ms=round(result.duration_ms, 2),
        memory_mb=round(result.memory_mb, 1),
        cold_start=result.cold_start,
        version_id=result.version_id,
        instance_id=result.instance_id,
        log=result.log_tail,
        http=result.http and answer_view(result.http),
    )


def answer_view(answer: HttpAnswer) -> HttpAnswerView:
    headers = [HeaderView(name=name, value=value) for name, value in answer.headers]
    return HttpAnswerView(status=answer.status, headers=headers)

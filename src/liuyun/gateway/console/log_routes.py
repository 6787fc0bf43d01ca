"""What functions printed, all of them together, searched and counted over time."""

from typing import Annotated

from fastapi import Query
from pydantic import Field

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import NO_SERVICE, LogLineView, service_named, shown_service
from liuyun.gateway.console.guard import Anybody, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.logs.chunks import Wanted
from liuyun.logs.search import Span
from liuyun.model.log import LogLine

router = ConsoleRouter(prefix="/api/logs", tags=["logs"])
PARTS = 60
MOST = 1000
LONGEST_MS = 31 * 86_400_000
Instant = Annotated[int, Query(ge=0, le=2**50)]


class FoundLine(LogLineView):
    """`service` is empty for a function of FC 3.0."""

    service: str
    function: str
    version_id: str


class FoundLines(Body):
    """The newest first. `counts` are of all lines that fit, in parts of the span from `since` to `until`."""

    lines: list[FoundLine]
    since: int
    until: int
    counts: list[int]
    complete: bool = Field(description="Whether the whole span was looked at; else only its newest part was.")


@router.get("", summary="Search the logs of all functions", operation_id="searchLogs")
async def search_logs(
    *,
    _: Anybody,
    parts: ThePlatform,
    service: Annotated[str, Query(max_length=128, description=f"`{NO_SERVICE}` for a function of FC 3.0.")] = "",
    function: Annotated[str, Query(max_length=128, description="Only this function.")] = "",
    contains: Annotated[str, Query(max_length=256)] = "",
    request_id: Annotated[str, Query(alias="requestId", max_length=128)] = "",
    minutes: Annotated[int, Query(ge=1, le=LONGEST_MS // 60_000, description="So far back.")] = 60,
    until: Instant = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
) -> FoundLines:
    """`until` 0 is now."""
    until = until or parts.clock.now() + 1
    span = Span(max(0, until - minutes * 60_000), until, PARTS)
    wanted = Wanted(since=span.since, request_id=request_id, contains=contains)
    only = (service_named(service, function), function) if function else None
    found = await parts.functions.log_search.search(parts.account_id, only, wanted, span, limit=limit)
    return FoundLines(
        lines=[found_line(line) for line in found.lines],
        since=span.since,
        until=span.until,
        counts=list(found.counts),
        complete=found.complete,
    )


def found_line(line: LogLine) -> FoundLine:
    return FoundLine(
        at=line.at,
        request_id=line.request_id,
        instance_id=line.instance_id,
        stream=line.stream,
        text=line.text,
        service=shown_service(line.service),
        function=line.function,
        version_id=line.version_id,
    )

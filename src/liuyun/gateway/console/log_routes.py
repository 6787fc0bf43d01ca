"""What functions printed and flows did, all of them together, searched and counted over time."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field

from liuyun.errors import Invalid
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import NO_SERVICE, LogLineView, service_named, shown_service
from liuyun.gateway.console.guard import Anybody, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.gateway.console.parts import Parts
from liuyun.logs.chunks import Wanted
from liuyun.logs.levels import level_of
from liuyun.logs.search import Found, Span
from liuyun.model.log import Level, LogLine
from liuyun.workflow.event_search import EventLine, FoundEvents, WantedEvents

router = ConsoleRouter(prefix="/api/logs", tags=["logs"])
PARTS = 60
MOST = 1000
LONGEST_MS = 31 * 86_400_000
Instant = Annotated[int, Query(ge=0, le=2**50)]
CURSOR = re.compile(r"([0-9]{1,15})-([0-9]{1,7})-([0-9]{1,18})")
NOTHING = [0] * PARTS


class Source(StrEnum):
    ALL = "all"
    FUNCTIONS = "functions"
    FLOWS = "flows"


class FoundLine(LogLineView):
    """A function's, or an event of an execution, which has `flow` and `execution` and no function.

    `service` is empty for a function of FC 3.0.
    """

    service: str
    function: str
    version_id: str
    level: Level
    flow: str = ""
    execution: str = ""


class FoundLines(Body):
    """The newest first. `counts` are of all lines that fit, in parts of the span from `since` to `until`."""

    lines: list[FoundLine]
    since: int
    until: int
    counts: list[int]
    complete: bool = Field(description="Whether the whole span was looked at; else only its newest part was.")
    next: str | None = Field(default=None, description="The `cursor` that finds the older ones, if there may be some.")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a search goes on: at lines up to `at`, of which the first `skipped` were seen, or at what it `reached`."""

    at: int
    skipped: int
    reached: int

    def __str__(self) -> str:
        return f"{self.at}-{self.skipped}-{self.reached}"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for, and where: empty texts don't restrict."""

    source: Source
    service: str
    function: str
    flow: str
    contains: str
    request_id: str
    level: Level


def query(
    *,
    source: Annotated[Source, Query(description="A function or flow that is named says it too.")] = Source.ALL,
    service: Annotated[str, Query(max_length=128, description=f"`{NO_SERVICE}` for a function of FC 3.0.")] = "",
    function: Annotated[str, Query(max_length=128, description="Only this function.")] = "",
    flow: Annotated[str, Query(max_length=128, description="Only executions of this flow.")] = "",
    contains: Annotated[str, Query(max_length=256)] = "",
    request_id: Annotated[
        str, Query(alias="requestId", max_length=128, description="Of a call, or the name of an execution.")
    ] = "",
    level: Annotated[Level, Query(description="The mildest that is shown.")] = Level.INFO,
) -> Sought:
    if function or flow:
        source = Source.FUNCTIONS if function else Source.FLOWS
    return Sought(source, service, function, flow, contains, request_id, level)


@router.get("", summary="Search the logs of functions and flows", operation_id="searchLogs")
async def search_logs(
    *,
    _: Anybody,
    parts: ThePlatform,
    asked: Annotated[Sought, Depends(query)],
    minutes: Annotated[int, Query(ge=1, le=LONGEST_MS // 60_000, description="So far back.")] = 60,
    until: Instant = 0,
    cursor: Annotated[str, Query(max_length=64, description="`next` of the page before, with its `until`.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 200,
) -> FoundLines:
    """`until` 0 is now. The counts of a page that a cursor asks for are of what is left from there."""
    until = until or parts.clock.now() + 1
    span = Span(max(0, until - minutes * 60_000), until, PARTS)
    at = read_cursor(cursor, span)
    if at.at < until - 1:
        span = replace(span, until=at.at + 1)
    if span.until <= span.since:
        return FoundLines(lines=[], since=span.since, until=span.until, counts=NOTHING, complete=True)
    printed = await of_functions(parts, asked, span, limit=limit + at.skipped + 1, start=at.reached)
    done = await of_flows(parts, asked, span, limit=limit + at.skipped + 1, again=at.reached > 0)
    lines = sorted([*map(found_line, printed.lines), *map(event_line, done.lines)], key=lambda line: -line.at)
    shown = lines[at.skipped : at.skipped + limit]
    return FoundLines(
        lines=shown,
        since=span.since,
        until=span.until,
        counts=[a + b for a, b in zip(printed.counts, done.counts, strict=True)],
        complete=not printed.reached and done.complete,
        next=following(at, span, lines, limit, printed.reached),
    )


def following(at: Cursor, span: Span, lines: list[FoundLine], limit: int, reached: int) -> str | None:
    """The last line's instant and how many lines of it were shown; or where the search stopped without more lines."""
    end = at.skipped + limit
    if len(lines) > end:
        last = lines[end - 1].at
        return str(Cursor(last, sum(line.at == last for line in lines[:end]), 0))
    return str(Cursor(span.until - 1, 0, reached)) if reached else None


async def of_functions(parts: Parts, asked: Sought, span: Span, *, limit: int, start: int) -> Found:
    if asked.source is Source.FLOWS:
        return Found([], NOTHING, 0)
    wanted = Wanted(since=span.since, request_id=asked.request_id, contains=asked.contains, level=asked.level)
    only = (service_named(asked.service, asked.function), asked.function) if asked.function else None
    return await parts.functions.log_search.search(parts.account_id, only, wanted, span, limit=limit, start=start)


async def of_flows(parts: Parts, asked: Sought, span: Span, *, limit: int, again: bool) -> FoundEvents:
    """Nothing when functions' lines are being looked for further back: those of flows were all shown."""
    if asked.source is Source.FUNCTIONS or again:
        return FoundEvents([], NOTHING, complete=True)
    wanted = WantedEvents(span.since, span.until, asked.flow, asked.request_id, asked.contains, asked.level)
    return await parts.flows.event_search.search(parts.account_id, wanted, parts=span.parts, limit=limit)


def read_cursor(text: str, span: Span) -> Cursor:
    """Raises Invalid."""
    if not text:
        return Cursor(span.until - 1, 0, 0)
    found = CURSOR.fullmatch(text)
    if found is None or int(found[2]) > 100 * MOST:
        raise Invalid("cursor_unknown", "the cursor is none that this search gave; leave it out to begin anew")
    return Cursor(int(found[1]), int(found[2]), int(found[3]))


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
        level=level_of(line.text),
    )


def event_line(line: EventLine) -> FoundLine:
    return FoundLine(
        at=line.at, text=line.text, level=line.level, flow=line.flow, execution=line.execution, stream="event",
        request_id="", instance_id="", service="", function="", version_id="",
    )  # fmt: skip

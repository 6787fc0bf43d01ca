"""Configuration for those who only read: plain values for functions and pages, and news of changes."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Query
from fastapi.responses import JSONResponse, StreamingResponse

from liuyun.errors import ConfigNotFound, Unauthenticated
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.config_models import News, Unit, change_view, scope_of
from liuyun.gateway.console.guard import Anybody, Caller, ThePlatform
from liuyun.gateway.console.models import LARGEST, Segment
from liuyun.gateway.console.news import ENDED
from liuyun.gateway.console.parts import Parts
from liuyun.gateway.console.waiting import while_known
from liuyun.metadata.core.effective import Reader
from liuyun.model.config import Json

router = ConsoleRouter(prefix="/api/config", tags=["configuration"])
LONGEST_WAIT_S = 60
BEAT_S = 15  # a stream says so often that it lives
Tenant = Annotated[str, Query(max_length=128, description="Whose configuration; none: the account's.")]


@router.get("/values/{schema}", summary="All values of a schema by key", operation_id="getValues")
async def values(
    schema: Segment, _: Anybody, parts: ThePlatform, tenant: Tenant = "", unit: Unit = ""
) -> dict[str, Json]:
    parts.configuration.reading.schema(schema)
    return dict(parts.configuration.reading.values(schema, reader(tenant, unit)))


@router.get("/values/{schema}/{key}", summary="One value", operation_id="getValue", response_model=None)
async def value(
    *, schema: Segment, key: Segment, _: Anybody, parts: ThePlatform, tenant: Tenant = "", unit: Unit = ""
) -> JSONResponse:
    found = parts.configuration.reading.find(schema, key, reader(tenant, unit))
    if found is None:
        raise ConfigNotFound(
            "entry_missing_for",
            "there is no entry '{key}' of the schema '{schema}' for {scope}",
            key=key[:128],
            schema=schema[:128],
            scope=tenant or "account",
        )
    return JSONResponse(found.value)


@router.get("/changes", summary="Changes after a state, or the next one", operation_id="getChanges")
async def changes(
    caller: Anybody,
    parts: ThePlatform,
    after: Annotated[int, Query(ge=0, le=LARGEST)] = 0,
    wait_s: Annotated[float, Query(alias="waitS", ge=0, le=LONGEST_WAIT_S)] = 0,
) -> News:
    return await while_known(caller, parts, news(parts, after, wait_s))


@router.get("/stream", summary="Changes as they happen (server-sent events)", operation_id="streamChanges",
            response_class=StreamingResponse)  # fmt: skip
async def stream(
    caller: Anybody, parts: ThePlatform, after: Annotated[int | None, Query(ge=0, le=LARGEST)] = None
) -> StreamingResponse:
    start = parts.configuration.reading.sequence if after is None else after
    return StreamingResponse(
        events(caller, parts, start), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


async def events(caller: Caller, parts: Parts, after: int) -> AsyncIterator[str]:
    yield ": changes follow\n\n"  # at once, so that whoever asked knows that the stream stands
    while True:
        try:
            found = await while_known(caller, parts, news(parts, after, BEAT_S))
        except Unauthenticated:
            yield ENDED
            return
        after = found.sequence
        if found.changes or found.missed:
            yield f"id: {after}\nevent: changes\ndata: {found.model_dump_json(by_alias=True)}\n\n"
        else:
            yield ": still here\n\n"


async def news(parts: Parts, after: int, wait_s: float) -> News:
    deadline = parts.clock.steady() + round(wait_s * 1000)
    found = await parts.configuration.reading.watch(after, deadline)
    return News(sequence=found.sequence, changes=[change_view(change) for change in found.changes], missed=found.missed)


def reader(tenant: str, unit: str) -> Reader:
    return Reader(scope_of(f"tenant/{tenant}" if tenant else "account"), unit)

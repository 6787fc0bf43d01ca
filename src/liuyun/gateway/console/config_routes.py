"""Configuration: schemas and entries, what readers see, histories, going back."""

from typing import Annotated

from fastapi import Query

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.config_models import (
    Checked,
    EffectiveList,
    EffectiveView,
    EntryChange,
    EntryView,
    History,
    Place,
    Rollback,
    SchemaChange,
    SchemaList,
    SchemaView,
    ScopeText,
    ThePlace,
    Unit,
    effective_view,
    entry_view,
    revision_view,
    schema_view,
    scope_of,
    seen_at,
)
from liuyun.gateway.console.guard import Administrator, Anybody, Caller, Operator, ThePlatform
from liuyun.gateway.console.models import LARGEST, Segment, phrase_view
from liuyun.gateway.console.parts import Parts
from liuyun.metadata.core.effective import Reader
from liuyun.model.config import Entry, Kind, Schema, Write

router = ConsoleRouter(prefix="/api/config", tags=["configuration"])
MOST_ENTRIES, MOST_HISTORY = 1000, 200
NEWEST = 2**62


@router.get("/schemas", summary="All schemas", operation_id="listSchemas")
async def list_schemas(_: Anybody, parts: ThePlatform) -> SchemaList:
    return SchemaList(schemas=[schema_view(schema) for schema in parts.configuration.reading.schemas()])


@router.get("/schemas/{name}", summary="One schema", operation_id="getSchema")
async def get_schema(name: Segment, _: Anybody, parts: ThePlatform) -> SchemaView:
    return schema_view(parts.configuration.reading.schema(name))


@router.put("/schemas/{name}", summary="Create or change a schema", operation_id="putSchema")
async def put_schema(name: Segment, given: SchemaChange, caller: Administrator, parts: ThePlatform) -> SchemaView:
    schema = Schema(
        name=name, document=given.document, revision=0, kind=given.kind, description=given.description,
        reviewed=given.reviewed, author=caller.name, reason=given.reason,
    )  # fmt: skip
    stored = await parts.configuration.schemas.put(schema, given.revision, given.migration)
    await caller.did(parts.audit, "PutSchema", name, revision=stored.revision)
    return schema_view(stored)


@router.delete("/schemas/{name}", summary="Delete a schema without entries", status_code=204,
               operation_id="deleteSchema")  # fmt: skip
async def delete_schema(
    name: Segment, revision: Annotated[int, Query(ge=1, le=LARGEST)], caller: Administrator, parts: ThePlatform
) -> None:
    await parts.configuration.schemas.remove(name, revision)
    await caller.did(parts.audit, "DeleteSchema", name)


@router.get("/schemas/{name}/history", summary="The revisions of a schema", operation_id="getSchemaHistory")
async def schema_history(name: Segment, _: Anybody, parts: ThePlatform) -> SchemaList:
    parts.configuration.reading.schema(name)
    found = await parts.configuration.schemas.history(name, MOST_HISTORY)
    return SchemaList(schemas=[schema_view(schema) for schema in found])


@router.get("/entries/{schema}", summary="What a scope sees of a schema", operation_id="listEntries")
async def list_entries(
    *,
    schema: Segment,
    _: Anybody,
    parts: ThePlatform,
    scope: ScopeText = "account",
    unit: Unit = "",
    after: Annotated[str, Query(max_length=256, description="`next` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_ENTRIES, description="Keys that are looked at.")] = MOST_ENTRIES,
) -> EffectiveList:
    reader = Reader(scope_of(scope), unit)
    reading, secret = parts.configuration.reading, is_secret(parts, schema)
    page = reading.page(schema, reader, after, limit)
    own = {entry.key: entry for entry in page.own}
    return EffectiveList(
        entries=[effective_view(each, own.get(each.key), secret=secret) for each in page.seen],
        hidden=[entry_view(entry, secret=secret) for entry in page.own if entry.current.hidden],
        sequence=reading.sequence,
        next=page.next_key,
    )


@router.get("/entries/{schema}/{key}", summary="What a scope sees of one key", operation_id="getEntry")
async def get_entry(at: ThePlace, _: Anybody, parts: ThePlatform, unit: Unit = "") -> EffectiveView:
    reading = parts.configuration.reading
    found = reading.get(at.schema, at.key, Reader(at.scope, unit))
    own = reading.newest(at.schema, at.scope, at.key)
    return effective_view(
        found, own if own is not None and not own.current.removed else None, secret=is_secret(parts, at.schema)
    )


@router.put("/entries/{schema}/{key}", summary="Create or change an entry", operation_id="putEntry")
async def put_entry(at: ThePlace, given: EntryChange, caller: Operator, parts: ThePlatform) -> EntryView:
    entry = await parts.configuration.entries.put(write_of(at, given, caller))
    return await told(parts, caller, "PutEntry", entry)


@router.delete("/entries/{schema}/{key}", summary="Remove an entry from its scope", operation_id="deleteEntry")
async def delete_entry(
    at: ThePlace,
    revision: Annotated[int, Query(ge=1, le=LARGEST)],
    caller: Operator,
    parts: ThePlatform,
    reason: Annotated[str, Query(max_length=500)] = "",
) -> EntryView:
    write = Write(at.schema, at.scope, at.key, revision, removed=True, author=caller.name, reason=reason)
    return await told(parts, caller, "DeleteEntry", await parts.configuration.entries.put(write))


@router.post("/entries/{schema}/{key}/check", summary="What would refuse a value", operation_id="checkEntry")
async def check_entry(at: ThePlace, given: EntryChange, caller: Operator, parts: ThePlatform) -> Checked:
    write = write_of(at, given, caller)
    return Checked(problems=[phrase_view(found.phrase) for found in parts.configuration.entries.problems(write)])


@router.get("/entries/{schema}/{key}/history", summary="The revisions of an entry", operation_id="getEntryHistory")
async def entry_history(
    at: ThePlace,
    _: Anybody,
    parts: ThePlatform,
    before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
    limit: Annotated[int, Query(ge=1, le=MOST_HISTORY)] = 50,
) -> History:
    secret = is_secret(parts, at.schema)
    found = await parts.configuration.entries.history(at.schema, at.scope, at.key, before=before, limit=limit)
    return History(revisions=[revision_view(revision, secret=secret) for revision in found])


@router.post("/entries/{schema}/{key}/rollback", summary="Go back to an older revision", operation_id="rollbackEntry")
async def rollback_entry(at: ThePlace, given: Rollback, caller: Operator, parts: ThePlatform) -> EntryView:
    entry = await parts.configuration.entries.rollback(seen_at(at, given.revision), author=caller.name, to=given.to)
    return await told(parts, caller, "RollbackEntry", entry)


def write_of(at: Place, given: EntryChange, caller: Caller) -> Write:
    return Write(
        at.schema, at.scope, at.key, given.revision, given.value, given.hidden,
        author=caller.name, reason=given.reason,
    )  # fmt: skip


def is_secret(parts: Parts, schema: str) -> bool:
    """Raises ConfigNotFound for a schema that isn't there."""
    return parts.configuration.reading.schema(schema).kind is Kind.SECRET


async def told(parts: Parts, caller: Caller, action: str, entry: Entry) -> EntryView:
    place = f"{entry.schema}/{entry.key} at {entry.scope}"
    await caller.did(parts.audit, action, place, revision=entry.newest)
    return entry_view(entry, secret=is_secret(parts, entry.schema))

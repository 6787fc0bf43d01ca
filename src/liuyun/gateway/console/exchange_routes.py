"""Configuration as one document: out of here, and in again."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.config_models import Name, Reason, scope_of
from liuyun.gateway.console.guard import Administrator, Operator, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.metadata.core.imports import Given, GivenEntry
from liuyun.model.config import Json, Kind, Schema

router = ConsoleRouter(prefix="/api/config", tags=["configuration"])
MOST_SCHEMAS, MOST_ENTRIES = 1_000, 20_000


class SchemaDocument(Body):
    name: Name
    document: dict[str, Any]
    kind: Kind = Kind.CONFIG
    description: Annotated[str, Field(max_length=500)] = ""
    reviewed: bool = False


class EntryDocument(Body):
    schema_name: Name = Field(alias="schema")
    scope: Annotated[str, Field(max_length=140)] = "account"
    key: Name
    value: Json = None
    hidden: bool = False


class ConfigDocument(Body):
    schemas: list[SchemaDocument] = Field(default=[], max_length=MOST_SCHEMAS)
    entries: list[EntryDocument] = Field(default=[], max_length=MOST_ENTRIES)


class Import(Body):
    document: ConfigDocument
    reason: Reason = ""


class Imported(Body):
    changes: list[str] = Field(description="What was changed, or would be: one line each.")


@router.get("/export", summary="Everything but secrets, as one document", operation_id="exportConfig")
async def export(_: Operator, parts: ThePlatform) -> dict[str, Any]:
    return parts.configuration.exchange.export()


@router.post("/import", summary="Make what a document says", operation_id="importConfig")
async def import_document(
    given: Import,
    caller: Administrator,
    parts: ThePlatform,
    dry_run: Annotated[bool, Query(alias="dryRun", description="Only tell what would change.")] = False,
) -> Imported:
    document = read(given.document, caller.name)
    if dry_run:
        return Imported(changes=await parts.configuration.exchange.plan(document))
    changes = await parts.configuration.exchange.apply(document, caller.name, given.reason)
    await caller.did(parts.audit, "ImportConfig", "configuration", changes=len(changes))
    return Imported(changes=changes)


def read(document: ConfigDocument, author: str) -> Given:
    """Raises Invalid."""
    schemas = tuple(
        Schema(
            name=each.name,
            document=each.document,
            revision=0,
            kind=each.kind,
            description=each.description,
            reviewed=each.reviewed,
            author=author,
        )
        for each in document.schemas
    )
    entries = tuple(
        GivenEntry(each.schema_name, scope_of(each.scope), each.key, each.value, each.hidden)
        for each in document.entries
    )
    return Given(schemas, entries)

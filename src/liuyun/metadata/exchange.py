"""Configuration as one document, for version control: exported whole, imported as the changes that it asks for.

    {"schemas": [{"name", "document", "kind", "description", "reviewed"}],
     "entries": [{"schema", "scope", "key", "value"} or {…, "hidden": true}]}

Values of secrets are never exported, so importing leaves them as they are. What the document doesn't name stays.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from liuyun.errors import ConfigConflict
from liuyun.metadata.core.schema_changes import is_secret
from liuyun.metadata.entries import Entries
from liuyun.metadata.reading import Reading
from liuyun.metadata.schemas import Schemas
from liuyun.model.config import Entry, Json, Kind, Level, Schema, Scope, Write

SCHEMA_PARTS = ("document", "kind", "description", "reviewed")


@dataclass(frozen=True, slots=True)
class GivenEntry:
    schema: str
    scope: Scope
    key: str
    value: Json = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """A document as it was read: checked for its form, not yet for what it says."""

    schemas: tuple[Schema, ...]
    entries: tuple[GivenEntry, ...]


class Exchange:
    def __init__(self, reading: Reading, schemas: Schemas, entries: Entries) -> None:
        self._reading = reading
        self._schemas = schemas
        self._entries = entries

    def export(self) -> dict[str, Any]:
        schemas = self._reading.schemas()
        own = [entry for schema in schemas for entry in self._reading.entries(schema.name)]
        return {
            "schemas": [{"name": schema.name, **parts(schema)} for schema in schemas],
            "entries": [shown(entry, secret=is_secret(self._reading.schema(entry.schema))) for entry in own],
        }

    def plan(self, given: Given) -> list[str]:
        """What importing would change, one line each."""
        return [
            *(f"schema {schema.name}" for schema, _ in self._changed_schemas(given)),
            *(f"{entry.schema}/{entry.key} at {entry.scope}" for entry, _ in self._changed_entries(given)),
        ]

    async def apply(self, given: Given, author: str, reason: str) -> list[str]:
        """Makes the changes in order: schemas, then entries from the platform down. The first that is refused ends it,
        with what was done before in the error's facts (`done`).
        """
        done: list[str] = []
        try:
            for schema, revision in self._changed_schemas(given):
                await self._schemas.put(schema, revision)
                done.append(f"schema {schema.name}")
            for entry, revision in self._changed_entries(given):
                await self._entries.put(
                    Write(
                        entry.schema,
                        entry.scope,
                        entry.key,
                        revision,
                        entry.value,
                        entry.hidden,
                        author=author,
                        reason=reason,
                    )
                )
                done.append(f"{entry.schema}/{entry.key} at {entry.scope}")
        except ConfigConflict as refused:
            refused.facts["done"] = done
            raise
        return done

    def _changed_schemas(self, given: Given) -> Iterator[tuple[Schema, int]]:
        known = {schema.name: schema for schema in self._reading.schemas()}
        for schema in given.schemas:
            old = known.get(schema.name)
            if old is None or parts(old) != parts(schema):
                yield schema, old.revision if old is not None else 0

    def _changed_entries(self, given: Given) -> Iterator[tuple[GivenEntry, int]]:
        kinds = {schema.name: schema.kind for schema in (*self._reading.schemas(), *given.schemas)}
        for entry in sorted(given.entries, key=lambda entry: list(Level).index(entry.scope.level)):
            if kinds.get(entry.schema) is Kind.SECRET and not entry.hidden:
                continue
            old = self._reading.newest(entry.schema, entry.scope, entry.key)
            same = old is not None and (old.current.value, old.current.hidden) == (entry.value, entry.hidden)
            if not (same and old is not None and not old.current.removed):
                yield entry, old.newest if old is not None else 0


def parts(schema: Schema) -> dict[str, Any]:
    return {name: getattr(schema, name) for name in SCHEMA_PARTS}


def shown(entry: Entry, *, secret: bool) -> Mapping[str, Any]:
    place = {"schema": entry.schema, "scope": str(entry.scope), "key": entry.key}
    if entry.current.hidden:
        return {**place, "hidden": True}
    return place if secret else {**place, "value": entry.current.value}

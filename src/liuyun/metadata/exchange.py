"""Configuration as one document, for version control: exported whole, imported as the changes that it asks for.

    {"schemas": [{"name", "document", "kind", "description", "reviewed"}],
     "entries": [{"schema", "scope", "key", "value"} or {…, "hidden": true}]}

Values of secrets are never exported, so importing leaves them as they are. What the document doesn't name stays.
"""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from liuyun.metadata.book import Book
from liuyun.metadata.core.bulk import Bulk
from liuyun.metadata.core.imports import Given, imported, parts
from liuyun.metadata.core.schema_changes import is_secret
from liuyun.metadata.reading import Reading
from liuyun.model.config import Entry


class Exchange:
    def __init__(self, book: Book, reading: Reading) -> None:
        self._book = book
        self._reading = reading

    def export(self) -> dict[str, Any]:
        schemas = self._reading.schemas()
        own = [entry for schema in schemas for entry in self._reading.entries(schema.name)]
        return {
            "schemas": [{"name": schema.name, **parts(schema)} for schema in schemas],
            "entries": [shown(entry, secret=is_secret(self._reading.schema(entry.schema))) for entry in own],
        }

    async def plan(self, given: Given) -> list[str]:
        """What importing would change, one line each. Raises what `apply` would."""
        decide = partial(imported, given=given, author="", reason="")
        return lines(await asyncio.to_thread(decide, self._book.state, now=self._book.clock.now()))

    async def apply(self, given: Given, author: str, reason: str) -> list[str]:
        """Makes all the changes at once, or none of them. Raises Invalid, InvalidConfig, ConfigNotFound or
        ConfigConflict.
        """
        return lines(await self._book.change_many(lambda state, now: imported(state, given, author, reason, now)))


def lines(bulk: Bulk) -> list[str]:
    return [
        *(f"schema {schema.name}" for schema in bulk.schemas),
        *(f"{move.entry.schema}/{move.entry.key} at {move.entry.scope}" for move in bulk.moves),
    ]


def shown(entry: Entry, *, secret: bool) -> Mapping[str, Any]:
    place = {"schema": entry.schema, "scope": str(entry.scope), "key": entry.key}
    if entry.current.hidden:
        return {**place, "hidden": True}
    return place if secret else {**place, "value": entry.current.value}

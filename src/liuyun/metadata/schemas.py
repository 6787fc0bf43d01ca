"""Schemas: stored, changed and removed, without ever leaving an entry behind that doesn't fit."""

from collections.abc import Sequence

from liuyun.metadata.book import Book
from liuyun.metadata.core.migrations import Operation
from liuyun.metadata.core.schema_changes import put_schema
from liuyun.model.config import Schema
from liuyun.storage.stores import config as store


class Schemas:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def put(self, schema: Schema, expected: int, migration: Sequence[Operation] = ()) -> Schema:
        """A new schema (`expected` is 0), or its next revision. Raises Invalid, InvalidConfig or ConfigConflict."""
        bulk = await self._book.change_many(lambda state, now: put_schema(state, schema, expected, migration, now))
        return bulk.schemas[0]

    async def remove(self, name: str, expected: int) -> None:
        """Raises ConfigNotFound, or ConfigConflict while entries or other schemas need it."""
        await self._book.remove_schema(name, expected)

    async def history(self, name: str, limit: int) -> list[Schema]:
        """The newest first."""
        return await self._book.db.read(lambda tx: store.schema_history(tx, name, limit))

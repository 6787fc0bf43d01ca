"""Configuration on an in-memory database, and short words for what tests do with it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from liuyun.metadata.core.effective import Reader
from liuyun.metadata.service import Configuration
from liuyun.model.config import ACCOUNT, PLATFORM, Entry, Json, Kind, Level, Schema, Scope, Write
from liuyun.storage.database import Database
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds

MARKET, FLOWERS = Scope(Level.TENANT, "market"), Scope(Level.TENANT, "flowers")
METHOD = {
    "type": "object",
    "required": ["label"],
    "properties": {"label": {"type": "string"}, "discount": {"type": "number", "minimum": 0, "maximum": 1}},
    "additionalProperties": False,
}
ALIPAY = {"label": "Alipay", "discount": 0.2}
__all__ = ["ACCOUNT", "ALIPAY", "FLOWERS", "MARKET", "METHOD", "PLATFORM", "Desk", "desk"]


class Desk:
    def __init__(self, db: Database, clock: FakeClock) -> None:
        self.db = db
        self.clock = clock
        self.config = Configuration(
            db=db, clock=clock, ids=CountingIds(), seal=lambda text: text[::-1], unseal=lambda text: text[::-1]
        )

    async def schema(self, name: str = "method", document: Any = METHOD, expected: int = 0, **options: Any) -> Schema:
        migration = options.pop("migration", ())
        schema = Schema(name=name, document=document, revision=0, **options)
        return await self.config.schemas.put(schema, expected, migration)

    async def secrets(self) -> None:
        await self.schema("secret", {"type": "string"}, kind=Kind.SECRET)

    async def put(
        self, value: Json, expected: int = 0, *, at: Scope = PLATFORM, key: str = "alipay", **more: Any
    ) -> Entry:
        return await self.config.entries.put(self.write(value, expected, at=at, key=key, **more))

    def write(self, value: Json, expected: int = 0, *, at: Scope = PLATFORM, key: str = "alipay", **more: Any) -> Write:
        return Write(more.pop("schema", "method"), at, key, expected, value, author=more.pop("author", "li"), **more)

    def seen(self, at: Scope = PLATFORM, key: str = "alipay", *, unit: str = "", schema: str = "method") -> Json:
        found = self.config.reading.find(schema, key, Reader(at, unit))
        return None if found is None else found.value


@asynccontextmanager
async def desk(db: Database | None = None) -> AsyncGenerator[Desk]:
    """With the schema `method` on it, unless the database brings its own."""
    table = Desk(db or MemoryDatabase(), FakeClock())
    await table.config.start()
    if db is None:
        await table.schema()
    yield table

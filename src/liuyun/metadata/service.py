"""Configuration as the rest of the platform sees it."""

from collections.abc import Callable

from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.metadata.book import Book
from liuyun.metadata.drafts import Drafts
from liuyun.metadata.entries import Entries
from liuyun.metadata.exchange import Exchange
from liuyun.metadata.reading import Reading
from liuyun.metadata.schemas import Schemas
from liuyun.metadata.secrets import Secrets
from liuyun.storage.database import Database


class Configuration:
    """`seal` and `unseal` keep secrets from the disk."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, seal: Callable[[str], str], unseal: Callable[[str], str]
    ) -> None:
        secrets = Secrets(seal, unseal)
        self._book = Book(db=db, clock=clock, check=secrets.check)
        self.reading = Reading(self._book, unseal)
        self.schemas = Schemas(self._book)
        self.entries = Entries(self._book, secrets)
        self.exchange = Exchange(self._book, self.reading)
        self.drafts = Drafts(self._book, self.entries, secrets, ids)

    async def start(self) -> None:
        await self._book.start()

    def end_waits(self) -> None:
        """Answers watchers now, so that a clean stop needn't wait for them."""
        self._book.end_waits()

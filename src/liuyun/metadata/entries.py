"""Changing entries: at once, or step by step as a roll-out; going back; and what was before."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from liuyun.errors import ConfigConflict, ConfigNotFound, InvalidConfig
from liuyun.metadata.book import Book
from liuyun.metadata.core import changes
from liuyun.metadata.core.changes import Outcome
from liuyun.metadata.core.schema_changes import is_secret
from liuyun.metadata.core.state import State
from liuyun.model.config import Entry, Revision, Scope, Write
from liuyun.storage.stores import config as store


class Entries:
    """`seal` encrypts secrets before anything is decided or stored: their plain text goes no further."""

    def __init__(self, book: Book, seal: Callable[[str], str]) -> None:
        self._book = book
        self._seal = seal

    async def put(self, write: Write) -> Entry:
        """A new value, to be seen by everybody at once.

        Raises Invalid, InvalidConfig, ConfigNotFound or ConfigConflict, as the other changes here do.
        """
        self._check_review(write.schema)
        return await self.put_stored(self.stored(write))

    async def put_stored(self, write: Write) -> Entry:
        """The same for a value in its stored form, out of a draft that was approved."""
        return await self._book.change(lambda state, now: changes.put(state, write, now))

    async def begin_rollout(self, write: Write, percent: float, tenants: Sequence[str]) -> Entry:
        self._check_review(write.schema)
        sealed = self.stored(write)
        return await self._book.change(lambda state, now: changes.begin_rollout(state, sealed, percent, tenants, now))

    async def move_rollout(self, schema: str, scope: Scope, key: str, percent: float, tenants: Sequence[str]) -> Entry:
        return await self._book.change(
            lambda state, now: changes.move_rollout(state, there(state, schema, scope, key), percent, tenants, now)
        )

    async def finish_rollout(self, schema: str, scope: Scope, key: str) -> Entry:
        return await self._book.change(
            lambda state, now: changes.finish_rollout(state, there(state, schema, scope, key), now)
        )

    async def rollback(self, schema: str, scope: Scope, key: str, *, author: str, to: int | None = None) -> Entry:
        """To an older revision, the one before the current if none is named; a roll-out under way is called off.

        What was there comes back byte for byte, as a new revision.
        """
        entry = there(self._book.state, schema, scope, key)
        if entry.rollout is not None and to is None:
            return await self._book.change(
                lambda state, now: changes.cancel_rollout(state, there(state, schema, scope, key), now, author)
            )
        number = to if to is not None else entry.current.number - 1
        old = await self.revision(schema, scope, key, number)

        def decide(state: State, now: int) -> Outcome:
            current = there(state, schema, scope, key)
            reason = f"rolled back to revision {number}"
            write = Write(schema, scope, key, current.newest, old.value, old.hidden, old.removed, author, reason)
            return changes.put(state, write, now)

        return await self._book.change(decide)

    async def history(self, schema: str, scope: Scope, key: str, *, before: int, limit: int) -> list[Revision]:
        """Revisions before a number, the newest first."""
        return await self._book.db.read(lambda tx: store.history(tx, schema, scope, key, before=before, limit=limit))

    async def revision(self, schema: str, scope: Scope, key: str, number: int) -> Revision:
        """Raises ConfigNotFound."""
        found = await self._book.db.read(lambda tx: store.find_revision(tx, schema, scope, key, number))
        if found is None:
            raise ConfigNotFound(f"{schema[:128]}/{key[:128]} at {scope} has no revision {number}")
        return found

    def problems(self, write: Write) -> list[str]:
        """What would refuse this value now, without making the change. Raises as `put` does of everything else."""
        try:
            changes.put(self._book.state, self.stored(write), self._book.clock.now())
        except InvalidConfig as refused:
            return refused.message.splitlines()
        return []

    def stored(self, write: Write) -> Write:
        """The change with its value as it is kept: secrets sealed."""
        if is_secret(self._book.state.schemas.get(write.schema)) and isinstance(write.value, str):
            return replace(write, value=self._seal(write.value))
        return write

    def _check_review(self, name: str) -> None:
        schema = self._book.state.schemas.get(name)
        if schema is not None and schema.reviewed:
            raise ConfigConflict(
                f"entries of '{name}' change only through a draft that somebody else approved; propose one"
            )


def there(state: State, schema: str, scope: Scope, key: str) -> Entry:
    """Raises ConfigNotFound."""
    entry = state.find(schema, scope, key)
    if entry is None:
        raise ConfigNotFound(f"{schema[:128]}/{key[:128]} is not there at {scope}")
    return entry

"""Reading configuration: from memory, so it costs microseconds and never waits."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from liuyun.errors import ConfigNotFound
from liuyun.metadata.book import Book
from liuyun.metadata.core.effective import Reader, effective, listing
from liuyun.metadata.core.schema_changes import is_secret
from liuyun.model.config import Change, Effective, Entry, Json, Schema, Scope

MASK = "********"
MOST_NEWS = 1_000


@dataclass(frozen=True, slots=True)
class News:
    """`missed`: changes were forgotten before they were told, so everything must be read again."""

    sequence: int
    changes: tuple[Change, ...]
    missed: bool = False


@dataclass(frozen=True, slots=True)
class EntryPage:
    """`own`: what stands in the scope itself of these keys, without inheritance. The last page has no `next_key`."""

    seen: list[Effective]
    own: list[Entry]
    next_key: str | None


class Reading:
    """Values of secrets are masked everywhere but in `reveal`."""

    def __init__(self, book: Book, unseal: Callable[[str], str]) -> None:
        self._book = book
        self._unseal = unseal

    @property
    def sequence(self) -> int:
        return self._book.state.sequence

    def get(self, schema: str, key: str, reader: Reader) -> Effective:
        """What the reader sees. Raises ConfigNotFound."""
        self.schema(schema)
        found = effective(self._book.state, schema, key, reader)
        if found is None:
            raise ConfigNotFound(
                "entry_missing_for",
                "there is no entry '{key}' of the schema '{schema}' for {scope}",
                key=key[:128],
                schema=schema,
                scope=reader.scope,
            )
        return self._shown(schema, found)

    def page(self, schema: str, reader: Reader, after: str, limit: int) -> EntryPage:
        """What the reader sees of the schema's next keys. Raises ConfigNotFound."""
        self.schema(schema)
        state = self._book.state
        keys = sorted(key for key in state.keys(schema) if key > after)
        asked = keys[:limit]
        own = (state.find(schema, reader.scope, key) for key in asked)
        found = (effective(state, schema, key, reader) for key in asked)
        return EntryPage(
            [self._shown(schema, each) for each in found if each is not None],
            [entry for entry in own if entry is not None and not entry.current.removed],
            asked[-1] if len(keys) > limit else None,
        )

    def values(self, schema: str, reader: Reader) -> Mapping[str, Json]:
        """Values by key, for flows: a schema that isn't there has none, and neither have secrets."""
        state = self._book.state
        if schema not in state.schemas or is_secret(state.schemas[schema]):
            return {}
        return {found.key: found.value for found in listing(state, schema, reader)}

    def find(self, schema: str, key: str, reader: Reader) -> Effective | None:
        """One value, for flows and functions: None if there is none, or if it is secret."""
        state = self._book.state
        return None if is_secret(state.schemas.get(schema)) else effective(state, schema, key, reader)

    def reveal(self, schema: str, key: str, reader: Reader) -> str:
        """The text of a secret, for a function that was given it by name. Raises ConfigNotFound."""
        found = effective(self._book.state, schema, key, reader)
        if found is None or not is_secret(self._book.state.schemas.get(schema)):
            raise ConfigNotFound(
                "secret_missing_for",
                "there is no secret '{schema}/{key}' for {scope}",
                schema=schema[:128],
                key=key[:128],
                scope=reader.scope,
            )
        return self._unseal(found.value)

    def entries(self, schema: str) -> list[Entry]:
        """What stands in all scopes, by key."""
        found = sorted(self._book.state.every(schema), key=lambda entry: (entry.key, str(entry.scope)))
        return [entry for entry in found if not entry.current.removed]

    def newest(self, schema: str, scope: Scope, key: str) -> Entry | None:
        """An entry even if it was removed, for the number that the next change must name."""
        return self._book.state.find(schema, scope, key)

    def schema(self, name: str) -> Schema:
        """Raises ConfigNotFound."""
        schema = self._book.state.schemas.get(name)
        if schema is None:
            raise ConfigNotFound("schema_missing", "there is no schema '{name}'", name=name[:128])
        return schema

    def schemas(self) -> list[Schema]:
        schemas = self._book.state.schemas
        return [schemas[name] for name in sorted(schemas)]

    async def watch(self, after: int, deadline: int) -> News:
        """Changes after a sequence number: at once if there are some, else when one comes, or none at `deadline`.

        The first MOST_NEWS of them; the next are after the sequence number of these.
        """
        await self._book.wait_beyond(after, deadline)
        changes = self._book.changes_after(after, MOST_NEWS)
        if changes is None:
            return News(self.sequence, (), missed=True)
        return News(changes[-1].sequence if changes else self.sequence, tuple(changes))

    def _shown(self, schema: str, found: Effective) -> Effective:
        if is_secret(self._book.state.schemas[schema]):
            return Effective(found.key, MASK, found.origins, found.revision)
        return found

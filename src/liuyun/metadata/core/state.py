"""All configuration at one instant, as frozen data. A change makes another state that shares what it didn't touch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from liuyun.model.config import Entry, Schema, Scope

ByScope: TypeAlias = Mapping[Scope, Entry]
ByKey: TypeAlias = Mapping[str, ByScope]
NOTHING: ByScope = {}


@dataclass(frozen=True, slots=True)
class State:
    """`sequence` counts changes. Removed entries stay, so that their numbers go on."""

    schemas: Mapping[str, Schema] = field(default_factory=dict[str, Schema])
    entries: Mapping[str, ByKey] = field(default_factory=dict[str, ByKey])
    sequence: int = 0

    def at(self, schema: str, key: str) -> ByScope:
        """The entries of one key, in all scopes that have one."""
        keys = self.entries.get(schema)
        return NOTHING if keys is None else keys.get(key, NOTHING)

    def find(self, schema: str, scope: Scope, key: str) -> Entry | None:
        return self.at(schema, key).get(scope)

    def keys(self, schema: str) -> Iterator[str]:
        return iter(self.entries.get(schema, ()))

    def every(self, schema: str) -> Iterator[Entry]:
        for scopes in self.entries.get(schema, {}).values():
            yield from scopes.values()


def with_entry(state: State, entry: Entry) -> State:
    keys = state.entries.get(entry.schema, {})
    scopes = {**keys.get(entry.key, {}), entry.scope: entry}
    return replace(state, entries={**state.entries, entry.schema: {**keys, entry.key: scopes}})


def with_entries(state: State, entries: Sequence[Entry]) -> State:
    """All at once: one by one would copy everything for each."""
    tables = {schema: dict(state.entries.get(schema, {})) for schema in {entry.schema for entry in entries}}
    for entry in entries:
        keys = tables[entry.schema]
        keys[entry.key] = {**keys.get(entry.key, {}), entry.scope: entry}
    return replace(state, entries={**state.entries, **tables})


def with_schema(state: State, schema: Schema) -> State:
    return replace(state, schemas={**state.schemas, schema.name: schema})


def without_schema(state: State, name: str) -> State:
    return replace(
        state,
        schemas={key: schema for key, schema in state.schemas.items() if key != name},
        entries={key: entries for key, entries in state.entries.items() if key != name},
    )

"""What a document asks for, as one change: wholly valid at its end, or refused. The order inside doesn't matter."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from liuyun.errors import Invalid
from liuyun.metadata.core.bulk import Bulk, moved
from liuyun.metadata.core.changes import check_review, next_of, refuse
from liuyun.metadata.core.checks import problems_of
from liuyun.metadata.core.documents import same
from liuyun.metadata.core.schema_changes import check_schema, is_secret
from liuyun.metadata.core.state import State, with_schema
from liuyun.model.config import Entry, Json, Level, Revision, Schema, Scope, Write

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


def imported(state: State, given: Given, author: str, reason: str, now: int) -> Bulk:
    """Raises Invalid, InvalidConfig, ConfigNotFound or ConfigConflict."""
    check_once(given)
    schemas = tuple(changed_schemas(state, given, now))
    after = state
    for schema in schemas:
        after = with_schema(after, schema)
    for schema in schemas:
        check_schema(state, schema, schema.revision - 1, known=after.schemas)
    stamp = Write("", Scope(Level.PLATFORM), "", 0, author=author, reason=reason)
    after, moves = moved(after, changed_entries(state, after, given, stamp, now), now)
    touched = [(schema.name, key) for schema in schemas for key in after.keys(schema.name)]
    touched += [(move.entry.schema, move.entry.key) for move in moves]
    refuse(problems_of(after, dict.fromkeys(touched)))
    return Bulk(after, schemas, moves)


def check_once(given: Given) -> None:
    """Raises Invalid if something is named twice: which one would count?"""
    seen: set[tuple[object, ...]] = set()
    for place in (*((s.name,) for s in given.schemas), *((e.schema, e.scope, e.key) for e in given.entries)):
        if place in seen:
            raise Invalid("import_twice", "the document names {what} twice", what=" ".join(map(str, place))[:300])
        seen.add(place)


def changed_schemas(state: State, given: Given, now: int) -> Iterator[Schema]:
    for schema in given.schemas:
        old = state.schemas.get(schema.name)
        if old is None or not same(parts(old), parts(schema)):
            yield replace(schema, revision=(old.revision if old is not None else 0) + 1, at=now)


def changed_entries(
    before: State, state: State, given: Given, stamp: Write, now: int
) -> Iterator[tuple[Entry, Revision]]:
    """From the platform down. Secrets stay as they are; what is the same already gets no new revision."""
    for each in sorted(given.entries, key=lambda entry: list(Level).index(entry.scope.level)):
        if is_secret(state.schemas.get(each.schema)) and not each.hidden:
            continue
        old = state.find(each.schema, each.scope, each.key)
        if old is not None and not old.current.removed and stands(old.current, each):
            continue
        check_review(before, each.schema)
        expected = old.newest if old is not None else 0
        yield next_of(state, replace(stamp, schema=each.schema, scope=each.scope, key=each.key, expected=expected,
                                     value=each.value, hidden=each.hidden), now)  # fmt: skip


def stands(current: Revision, given: GivenEntry) -> bool:
    return current.hidden == given.hidden and (given.hidden or same(current.value, given.value))


def parts(schema: Schema) -> dict[str, Any]:
    return {name: getattr(schema, name) for name in SCHEMA_PARTS}

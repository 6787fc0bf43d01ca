"""Changing a schema: entries that no longer fit refuse it, or a migration brings them along."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from liuyun.errors import ConfigConflict, ConfigNotFound, Invalid, phrase
from liuyun.metadata.core.bulk import Bulk, Move, moved
from liuyun.metadata.core.changes import LONGEST_REASON, check_name, refuse
from liuyun.metadata.core.checks import problems_of_schema
from liuyun.metadata.core.documents import same
from liuyun.metadata.core.migrations import Operation, check_migration, migrated
from liuyun.metadata.core.schemas import referred_schemas, schema_problem
from liuyun.metadata.core.state import State, with_schema, without_schema
from liuyun.model.config import Entry, Kind, Revision, Schema


def put_schema(state: State, schema: Schema, expected: int, migration: Sequence[Operation], now: int) -> Bulk:
    """`schema.revision` is filled in here. Raises Invalid, ConfigConflict or InvalidConfig."""
    old = check_schema(state, schema, expected)
    check_migration(migration)
    new = replace(schema, revision=expected + 1, at=now)
    after = with_schema(state, new)
    moves: tuple[Move, ...] = ()
    if old is not None and migration:
        reason = f"schema {schema.name} became revision {new.revision}"
        stamp = Revision(number=0, author=schema.author, reason=reason, at=now)
        after, moves = moved(after, carried(after, new, migration, stamp), now)
    refuse(problems_of_schema(after, new.name))
    return Bulk(after, (new,), moves)


def check_schema(
    state: State, schema: Schema, expected: int, *, known: Mapping[str, Schema] | None = None
) -> Schema | None:
    """The schema as it was. `known`: those that it may refer to, if they are others than now."""
    check_name(phrase("name_of_schema", "the name of a schema"), schema.name)
    if len(schema.reason) > LONGEST_REASON:
        raise Invalid("reason_long", "the reason must have at most {longest} characters", longest=LONGEST_REASON)
    if problem := schema_problem(schema.document):
        raise Invalid(
            "schema_unusable", "the schema '{name}' can't be used: {problem}", name=schema.name, problem=problem
        )
    for target in referred_schemas(schema.document):
        if target != schema.name and target not in (state.schemas if known is None else known):
            raise Invalid(
                "schema_refers_missing",
                "the schema '{name}' refers to entries of '{target}', which is not there",
                name=schema.name,
                target=target[:128],
            )
    old = state.schemas.get(schema.name)
    revision = old.revision if old is not None else 0
    if revision != expected:
        raise ConfigConflict(
            "schema_revision",
            "the schema '{name}' is at revision {revision}, but the change was made against {expected}",
            name=schema.name,
            revision=revision,
            expected=expected,
        )
    if old is not None and old.kind is not schema.kind and any(state.every(schema.name)):
        # not even when all are removed: their histories would be shown, or rolled back to, as what they are not
        raise ConfigConflict(
            "schema_kind",
            "the schema '{name}' has or had entries, so its kind can't change: remove it and create it again",
            name=schema.name,
        )
    return old


def carried(
    state: State, schema: Schema, migration: Sequence[Operation], stamp: Revision
) -> Iterator[tuple[Entry, Revision]]:
    for entry in list(state.every(schema.name)):
        if entry.rollout is not None:
            raise ConfigConflict(
                "rollout_finish",
                "{schema}/{key} at {scope} is being rolled out; finish that first",
                schema=entry.schema,
                key=entry.key,
                scope=entry.scope,
            )
        value = migrated(entry.current.value, migration)
        if alive(entry) and not entry.current.hidden and not same(value, entry.current.value):
            revision = replace(stamp, number=entry.current.number + 1, value=value)
            yield replace(entry, current=revision), revision


def remove_schema(state: State, name: str, expected: int) -> State:
    """Raises ConfigNotFound, or ConfigConflict while entries or other schemas need it."""
    schema = state.schemas.get(name)
    if schema is None:
        raise ConfigNotFound("schema_missing", "there is no schema '{name}'", name=name[:128])
    if schema.revision != expected:
        raise ConfigConflict(
            "schema_revision",
            "the schema '{name}' is at revision {revision}, but the change was made against {expected}",
            name=name,
            revision=schema.revision,
            expected=expected,
        )
    if any(alive(entry) for entry in state.every(name)):
        raise ConfigConflict(
            "schema_has_entries", "the schema '{name}' still has entries; remove them first", name=name
        )
    for other in state.schemas.values():
        if other.name != name and name in referred_schemas(other.document):
            raise ConfigConflict(
                "schema_referred", "the schema '{name}' refers to entries of '{target}'", name=other.name, target=name
            )
    return without_schema(state, name)


def alive(entry: Entry) -> bool:
    return not entry.current.removed


def is_secret(schema: Schema | None) -> bool:
    return schema is not None and schema.kind is Kind.SECRET

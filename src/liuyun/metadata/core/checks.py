"""Whether a state may be: every value that somebody can come to see fits its schema and refers to what is there.

Somebody who "can come to see" is every reader of every scope, on whichever side of each roll-out that is under way.
"""

from collections.abc import Iterable, Iterator
from itertools import product

from liuyun.errors import phrase
from liuyun.metadata.core.effective import chain, combined
from liuyun.metadata.core.schemas import references, referred_schemas, value_problems
from liuyun.metadata.core.state import State
from liuyun.model.config import Effective, Entry, Kind, Problem, Revision, Schema, Scope

Touched = tuple[str, str]  # schema, key


def problems_of(state: State, touched: Iterable[Touched]) -> Iterator[Problem]:
    """What is wrong after these keys have changed, in them and in what refers to them."""
    for schema_name, key in touched:
        schema = state.schemas[schema_name]
        yield from value_problems_of(state, schema, key)
        yield from dangling(state, schema_name, key)


def problems_of_schema(state: State, name: str) -> Iterator[Problem]:
    """What is wrong with all entries of a schema."""
    for key in state.keys(name):
        yield from value_problems_of(state, state.schemas[name], key)


def value_problems_of(state: State, schema: Schema, key: str) -> Iterator[Problem]:
    """In each scope that has an entry: others see what one of these sees. The texts of secrets are sealed here."""
    if schema.kind is Kind.SECRET:
        return
    for scope in state.at(schema.name, key):
        for found in views(state, schema.name, key, scope):
            for at, what in value_problems(schema.document, found.value):
                yield Problem(schema.name, key, scope, at, what)
    yield from unmet(state, schema, key)


def unmet(state: State, schema: Schema, key: str) -> Iterator[Problem]:
    """References of an entry that lead nowhere, also for heirs who can't see what the entry's own scope sees."""
    if not referred_schemas(schema.document):
        return
    own = state.at(schema.name, key)
    targets = {(target, name) for scope in own for _, target, name in marks(state, schema, key, scope)}
    for target, name in sorted(targets):
        for scope in {**own, **state.at(target, name)}:
            if certain(state, target, name, scope):
                continue
            for at, *to in marks(state, schema, key, scope):
                if to == [target, name]:
                    template = "there is no entry '{key}' of the schema '{schema}' for {scope}"
                    what = phrase("entry_missing_for", template, key=name, schema=target, scope=scope)
                    yield Problem(schema.name, key, scope, at, what)


def dangling(state: State, schema: str, key: str) -> Iterator[Problem]:
    """References to a key that some reader sees no longer: the referring entry's own, or one that inherits it."""
    moved = state.at(schema, key)
    if not any(revision.hidden or revision.removed for entry in moved.values() for revision in possible(entry)):
        return
    for other in state.schemas.values():
        if schema not in referred_schemas(other.document):
            continue
        for name in state.keys(other.name):
            for scope in {**state.at(other.name, name), **moved}:
                referred = ((target, to) for _, target, to in marks(state, other, name, scope))
                if not certain(state, schema, key, scope) and (schema, key) in referred:
                    what = phrase("entry_refers", "it refers to {schema}/{key}", schema=schema, key=key)
                    yield Problem(other.name, name, scope, "", what)


def marks(state: State, schema: Schema, key: str, scope: Scope) -> Iterable[tuple[str, str, str]]:
    """The references in all that readers of this scope can come to see: (JSON pointer, schema, key)."""
    found = views(state, schema.name, key, scope)
    return dict.fromkeys(mark for each in found for mark in references(schema.document, each.value))


def views(state: State, schema: str, key: str, scope: Scope) -> Iterator[Effective]:
    """All that readers of this scope can come to see."""
    return (found for found in outcomes(state, schema, key, scope) if found is not None)


def certain(state: State, schema: str, key: str, scope: Scope) -> bool:
    """Whether every reader of this scope sees something."""
    return all(found is not None for found in outcomes(state, schema, key, scope))


def outcomes(state: State, schema: str, key: str, scope: Scope) -> Iterator[Effective | None]:
    """What readers of this scope get, whatever roll-outs reach them; None: nothing."""
    scopes = state.at(schema, key)
    layers: list[list[tuple[Scope, Revision]]] = [
        [(each, revision) for revision in possible(entry)]
        for each in chain(scope)
        if (entry := scopes.get(each)) is not None
    ]
    for layer in product(*layers):
        yield combined(key, layer)


def possible(entry: Entry) -> tuple[Revision, ...]:
    return (entry.current,) if entry.rollout is None else (entry.current, entry.rollout.revision)

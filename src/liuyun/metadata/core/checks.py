"""Whether a state may be: every value that somebody can come to see fits its schema and refers to what is there."""

from collections.abc import Iterable, Iterator
from itertools import product

from liuyun.metadata.core.effective import Reader, chain, combined, effective
from liuyun.metadata.core.schemas import references, referred_schemas, value_problems
from liuyun.metadata.core.state import State
from liuyun.model.config import Effective, Kind, Problem, Revision, Schema, Scope

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
    """In each scope that has an entry: others see what one of these sees."""
    if schema.kind is Kind.SECRET:
        return
    for scope in state.at(schema.name, key):
        for found in views(state, schema.name, key, scope):
            place = f"{schema.name}/{key} at {scope}"
            for at, text in value_problems(schema.document, found.value):
                yield Problem(f"{place}: {at}", text)
            for at, target, name in references(schema.document, found.value):
                if not visible(state, target, name, scope):
                    yield Problem(f"{place}: {at}", f"there is no entry '{name}' of the schema '{target}' for {scope}")


def views(state: State, schema: str, key: str, scope: Scope) -> Iterator[Effective]:
    """All that readers of this scope can come to see, whatever roll-outs reach them."""
    scopes = state.at(schema, key)
    layers: list[list[tuple[Scope, Revision]]] = []
    for each in chain(scope):
        if (entry := scopes.get(each)) is not None:
            states = [entry.current] if entry.rollout is None else [entry.current, entry.rollout.revision]
            layers.append([(each, revision) for revision in states])
    for layer in product(*layers):
        if (found := combined(key, layer)) is not None:
            yield found


def dangling(state: State, schema: str, key: str) -> Iterator[Problem]:
    """References to a key that some scope sees no longer: the referring entry's own, or one that inherits it."""
    moved = state.at(schema, key)
    for other in state.schemas.values():
        if schema not in referred_schemas(other.document):
            continue
        for entry in state.every(other.name):
            scopes = {entry.scope, *(scope for scope in moved if entry.scope in chain(scope))}
            for scope in scopes:
                if refers(state, other, entry.key, scope, (schema, key)) and not visible(state, schema, key, scope):
                    yield Problem(f"{other.name}/{entry.key} at {scope}", f"it refers to {schema}/{key}")


def refers(state: State, schema: Schema, key: str, scope: Scope, to: Touched) -> bool:
    found = effective(state, schema.name, key, Reader(scope))
    return found is not None and any((t, k) == to for _, t, k in references(schema.document, found.value))


def visible(state: State, schema: str, key: str, scope: Scope) -> bool:
    return effective(state, schema, key, Reader(scope)) is not None

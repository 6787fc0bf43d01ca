"""What a reader sees of an entry: roll-outs chosen, scopes inherited.

Rules
- A tenant inherits from the account, the account from the platform. The nearest scope wins.
- Objects are merged property by property (one level deep): a nearer scope needs to say only what differs. Anything else
  replaces what is inherited, and so does an object that meets something else.
- A hidden entry ends inheritance: what farther scopes say is not seen, and neither is anything here.
- A roll-out reaches the tenants that it names, and of all others those whose unit falls into its percentage. A unit is
  the reader's tenant, or what the reader names (an order, a customer). The same unit always falls to the same side, and
  stays reached as the percentage grows.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from liuyun.metadata.core.documents import is_object
from liuyun.metadata.core.state import ByScope, State
from liuyun.model.config import ACCOUNT, PLATFORM, Effective, Entry, Json, Level, Revision, Rollout, Scope

BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Reader:
    scope: Scope
    unit: str = ""


def chain(scope: Scope) -> tuple[Scope, ...]:
    """The scope and all that it inherits from, the nearest first."""
    match scope.level:
        case Level.TENANT:
            return scope, ACCOUNT, PLATFORM
        case Level.ACCOUNT:
            return ACCOUNT, PLATFORM
        case Level.PLATFORM:
            return (PLATFORM,)


def effective(state: State, schema: str, key: str, reader: Reader) -> Effective | None:
    """None if the reader's scope has and inherits nothing under this key."""
    scopes = state.at(schema, key)
    return combined(key, seen(scopes, reader)) if scopes else None


def listing(state: State, schema: str, reader: Reader) -> list[Effective]:
    """Every key that the reader sees, in the order of keys."""
    found = (effective(state, schema, key, reader) for key in sorted(state.keys(schema)))
    return [each for each in found if each is not None]


def seen(scopes: ByScope, reader: Reader) -> Iterator[tuple[Scope, Revision]]:
    """The revisions that make up what the reader sees, the nearest first."""
    for scope in chain(reader.scope):
        entry = scopes.get(scope)
        if entry is not None:
            yield scope, chosen(entry, reader)


def combined(
    key: str, revisions: Iterator[tuple[Scope, Revision]] | Sequence[tuple[Scope, Revision]]
) -> Effective | None:
    layers: list[tuple[str, Json]] = []
    number = 0
    for scope, revision in revisions:
        if revision.removed:
            continue
        if revision.hidden:
            break
        layers.append((str(scope), revision.value))
        number = number or revision.number
        if not is_object(revision.value):
            break
    return Effective(key, *merged(layers), number) if layers else None


def merged(layers: Sequence[tuple[str, Json]]) -> tuple[Json, Mapping[str, str]]:
    """From the farthest to the nearest, so that the nearest has the last word."""
    nearest_scope, nearest = layers[0]
    if not is_object(nearest):
        return nearest, {"": nearest_scope}
    value: dict[str, Json] = {}
    origins: dict[str, str] = {}
    for scope, layer in reversed(layers):
        if is_object(layer):
            value.update(layer)
            origins.update(dict.fromkeys(layer, scope))
    return value, origins


def chosen(entry: Entry, reader: Reader) -> Revision:
    if entry.rollout is not None and reaches(entry.rollout, entry, reader):
        return entry.rollout.revision
    return entry.current


def reaches(rollout: Rollout, entry: Entry, reader: Reader) -> bool:
    if reader.scope.tenant in rollout.tenants:
        return True
    unit = reader.unit or reader.scope.tenant
    return bool(unit) and bucket(entry.schema, entry.key, unit) < rollout.percent * BUCKETS / 100


def bucket(schema: str, key: str, unit: str) -> int:
    """Where a unit falls among BUCKETS, evenly, and for each entry anew."""
    digest = hashlib.blake2b(f"{schema}\0{key}\0{unit}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % BUCKETS

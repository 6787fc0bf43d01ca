"""Several changes that are made together: all of them, or none."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from liuyun.metadata.core.state import State, with_entries
from liuyun.model.config import Change, Entry, Revision, Schema


@dataclass(frozen=True, slots=True)
class Move:
    """An entry, the revision that is new in its history, and what watchers are told of it."""

    entry: Entry
    revision: Revision
    change: Change


@dataclass(frozen=True, slots=True)
class Bulk:
    state: State
    schemas: tuple[Schema, ...] = ()
    moves: tuple[Move, ...] = ()


def moved(state: State, revised: Iterable[tuple[Entry, Revision]], now: int) -> tuple[State, tuple[Move, ...]]:
    """The state with these entries, each told under a number of its own."""
    moves = tuple(
        Move(entry, revision, Change(number, entry.schema, entry.scope, entry.key, entry.newest, now))
        for number, (entry, revision) in enumerate(revised, state.sequence + 1)
    )
    after = with_entries(state, [move.entry for move in moves])
    return replace(after, sequence=state.sequence + len(moves)), moves

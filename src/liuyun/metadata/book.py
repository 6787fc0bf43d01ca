"""The one place where configuration changes: decided on the state in memory, stored, then seen by everybody at once.

Reads look at the state and wait for nothing. Changes come one after another; each is on disk before it is seen or
answered, and goes through to its end even if whoever asked for it goes away.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TypeAlias

from liuyun.clock import Clock, wait_for
from liuyun.errors import ConfigConflict
from liuyun.metadata.core.bulk import Bulk
from liuyun.metadata.core.changes import Outcome
from liuyun.metadata.core.schema_changes import remove_schema
from liuyun.metadata.core.state import State, with_entries, with_schema
from liuyun.model.config import Change, Entry
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import config as store

KEPT_CHANGES = 10_000  # that a watcher may have missed
Also: TypeAlias = Callable[[Transaction], None]


def nothing(_: Transaction) -> None:
    return None


class Book:
    """`check(state, entries)` is what must hold beyond what the core can see: it raises InvalidConfig."""

    def __init__(self, *, db: Database, clock: Clock, check: Callable[[State, Iterable[Entry]], None]) -> None:
        self.db = db
        self.clock = clock
        self._check = check
        self.state = State()
        self._turn = asyncio.Lock()
        self._changes: deque[Change] = deque(maxlen=KEPT_CHANGES)
        self._moved: asyncio.Future[None] | None = None

    async def start(self) -> None:
        schemas, entries, changes = await self.db.read(
            lambda tx: (store.schemas(tx), store.entries(tx), store.changes(tx))
        )
        state = State(sequence=changes[-1].sequence if changes else 0)
        for schema in schemas:
            state = with_schema(state, schema)
        self.state = with_entries(state, entries)
        self._changes.extend(changes)

    async def change(self, decide: Callable[[State, int], Outcome], also: Also = nothing) -> Entry:
        """`decide(state, now)` says what is to become; `also` is done in the same commit.

        Raises what these raise, InvalidConfig or ConfigConflict.
        """
        return await asyncio.shield(asyncio.ensure_future(self._change(decide, also)))

    async def change_many(self, decide: Callable[[State, int], Bulk]) -> Bulk:
        """Decided beside the loop, on which everything else goes on: there may be thousands of entries."""
        return await asyncio.shield(asyncio.ensure_future(self._change_many(decide)))

    async def remove_schema(self, name: str, expected: int) -> None:
        """Raises ConfigNotFound or ConfigConflict."""
        await asyncio.shield(asyncio.ensure_future(self._remove_schema(name, expected)))

    def changes_after(self, sequence: int, most: int) -> list[Change] | None:
        """The first of them. None if some are not kept any more: read everything again."""
        missing = self.state.sequence - sequence
        if missing > len(self._changes):
            return None
        newest = list(islice(reversed(self._changes), max(missing, 0)))
        return newest[: -most - 1 : -1]

    async def wait_beyond(self, sequence: int, deadline: int) -> None:
        """Returns when something has changed after `sequence`, or at `deadline`, of the steady clock."""
        while self.state.sequence <= sequence and self.clock.steady() < deadline:
            if self._moved is None or self._moved.done():
                self._moved = asyncio.get_running_loop().create_future()
            try:
                await wait_for(self.clock, asyncio.shield(self._moved), deadline - self.clock.steady())
            except TimeoutError:
                return

    def end_waits(self) -> None:
        self._wake()

    async def _change(self, decide: Callable[[State, int], Outcome], also: Also) -> Entry:
        async with self._turn:
            old = self.state
            outcome = decide(old, self.clock.now())
            self._check(outcome.state, [outcome.entry])

            def work(tx: Transaction) -> None:
                save(tx, old, outcome.entry)
                if outcome.revision is not None:
                    store.keep_revisions(tx, [(outcome.entry, outcome.revision)])
                store.add_changes(tx, [outcome.change], keep=KEPT_CHANGES)
                also(tx)

            await self.db.write(work)
            self._become(outcome.state, [outcome.change])
        return outcome.entry

    async def _change_many(self, decide: Callable[[State, int], Bulk]) -> Bulk:
        async with self._turn:
            old = self.state
            bulk = await asyncio.to_thread(self._checked, decide, old, self.clock.now())
            await self.db.write(lambda tx: save_many(tx, old, bulk))
            self._become(bulk.state, [move.change for move in bulk.moves])
        return bulk

    def _checked(self, decide: Callable[[State, int], Bulk], old: State, now: int) -> Bulk:
        bulk = decide(old, now)
        for schema in bulk.schemas:
            self._check(bulk.state, bulk.state.every(schema.name))
        return bulk

    async def _remove_schema(self, name: str, expected: int) -> None:
        async with self._turn:
            state = remove_schema(self.state, name, expected)
            await self.db.write(lambda tx: store.delete_schema(tx, name))
            self._become(state, [])

    def _become(self, state: State, changes: Sequence[Change]) -> None:
        self.state = state
        self._changes.extend(changes)
        self._wake()

    def _wake(self) -> None:
        if self._moved is not None and not self._moved.done():
            self._moved.set_result(None)


def save_many(tx: Transaction, old: State, bulk: Bulk) -> None:
    for schema in bulk.schemas:
        if not store.put_schema(tx, schema):
            raise ConfigConflict(
                "schema_changed", "the schema '{name}' was changed meanwhile; please retry", name=schema.name
            )
    for move in bulk.moves:
        save(tx, old, move.entry)
    store.keep_revisions(tx, [(move.entry, move.revision) for move in bulk.moves])
    store.add_changes(tx, [move.change for move in bulk.moves], keep=KEPT_CHANGES)


def save(tx: Transaction, old: State, entry: Entry) -> None:
    """Raises ConfigConflict if the stored entry isn't the one that was decided on."""
    before = old.find(entry.schema, entry.scope, entry.key)
    if not store.put_entry(tx, entry, before.newest if before is not None else 0):
        raise ConfigConflict(
            "entry_changed",
            "{schema}/{key} at {scope} was changed meanwhile; please retry",
            schema=entry.schema,
            key=entry.key,
            scope=entry.scope,
        )

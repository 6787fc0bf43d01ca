"""The one place where configuration changes: decided on the state in memory, stored, then seen by everybody at once.

Reads look at the state and wait for nothing. Changes come one after another; each is on disk before it is seen or
answered, and goes through to its end even if whoever asked for it goes away.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

from liuyun.clock import Clock, wait_until
from liuyun.errors import ConfigConflict
from liuyun.metadata.core.changes import Outcome
from liuyun.metadata.core.schema_changes import SchemaOutcome, remove_schema
from liuyun.metadata.core.state import State, with_schema
from liuyun.model.config import Change, Entry, Revision, Scope
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import config as store

T = TypeVar("T")
KEPT_CHANGES = 10_000  # that a watcher may have missed


class Book:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self.db = db
        self.clock = clock
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
        self.state = filled(state, entries)
        self._changes.extend(changes)

    async def change(self, decide: Callable[[State, int], Outcome]) -> Entry:
        """`decide(state, now)` says what is to become. Raises what it raises, or ConfigConflict."""
        return await asyncio.shield(asyncio.ensure_future(self._change(decide)))

    async def change_schema(self, decide: Callable[[State, int], SchemaOutcome]) -> SchemaOutcome:
        return await asyncio.shield(asyncio.ensure_future(self._change_schema(decide)))

    async def remove_schema(self, name: str, expected: int) -> None:
        """Raises ConfigNotFound or ConfigConflict."""
        await asyncio.shield(asyncio.ensure_future(self._remove_schema(name, expected)))

    def changes_after(self, sequence: int) -> list[Change] | None:
        """None if some of them are not kept any more: read everything again."""
        if sequence < self.state.sequence and (not self._changes or self._changes[0].sequence > sequence + 1):
            return None
        return [change for change in self._changes if change.sequence > sequence]

    async def wait_beyond(self, sequence: int, deadline: int) -> None:
        """Returns when something has changed after `sequence`, or at `deadline`."""
        while self.state.sequence <= sequence and self.clock.now() < deadline:
            if self._moved is None or self._moved.done():
                self._moved = asyncio.get_running_loop().create_future()
            try:
                await wait_until(self.clock, asyncio.shield(self._moved), deadline)
            except TimeoutError:
                return

    def end_waits(self) -> None:
        self._wake()

    async def _change(self, decide: Callable[[State, int], Outcome]) -> Entry:
        async with self._turn:
            old = self.state
            outcome = decide(old, self.clock.now())
            await self.db.write(lambda tx: save(tx, old, outcome.entry, outcome.revision, outcome.change))
            self._become(outcome.state, [outcome.change])
        return outcome.entry

    async def _change_schema(self, decide: Callable[[State, int], SchemaOutcome]) -> SchemaOutcome:
        async with self._turn:
            old = self.state
            outcome = decide(old, self.clock.now())

            def work(tx: Transaction) -> None:
                if not store.put_schema(tx, outcome.schema):
                    raise ConfigConflict(f"the schema '{outcome.schema.name}' was changed meanwhile; please retry")
                for entry, revision, change in outcome.entries:
                    save(tx, old, entry, revision, change)

            await self.db.write(work)
            self._become(outcome.state, [change for _, _, change in outcome.entries])
        return outcome

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


def save(tx: Transaction, old: State, entry: Entry, revision: Revision | None, change: Change) -> None:
    """Raises ConfigConflict if the stored entry isn't the one that was decided on."""
    before = old.find(entry.schema, entry.scope, entry.key)
    if not store.put_entry(tx, entry, before.newest if before is not None else 0):
        raise ConfigConflict(f"{entry.schema}/{entry.key} at {entry.scope} was changed meanwhile; please retry")
    if revision is not None:
        store.keep_revision(tx, entry, revision)
    store.add_change(tx, change, keep=KEPT_CHANGES)


def filled(state: State, entries: Sequence[Entry]) -> State:
    """All at once: one by one would copy everything for each."""
    tables: dict[str, dict[str, dict[Scope, Entry]]] = {}
    for entry in entries:
        tables.setdefault(entry.schema, {}).setdefault(entry.key, {})[entry.scope] = entry
    return State(state.schemas, tables, state.sequence)

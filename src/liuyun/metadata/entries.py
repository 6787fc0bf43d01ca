"""Changing entries: at once, or step by step as a roll-out; going back; and what was before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from liuyun.errors import ConfigNotFound, InvalidConfig
from liuyun.metadata.book import Book
from liuyun.metadata.core import changes
from liuyun.metadata.core.changes import Outcome, check_review, check_seen
from liuyun.metadata.core.documents import same
from liuyun.metadata.core.state import State
from liuyun.metadata.secrets import Secrets
from liuyun.model.config import Entry, Problem, Revision, Scope, Write
from liuyun.storage.stores import config as store

LOOKED_BACK = 100  # revisions, for another value


@dataclass(frozen=True, slots=True)
class EntryAt:
    """An entry that is there. `expected`: the newest revision that the caller has seen; None: whichever is there."""

    schema: str
    scope: Scope
    key: str
    expected: int | None = None


class Entries:
    def __init__(self, book: Book, secrets: Secrets) -> None:
        self._book = book
        self._secrets = secrets

    async def put(self, write: Write) -> Entry:
        """A new value, to be seen by everybody at once.

        Raises Invalid, InvalidConfig, ConfigNotFound or ConfigConflict, as the other changes here do.
        """

        def decide(state: State, now: int) -> Outcome:
            check_review(state, write.schema)
            return changes.put(state, self._secrets.sealed(state, write), now)

        return await self._book.change(decide)

    async def begin_rollout(self, write: Write, percent: float, tenants: Sequence[str]) -> Entry:
        def decide(state: State, now: int) -> Outcome:
            check_review(state, write.schema)
            return changes.begin_rollout(state, self._secrets.sealed(state, write), percent, tenants, now)

        return await self._book.change(decide)

    async def move_rollout(self, at: EntryAt, percent: float, tenants: Sequence[str]) -> Entry:
        return await self._book.change(
            lambda state, now: changes.move_rollout(state, seen(state, at), percent, tenants, now)
        )

    async def finish_rollout(self, at: EntryAt, *, author: str) -> Entry:
        return await self._book.change(lambda state, now: changes.finish_rollout(state, seen(state, at), now, author))

    async def rollback(self, at: EntryAt, *, author: str, to: int | None = None) -> Entry:
        """To an older revision; if none is named, to what was there before the current, or a roll-out is called off.

        What was there comes back byte for byte, as a new revision.
        """
        entry = seen(self._book.state, at)
        at = replace(at, expected=entry.newest)  # what comes meanwhile must not be undone unseen
        if entry.rollout is not None and to is None:
            return await self._book.change(
                lambda state, now: changes.cancel_rollout(state, seen(state, at), now, author)
            )
        old = await (self._before(entry) if to is None else self.revision(at.schema, at.scope, at.key, to))
        reason = f"rolled back to revision {old.number}"
        write = Write(
            at.schema, at.scope, at.key, entry.newest, old.value, old.hidden, old.removed, author, reason
        )  # fmt: skip
        return await self._book.change(lambda state, now: changes.put(state, write, now))

    async def history(self, schema: str, scope: Scope, key: str, *, before: int, limit: int) -> list[Revision]:
        """Revisions before a number, the newest first."""
        return await self._book.db.read(lambda tx: store.history(tx, schema, scope, key, before=before, limit=limit))

    async def revision(self, schema: str, scope: Scope, key: str, number: int) -> Revision:
        """Raises ConfigNotFound."""
        found = await self._book.db.read(lambda tx: store.find_revision(tx, schema, scope, key, number))
        if found is None:
            raise ConfigNotFound(
                "entry_no_revision",
                "{schema}/{key} at {scope} has no revision {number}",
                schema=schema[:128],
                key=key[:128],
                scope=scope,
                number=number,
            )
        return found

    async def _before(self, entry: Entry) -> Revision:
        """The newest revision that says something else than the current: the end of a roll-out only repeats one.
        Raises ConfigNotFound.
        """
        current = entry.current
        for old in await self.history(entry.schema, entry.scope, entry.key, before=current.number, limit=LOOKED_BACK):
            if (old.hidden, old.removed) != (current.hidden, current.removed) or not same(old.value, current.value):
                return old
        raise ConfigNotFound(
            "entry_no_other",
            "{schema}/{key} at {scope} has no other revision to go back to",
            schema=entry.schema,
            key=entry.key,
            scope=entry.scope,
        )

    def problems(self, write: Write) -> list[Problem]:
        """What would refuse this value now, without making the change. Raises as `put` does of everything else."""
        state = self._book.state
        try:
            outcome = changes.put(state, self._secrets.sealed(state, write), self._book.clock.now())
            self._secrets.check(outcome.state, [outcome.entry])
        except InvalidConfig as refused:
            return list(cast("Sequence[Problem]", refused.facts["problems"]))
        return []


def seen(state: State, at: EntryAt) -> Entry:
    """Raises ConfigNotFound, or ConfigConflict if the caller saw another revision."""
    entry = state.find(at.schema, at.scope, at.key)
    if entry is None:
        raise ConfigNotFound(
            "entry_missing_at",
            "{schema}/{key} is not there at {scope}",
            schema=at.schema[:128],
            key=at.key[:128],
            scope=at.scope,
        )
    if at.expected is not None:
        check_seen(changes.entry_at(at.schema, at.key, at.scope), entry.newest, at.expected)
    return entry

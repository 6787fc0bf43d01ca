"""Drafts: a change that somebody proposes and somebody else approves before it is made."""

from dataclasses import replace

from liuyun.errors import ConfigConflict, ConfigNotFound
from liuyun.ids import Ids
from liuyun.metadata.book import Book
from liuyun.metadata.core import changes
from liuyun.metadata.core.changes import LONGEST_REASON, Outcome
from liuyun.metadata.core.schema_changes import is_secret
from liuyun.metadata.core.state import State
from liuyun.metadata.entries import Entries
from liuyun.metadata.secrets import Secrets
from liuyun.model.config import Draft, DraftState, Entry, Write
from liuyun.storage.database import Transaction
from liuyun.storage.stores import config as store

ID_BYTES = 8


class Drafts:
    def __init__(self, book: Book, entries: Entries, secrets: Secrets, ids: Ids) -> None:
        self._book = book
        self._entries = entries
        self._secrets = secrets
        self._ids = ids

    async def propose(self, write: Write) -> Draft:
        """Checked as if it were made now. Raises what Entries.put raises."""
        if problems := self._entries.problems(write):
            template = "the draft could not be published: {first}"
            raise ConfigConflict("draft_unpublishable", template, first=problems[0].phrase, problems=problems)
        stored = self._secrets.sealed(self._book.state, write)
        draft = Draft(
            draft_id=self._ids.hex(ID_BYTES),
            schema=write.schema,
            scope=write.scope,
            key=write.key,
            base=write.expected,
            value=stored.value,
            hidden=write.hidden,
            removed=write.removed,
            author=write.author,
            reason=write.reason,
            at=self._book.clock.now(),
            sealed=is_secret(self._book.state.schemas.get(write.schema)),
        )
        await self._book.db.write(lambda tx: store.insert_draft(tx, draft))
        return draft

    async def get(self, draft_id: str) -> Draft:
        """Raises ConfigNotFound."""
        draft = await self._book.db.read(lambda tx: store.find_draft(tx, draft_id))
        if draft is None:
            raise ConfigNotFound("draft_missing", "there is no draft '{draft_id}'", draft_id=draft_id[:64])
        return draft

    async def recent(self, state: DraftState | None, limit: int) -> list[Draft]:
        """The newest first."""
        return await self._book.db.read(lambda tx: store.drafts(tx, state, limit))

    async def review(self, draft_id: str, *, approve: bool, reviewer: str, comment: str = "") -> Draft:
        """Raises ConfigNotFound, or ConfigConflict when it isn't open or the reviewer wrote it."""
        draft = await self.get(draft_id)
        if draft.author == reviewer:
            raise ConfigConflict("draft_own", "a draft must be reviewed by somebody else than its author")
        state = DraftState.APPROVED if approve else DraftState.REJECTED
        return await self._move(draft, DraftState.OPEN, replace(draft, state=state, reviewer=reviewer, comment=comment))

    async def publish(self, draft_id: str) -> Entry:
        """Makes the change. Raises ConfigNotFound, ConfigConflict when it isn't approved or its entry has moved on,
        and what Entries.put raises.
        """
        draft = await self.get(draft_id)
        if draft.state is not DraftState.APPROVED:
            raise ConfigConflict(
                "draft_not_approved",
                "the draft is {state}; only an approved one can be published",
                state=draft.state.phrase,
            )
        write = Write(
            draft.schema, draft.scope, draft.key, draft.base, draft.value, draft.hidden, draft.removed,
            draft.author, reviewed(draft),
        )  # fmt: skip

        def decide(state: State, now: int) -> Outcome:
            if draft.sealed != is_secret(state.schemas.get(draft.schema)):
                raise ConfigConflict(
                    "draft_kind",
                    "'{schema}' has become another kind of schema; propose the draft anew",
                    schema=draft.schema,
                )
            return changes.put(state, write, now)

        return await self._book.change(decide, lambda tx: mark_published(tx, draft))

    async def _move(self, draft: Draft, before: DraftState, after: Draft) -> Draft:
        if draft.state is not before or not await self._book.db.write(lambda tx: store.update_draft(tx, after, before)):
            template = "the draft is {state}, not {before}"
            raise ConfigConflict("draft_state", template, state=draft.state.phrase, before=before.phrase)
        return after


def reviewed(draft: Draft) -> str:
    """The reason, with the name of whoever looked at it."""
    note = f"(reviewed by {draft.reviewer})"
    return f"{draft.reason[: LONGEST_REASON - len(note) - 1]} {note}".strip()


def mark_published(tx: Transaction, draft: Draft) -> None:
    """In the commit that makes the change, so that no draft is published twice."""
    if not store.update_draft(tx, replace(draft, state=DraftState.PUBLISHED), DraftState.APPROVED):
        raise ConfigConflict("draft_published", "the draft was published meanwhile")

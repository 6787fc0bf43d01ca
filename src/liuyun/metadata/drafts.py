"""Drafts: a change that somebody proposes and somebody else approves before it is made."""

from dataclasses import replace

from liuyun.errors import ConfigConflict, ConfigNotFound
from liuyun.ids import Ids
from liuyun.metadata.book import Book
from liuyun.metadata.entries import Entries
from liuyun.model.config import Draft, DraftState, Entry, Write
from liuyun.storage.stores import config as store

ID_BYTES = 8


class Drafts:
    def __init__(self, book: Book, entries: Entries, ids: Ids) -> None:
        self._book = book
        self._entries = entries
        self._ids = ids

    async def propose(self, write: Write) -> Draft:
        """Checked as if it were made now. Raises what Entries.put raises."""
        if problems := self._entries.problems(write):
            raise ConfigConflict("the draft could not be published:\n" + "\n".join(problems))
        draft = Draft(
            draft_id=self._ids.hex(ID_BYTES),
            schema=write.schema,
            scope=write.scope,
            key=write.key,
            base=write.expected,
            value=self._entries.stored(write).value,
            hidden=write.hidden,
            removed=write.removed,
            author=write.author,
            reason=write.reason,
            at=self._book.clock.now(),
        )
        await self._book.db.write(lambda tx: store.insert_draft(tx, draft))
        return draft

    async def get(self, draft_id: str) -> Draft:
        """Raises ConfigNotFound."""
        draft = await self._book.db.read(lambda tx: store.find_draft(tx, draft_id))
        if draft is None:
            raise ConfigNotFound(f"there is no draft '{draft_id[:64]}'")
        return draft

    async def recent(self, state: DraftState | None, limit: int) -> list[Draft]:
        """The newest first."""
        return await self._book.db.read(lambda tx: store.drafts(tx, state, limit))

    async def review(self, draft_id: str, *, approve: bool, reviewer: str, comment: str = "") -> Draft:
        """Raises ConfigNotFound, or ConfigConflict when it isn't open or the reviewer wrote it."""
        draft = await self.get(draft_id)
        if draft.author == reviewer:
            raise ConfigConflict("a draft must be reviewed by somebody else than its author")
        state = DraftState.APPROVED if approve else DraftState.REJECTED
        return await self._move(draft, DraftState.OPEN, replace(draft, state=state, reviewer=reviewer, comment=comment))

    async def publish(self, draft_id: str) -> Entry:
        """Makes the change. Raises ConfigNotFound, ConfigConflict when it isn't approved or its entry has moved on,
        and what Entries.put raises.
        """
        draft = await self.get(draft_id)
        if draft.state is not DraftState.APPROVED:
            raise ConfigConflict(f"the draft is {draft.state}; only an approved one can be published")
        write = Write(
            draft.schema, draft.scope, draft.key, draft.base, draft.value, draft.hidden, draft.removed,
            draft.author, f"{draft.reason} (reviewed by {draft.reviewer})".strip(),
        )  # fmt: skip
        entry = await self._entries.put_stored(write)
        await self._move(draft, DraftState.APPROVED, replace(draft, state=DraftState.PUBLISHED))
        return entry

    async def _move(self, draft: Draft, before: DraftState, after: Draft) -> Draft:
        if draft.state is not before or not await self._book.db.write(lambda tx: store.update_draft(tx, after, before)):
            raise ConfigConflict(f"the draft is {draft.state}, not {before}")
        return after

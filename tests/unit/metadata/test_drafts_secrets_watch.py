"""Drafts that somebody else approves; secrets that nobody sees; watchers that miss nothing."""

import asyncio

import pytest

from liuyun.errors import ConfigConflict, ConfigNotFound
from liuyun.metadata.core.effective import Reader
from liuyun.metadata.core.imports import Given, GivenEntry
from liuyun.model.config import DraftState
from tests.conftest import run
from tests.unit.metadata.desk import ALIPAY, MARKET, PLATFORM, desk


def test_a_draft_is_published_after_review():
    """By its approval alone nothing changes yet."""

    async def main() -> None:
        async with desk() as on:
            draft = await on.config.drafts.propose(on.write(ALIPAY))
            await on.config.drafts.review(draft.draft_id, approve=True, reviewer="wang")
            assert on.seen() is None
            await on.config.drafts.publish(draft.draft_id)
            assert on.seen() == ALIPAY
            assert (await on.config.drafts.get(draft.draft_id)).state is DraftState.PUBLISHED

    run(main())


def test_nobody_approves_their_own_draft():
    """That would be no review."""

    async def main() -> None:
        async with desk() as on:
            draft = await on.config.drafts.propose(on.write(ALIPAY))
            with pytest.raises(ConfigConflict, match="somebody else"):
                await on.config.drafts.review(draft.draft_id, approve=True, reviewer="li")
            with pytest.raises(ConfigConflict, match="only an approved one"):
                await on.config.drafts.publish(draft.draft_id)

    run(main())


def test_a_reviewed_schema_takes_drafts_only():
    """Its entries can't be changed past the reviewer."""

    async def main() -> None:
        async with desk() as on:
            await on.schema(expected=1, reviewed=True)
            with pytest.raises(ConfigConflict, match="only through a draft"):
                await on.put(ALIPAY)

    run(main())


def test_secrets_are_sealed_and_masked():
    """What is stored, listed and told in histories is not their text; who is given one by name gets it."""

    async def main() -> None:
        async with desk() as on:
            await on.secrets()
            await on.put("hunter2", schema="secret", key="db")
            history = await on.config.entries.history("secret", PLATFORM, "db", before=9, limit=9)
            shown = on.config.reading.get("secret", "db", Reader(MARKET))
            kept = (history, shown, on.config.reading.entries("secret"), on.config.exchange.export())
            assert "hunter2" not in repr(kept)
            assert on.seen(key="db", schema="secret") is None
            assert on.config.reading.reveal("secret", "db", Reader(MARKET)) == "hunter2"
            with pytest.raises(ConfigNotFound):
                on.config.reading.reveal("method", "db", Reader(MARKET))

    run(main())


def test_a_watcher_is_woken():
    """As soon as something changes, and with what it was."""

    async def main() -> None:
        async with desk() as on:
            watching = asyncio.ensure_future(on.config.reading.watch(0, on.clock.now() + 60_000))
            await asyncio.sleep(0)
            await on.put(ALIPAY)
            news = await watching
            assert [(c.schema, c.key, c.revision) for c in news.changes] == [("method", "alipay", 1)]

    run(main())


def test_a_watcher_that_came_too_late_reads_again():
    """Changes are kept for a while, not for ever."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            on.config._book._changes.clear()
            assert (await on.config.reading.watch(0, 0)).missed

    run(main())


def test_many_changes_are_told_in_portions():
    """In order, without a gap, each after the last one that was told."""

    async def main() -> None:
        async with desk() as on:
            given = tuple(GivenEntry("method", PLATFORM, f"m{n:04}", ALIPAY) for n in range(2_500))
            await on.config.exchange.apply(Given((), given), "git", "")
            told: list[str] = []
            sizes: list[int] = []
            after = 0
            while (news := await on.config.reading.watch(after, 0)).changes:
                told += [change.key for change in news.changes]
                sizes.append(len(news.changes))
                after = news.sequence
            assert (told, sizes) == ([entry.key for entry in given], [1_000, 1_000, 500])

    run(main())


def test_a_long_reason_can_be_published():
    """The note on who reviewed it fits behind it."""

    async def main() -> None:
        async with desk() as on:
            draft = await on.config.drafts.propose(on.write(ALIPAY, reason="x" * 500))
            await on.config.drafts.review(draft.draft_id, approve=True, reviewer="wang")
            entry = await on.config.drafts.publish(draft.draft_id)
            assert entry.current.reason.endswith("x (reviewed by wang)")

    run(main())


def test_a_draft_is_published_once():
    """However often it is asked for at the same time."""

    async def main() -> None:
        async with desk() as on:
            draft = await on.config.drafts.propose(on.write(ALIPAY))
            await on.config.drafts.review(draft.draft_id, approve=True, reviewer="wang")
            done = await asyncio.gather(*(on.config.drafts.publish(draft.draft_id) for _ in range(5)),
                                        return_exceptions=True)  # fmt: skip
            assert [type(one).__name__ for one in done] == ["Entry", *["ConfigConflict"] * 4]

    run(main())

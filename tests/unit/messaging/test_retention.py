"""What nobody can receive any more is cleared away."""

import pytest

from liuyun.errors import Invalid
from liuyun.messaging.retention import AT_ONCE
from liuyun.model.message import Draft
from tests.conftest import run
from tests.unit.messaging.stage import ACCOUNT, Stage, UnstableDatabase


def rows(stage: Stage) -> int:
    return stage.db._connection.execute("SELECT count(*) FROM messages").fetchone()[0]


def test_expired_messages_leave_the_disk() -> None:
    """In pieces, all of them, and nothing that is still good."""

    async def main() -> None:
        stage = await Stage().open(retention_s=60)
        for _ in range(AT_ONCE // 16 + 40):
            await stage.queues.send_batch(ACCOUNT, "q", [Draft("x")] * 16)
        await stage.clock.advance(30)
        await stage.send("young")
        await stage.clock.advance(45)
        assert rows(stage) == 1
        assert await stage.receive() == ["young"]

    run(main())


def test_messages_of_a_deleted_queue_leave_the_disk() -> None:
    """Ready and held ones, by and by."""

    async def main() -> None:
        stage = await Stage().open()
        await stage.send("a", "b", "c")
        await stage.receive()
        await stage.queues.delete(ACCOUNT, "q")
        assert rows(stage) == 3
        await stage.clock.advance(120)
        assert rows(stage) == 0

    run(main())


def test_clearing_goes_on_after_the_database_was_down() -> None:
    """A sweep that fails is made up for."""

    async def main() -> None:
        db = UnstableDatabase()
        stage = await Stage(db).open(retention_s=60)
        await stage.send("x")
        db.broken = True
        await stage.clock.advance(70)
        db.broken = False
        await stage.clock.advance(70)
        assert rows(stage) == 0

    run(main())


def test_a_logging_bucket_is_kept() -> None:
    """What an account sets is there after it, for that account alone."""

    async def main() -> None:
        accounts = Stage().messaging.accounts
        assert await accounts.logging_bucket(ACCOUNT) == ""
        await accounts.set_logging_bucket(ACCOUNT, "one")
        await accounts.set_logging_bucket(ACCOUNT, "two")
        assert [await accounts.logging_bucket(each) for each in (ACCOUNT, "another")] == ["two", ""]
        with pytest.raises(Invalid):
            await accounts.set_logging_bucket(ACCOUNT, "x" * 257)

    run(main())

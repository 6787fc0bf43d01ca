import asyncio
from pathlib import Path

import pytest

from liuyun.clock import SystemClock
from liuyun.errors import Unavailable
from liuyun.storage.database import Database, Transaction
from liuyun.storage.sqlite import MemoryDatabase, SqliteDatabase
from liuyun.storage.stores import identity, people


@pytest.fixture(params=["memory", "file"])
def make_database(request: pytest.FixtureRequest, tmp_path: Path):
    return MemoryDatabase if request.param == "memory" else lambda: SqliteDatabase(tmp_path / "liuyun.db")


def note(name: str, value: str):
    return lambda tx: identity.set_facts(tx, {name: value})


def failing(tx: Transaction) -> None:
    identity.set_facts(tx, {"a": "changed"})
    raise ValueError("no")


async def read(db: Database, name: str) -> str | None:
    return await db.read(lambda tx: identity.fact(tx, name))


def test_a_write_is_seen_by_the_next_read(make_database):
    """What a resolved write stored is in every later read."""

    async def main():
        db = make_database()
        await db.write(note("a", "1"))
        assert await read(db, "a") == "1"
        await db.close()

    asyncio.run(main())


def test_a_failing_unit_leaves_its_neighbours(make_database):
    """A unit that raises undoes only its own changes and raises at its own caller."""

    async def main():
        db = make_database()
        results = await asyncio.gather(
            db.write(note("a", "1")), db.write(failing), db.write(note("b", "2")), return_exceptions=True
        )
        assert isinstance(results[1], ValueError)
        assert [await read(db, "a"), await read(db, "b")] == ["1", "2"]
        await db.close()

    asyncio.run(main())


def test_whoever_listens_hears_which_tables_a_commit_changed(make_database):
    """Each once and after the commit; nothing of what only reads, changes no row, or came before."""

    async def main() -> list[frozenset[str]]:
        db, clock = make_database(), SystemClock()
        await db.write(note("a", "1"))
        with db.changes.heard() as listener:
            await db.write(lambda tx: people.delete_session(tx, "none"))
            await read(db, "a")
            await db.write(note("a", "2"))
            heard = [await listener.take(clock, clock.now() + 60_000), await listener.take(clock, 0)]
            db.changes.end()
            heard.append(await listener.take(clock, clock.now() + 60_000))
        await db.close()
        return heard

    assert asyncio.run(main()) == [{"facts"}, set(), set()]


def test_many_writers_share_commits_in_order(make_database):
    """Units run in the order in which they were handed in."""

    async def main():
        db = make_database()
        await asyncio.gather(*(db.write(note("a", str(i))) for i in range(2000)))
        assert await read(db, "a") == "1999"
        await db.close()

    asyncio.run(main())


def test_closing_commits_what_was_accepted(tmp_path: Path):
    """Units handed in before close are on disk after it; later ones are refused."""

    async def main():
        db = SqliteDatabase(tmp_path / "liuyun.db")
        pending = [asyncio.ensure_future(db.write(note(str(i), "x"))) for i in range(50)]
        await db.close()
        await asyncio.gather(*pending)
        with pytest.raises(Unavailable):
            await db.write(note("late", "x"))
        again = SqliteDatabase(tmp_path / "liuyun.db")
        assert await read(again, "49") == "x"
        await again.close()

    asyncio.run(main())


def test_data_of_a_newer_version_is_refused(tmp_path: Path):
    """A database with migrations that this version doesn't know is not touched."""

    async def main():
        db = SqliteDatabase(tmp_path / "liuyun.db")
        db._writer.execute("PRAGMA user_version=9999")
        await db.close()

    asyncio.run(main())
    with pytest.raises(Unavailable, match="newer"):
        SqliteDatabase(tmp_path / "liuyun.db")

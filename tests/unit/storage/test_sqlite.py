import asyncio
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.clock import SystemClock
from liuyun.errors import Unavailable
from liuyun.storage.database import Database, Transaction, Work
from liuyun.storage.sqlite import MemoryDatabase, SqliteDatabase, Unit, commit, connect, migrate
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


def group_of(*works: Work[Any]) -> tuple[sqlite3.Connection, list[Any]]:
    """What units come to that share one commit, and where it went."""
    connection = connect(":memory:")
    migrate(connection)
    loop = asyncio.new_event_loop()
    group = [Unit(work, print, loop) for work in works]
    commit(connection, group)
    loop.close()
    return connection, [unit.came_to for unit in group]


kinds = st.sampled_from(["writes", "refuses", "fails", "fails_in_a_statement"])


@given(st.lists(kinds, min_size=1, max_size=8))
def test_a_group_comes_to_what_its_units_come_to_alone(group: list[str]):
    """Whichever of them fail, and wherever: what the others changed is there, and nothing else is."""

    def work(index: int, kind: str, tx: Transaction) -> int:
        if kind == "refuses":
            raise ValueError("no")
        identity.set_facts(tx, {f"fact {index}": "x"})
        if kind == "fails":
            raise ValueError("no")
        if kind == "fails_in_a_statement":
            tx.run_many("queues.insert_deleted", [{"queue_id": index}] * 2)
        return index

    connection, came_to = group_of(*[partial(work, index, kind) for index, kind in enumerate(group)])
    good = [index for index, kind in enumerate(group) if kind == "writes"]
    assert [each for each in came_to if isinstance(each, int)] == good
    assert {row["name"] for row in connection.execute("SELECT name FROM facts")} == {f"fact {index}" for index in good}
    assert connection.execute("SELECT count(*) FROM deleted_queues").fetchone()[0] == 0
    connection.close()


def test_a_refusal_doesnt_make_its_neighbours_run_again():
    """A unit that has changed nothing leaves nothing to undo."""
    runs: list[int] = []

    def refusing(_: Transaction) -> None:
        raise ValueError("no")

    connection, _ = group_of(lambda _: runs.append(1), refusing)
    connection.close()
    assert runs == [1]


def test_what_follows_from_a_commit_follows_for_each(tmp_path: Path):
    """A consequence that fails is reported, and the others are drawn all the same."""
    told: list[object] = []

    def broken(_: object) -> None:
        raise RuntimeError("no")

    async def main() -> None:
        db = SqliteDatabase(tmp_path / "liuyun.db")
        reported: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: reported.append(context["exception"]))
        db.begin(note("a", "1"), broken)
        db.begin(note("b", "1"), told.append)
        await db.write(note("c", "1"))
        await db.close()
        assert [str(each) for each in reported] == ["no"]

    asyncio.run(main())
    assert told == [None]


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


def test_what_is_written_in_one_turn_is_one_commit(tmp_path: Path):
    """Or the first would be committed alone, and the others wait for the disk twice."""

    async def main() -> set[int]:
        db = SqliteDatabase(tmp_path / "liuyun.db")
        transactions = await asyncio.gather(*(db.write(lambda tx: tx) for _ in range(20)))
        await db.close()
        return {id(each) for each in transactions}

    assert len(asyncio.run(main())) == 1


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


def test_what_a_loop_left_behind_is_committed_with_what_comes_next(tmp_path: Path):
    """Units gather for one turn of their loop; one that ended before that keeps nobody from being heard."""

    async def main(db: SqliteDatabase) -> None:
        await db.write(note("next", "y"))
        assert [await read(db, "left"), await read(db, "next")] == ["x", "y"]
        await db.close()

    db = SqliteDatabase(tmp_path / "liuyun.db")
    loop = asyncio.new_event_loop()
    loop.call_soon(lambda: (db.write(note("left", "x")), loop.stop()))
    loop.run_forever()
    loop.close()
    asyncio.run(main(db))


def test_data_of_a_newer_version_is_refused(tmp_path: Path):
    """A database with migrations that this version doesn't know is not touched."""

    async def main():
        db = SqliteDatabase(tmp_path / "liuyun.db")
        db._writer.execute("PRAGMA user_version=9999")
        await db.close()

    asyncio.run(main())
    with pytest.raises(Unavailable, match="newer"):
        SqliteDatabase(tmp_path / "liuyun.db")

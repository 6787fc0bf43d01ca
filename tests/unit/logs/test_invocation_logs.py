"""Functions' logs: kept, found, followed, bounded and forgotten in time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from liuyun.logs.chunks import CHUNK_LINES, IDS_PER_MS, Wanted, chunks_of
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.model.log import LogLine
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.storage.stores import logs as store
from liuyun.testing.clock import FakeClock, settle
from tests.conftest import run

SOURCE = ("1", "s", "f")


@dataclass
class Stage:
    logs: InvocationLogs
    clock: FakeClock
    db: MemoryDatabase

    def say(self, *texts: str, function: str = "f", request_id: str = "r1") -> None:
        for text in texts:
            self.logs.record(line(text, function=function, request_id=request_id, at=self.clock.now()))


def line(text: str, *, function: str = "f", request_id: str = "r1", at: int = 0) -> LogLine:
    return LogLine("1", "s", function, "LATEST", "i1", request_id, at, text)


def texts(lines: list[LogLine]) -> list[str]:
    return [line.text for line in lines]


@asynccontextmanager
async def stage(**options: int) -> AsyncIterator[Stage]:
    clock, db = FakeClock(), MemoryDatabase()
    logs = InvocationLogs(db=db, clock=clock, retention_s=60, **options)
    await logs.start()
    yield Stage(logs, clock, db)
    await logs.close()


def test_a_line_comes_back_as_it_was():
    """Nothing of a recorded line is lost or changed."""

    async def main() -> None:
        async with stage() as on:
            said = LogLine("1", "s", "f", "3", "i-9", "r", 1_700_000_000_001, 'quote " and 中文 \t', "stderr")
            on.logs.record(said)
            await settle()
            assert (await on.logs.query(SOURCE)).lines == [said]

    run(main())


def test_lines_keep_their_order_and_their_function():
    """A function's log holds its own lines alone, in the order of recording."""

    async def main() -> None:
        async with stage() as on:
            on.say("a", "b")
            on.say("other", function="g")
            on.say("c")
            await settle()
            assert texts((await on.logs.query(SOURCE)).lines) == ["a", "b", "c"]

    run(main())


def test_without_a_cursor_the_last_lines_come():
    """A query that says nothing about where to begin gives the end of the log."""

    async def main() -> None:
        async with stage() as on:
            for i in range(1200):
                on.say(str(i))
            await on.clock.advance(1)
            assert texts((await on.logs.query(SOURCE, limit=3)).lines) == ["1197", "1198", "1199"]

    run(main())


def test_a_cursor_continues_without_gap_or_repeat():
    """Pages taken one after the other make the whole log."""

    async def main() -> None:
        async with stage() as on:
            on.say(*map(str, range(1000)))
            await on.clock.advance(1)
            found, cursor = [], 0
            while (page := await on.logs.query(SOURCE, cursor=cursor, limit=7)).lines:
                found, cursor = found + texts(page.lines), page.cursor
            assert found == [str(i) for i in range(1000)]

    run(main())


def test_lines_are_found_by_request_text_and_time():
    """Each condition restricts, and all of them together."""

    async def main() -> None:
        async with stage() as on:
            on.say("start", "apple", request_id="r1")
            on.say("apple", "pear", request_id="r2")
            await on.clock.advance(10)
            on.say("late apple", request_id="r2")
            await settle()

            async def find(wanted: Wanted) -> list[str]:
                return texts((await on.logs.query(SOURCE, wanted)).lines)

            assert await find(Wanted(request_id="r2")) == ["apple", "pear", "late apple"]
            assert await find(Wanted(contains="apple")) == ["apple", "apple", "late apple"]
            assert await find(Wanted(since=on.clock.now())) == ["late apple"]
            assert await find(Wanted(request_id="r2", contains="pear")) == ["pear"]

    run(main())


def test_a_follower_gets_what_is_there_and_what_comes():
    """Following never misses a line, also one that comes while the follower reads."""

    async def main() -> None:
        async with stage() as on:
            on.say("before")
            await settle()
            heard: list[str] = []

            async def listen() -> None:
                async for said in on.logs.follow(SOURCE, cursor=0):
                    heard.append(said.text)  # noqa: PERF401 - as they come

            listener = asyncio.create_task(listen())
            await settle()
            on.say("after")
            await on.clock.advance(1)
            on.say("later")
            await on.clock.advance(200)
            listener.cancel()
            with suppress(asyncio.CancelledError):
                await listener
            assert heard == ["before", "after", "later"]

    run(main())


def test_waiting_ends_at_its_time():
    """A wait without news gives an empty page, and the same cursor to go on from."""

    async def main() -> None:
        async with stage() as on:
            waiting = asyncio.create_task(on.logs.wait(SOURCE, cursor=5, wait_ms=3000))
            await on.clock.advance(2.9)
            assert not waiting.done()
            await on.clock.advance(0.2)
            page = await waiting
            assert (page.lines, page.cursor) == ([], 5)

    run(main())


def test_lines_without_room_are_counted():
    """When memory for lines is full the rest is dropped, and the log says how many are missing."""

    async def main() -> None:
        async with stage(buffer_bytes=2000) as on:
            on.say(*["x" * 100] * 20)
            await settle()
            found = (await on.logs.query(SOURCE)).lines
            assert texts(found)[:5] == ["x" * 100] * 5
            assert found[5].text.startswith("15 log lines are missing")
            assert found[5].stream == "platform"

    run(main())


def test_room_comes_back():
    """Memory is free again once lines are stored."""

    async def main() -> None:
        async with stage(buffer_bytes=2000) as on:
            for i in range(10):
                on.say(f"{i}" * 1000)
                await on.clock.advance(1)
            assert len((await on.logs.query(SOURCE)).lines) == 10

    run(main())


def test_closing_stores_what_was_recorded():
    """A clean stop loses no line."""

    async def main() -> None:
        async with stage() as on:
            on.say("first")
            await settle()
            on.say("last words")
        chunks = await on.db.read(lambda tx: store.after(tx, SOURCE, 0, 10))
        assert "last words" in chunks[-1].lines

    run(main())


def test_old_lines_go():
    """Lines leave once they are older than the retention; younger ones stay."""

    async def main() -> None:
        async with stage() as on:
            on.say("old")
            await on.clock.advance(70)
            on.say("young")
            await on.clock.advance(51)
            assert texts((await on.logs.query(SOURCE)).lines) == ["young"]

    run(main())


def test_ids_never_go_back():
    """After a restart with the clock set back, new lines still come behind the stored ones."""

    async def main() -> None:
        async with stage() as on:
            on.say("one")
            await settle()
            again = InvocationLogs(db=on.db, clock=FakeClock(start=5), retention_s=60)
            await again.start()
            cursor = (await again.query(SOURCE)).cursor
            again.record(line("two"))
            await again.close()
            assert texts((await on.logs.query(SOURCE, cursor=cursor)).lines) == ["two"]

    run(main())


def test_chunks_are_bounded():
    """Neither many lines nor long ones make a row without bound."""
    many = chunks_of([line("x")] * (2 * CHUNK_LINES + 1), IDS_PER_MS)
    assert [chunk.last_line - IDS_PER_MS + 1 for _, chunk in many] == [
        CHUNK_LINES,
        2 * CHUNK_LINES,
        2 * CHUNK_LINES + 1,
    ]
    assert len(chunks_of([line("x" * 200_000)] * 3, 0)) == 3

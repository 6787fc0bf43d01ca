"""How invocations went: stored, found, forgotten."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from liuyun.logs.invocation_records import CHUNK, LAST, InvocationRecords
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.record import InvocationRecord, Outcome, Wanted
from liuyun.observability.observer import Observer
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock
from tests.conftest import run

SOURCE = ("1", "s", "f")


class Stage:
    def __init__(self, db: MemoryDatabase | None = None, clock: FakeClock | None = None) -> None:
        self.db, self.clock = db or MemoryDatabase(), clock or FakeClock()
        self.error: str | None = None
        self.counted: list[InvocationRecord] = []
        self.observer = Observer(invoke=self._answer, clock=self.clock)
        self.records = InvocationRecords(
            db=self.db, clock=self.clock, observer=self.observer, retention_s=3600, sinks=[self.counted.extend]
        )

    async def _answer(self, call: Invocation) -> InvocationResult:
        return InvocationResult(b"", self.error, call.request_id, "i", "LATEST", "", 1.5, 2.5)

    async def call(self, request_id: str, function: str = "f", source: str = "api") -> None:
        await self.observer.invoke(Invocation("1", "s", function, b"", request_id, source=source))

    async def ids(self, wanted: Wanted | None = None, limit: int = 100) -> list[str]:
        found = await self.records.latest(SOURCE, wanted or Wanted(), limit=limit)
        return [record.request_id for record in found]


@asynccontextmanager
async def stage(**options) -> AsyncIterator[Stage]:
    on = Stage(**options)
    await on.records.start()
    yield on
    await on.records.close()


def test_records_are_found_newest_first() -> None:
    """At once, of the function that was asked for, in the number that was asked for."""

    async def main() -> None:
        async with stage() as on:
            for i in range(3):
                await on.call(f"r{i}")
                await on.call("other", function="g")
            assert await on.ids() == ["r2", "r1", "r0"]
            assert await on.ids(limit=2) == ["r2", "r1"]

    run(main())


def test_records_are_searched() -> None:
    """By outcome, request, source and time."""

    async def main() -> None:
        async with stage() as on:
            await on.call("r0")
            await on.clock.advance(5)
            on.error = "UnhandledInvocationError"
            await on.call("r1", source="timer")
            assert await on.ids(Wanted(outcome=Outcome.ERROR)) == ["r1"]
            assert await on.ids(Wanted(request_id="r0")) == ["r0"]
            assert await on.ids(Wanted(source="timer")) == ["r1"]
            assert await on.ids(Wanted(since=on.clock.now())) == ["r1"]

    run(main())


def test_a_search_comes_page_by_page() -> None:
    """Each record once, also where a page ends in the middle of what is stored together."""

    async def main() -> None:
        async with stage() as on:
            for i in range(7):
                await on.call(f"r{i}", source="timer" if i % 2 else "api")
                if i == 3:
                    await on.clock.advance(2)
            pages: list[list[str]] = []
            before: int | None = LAST
            while before is not None:
                page = await on.records.page(SOURCE, Wanted(), limit=3, before=before)
                pages.append([record.request_id for record in page.records])
                before = page.before
            assert pages == [["r6", "r5", "r4"], ["r3", "r2", "r1"], ["r0"]]
            page = await on.records.page(SOURCE, Wanted(source="timer"), limit=2)
            assert [record.request_id for record in page.records] == ["r5", "r3"]

    run(main())


@pytest.mark.parametrize(
    ("wanted", "taken"),
    [
        (Wanted(qualifier="prod"), {"prod"}),
        (Wanted(qualifier="3"), {"prod"}),
        (Wanted(qualifier="LATEST"), {"newest"}),
        (Wanted(cold=True), {"newest"}),
        (Wanted(longer_ms=5), {"prod"}),
        (Wanted(since=10, until=20), {"newest"}),
    ],
)
def test_what_is_wanted(wanted: Wanted, taken: set[str]) -> None:
    """By how it was called, by what ran, how long, and when."""
    newest = InvocationRecord(
        "1", "s", "f", "", "newest", "api", "", 0, 0, 10, 20, Outcome.OK, version_id="LATEST", duration_ms=5, cold=True
    )
    prod = msgspec.structs.replace(
        newest, qualifier="prod", version_id="3", request_id="prod", duration_ms=6, cold=False, began_at=20
    )
    assert {record.request_id for record in (newest, prod) if wanted.takes(record)} == taken


def test_records_are_counted_once_a_second() -> None:
    """Whoever counts them gets each once, off the path of the calls."""

    async def main() -> None:
        async with stage() as on:
            await on.call("r0")
            await on.call("r1")
            assert on.counted == []
            await on.clock.advance(1)
            assert [record.request_id for record in on.counted] == ["r0", "r1"]
            await on.clock.advance(5)
            assert len(on.counted) == 2

    run(main())


def test_many_records_outlive_a_restart_and_their_order_holds() -> None:
    """A clean stop stores what there is."""

    async def main() -> None:
        async with stage() as on:
            for i in range(CHUNK + 10):
                await on.call(f"r{i}")
        async with stage(db=on.db, clock=on.clock) as again:
            await again.call("new")
            found = await again.ids(limit=1000)
            assert found == ["new", *(f"r{i}" for i in reversed(range(CHUNK + 10)))]

    run(main())


def test_old_records_go() -> None:
    """After their retention."""

    async def main() -> None:
        async with stage() as on:
            await on.call("old")
            await on.clock.advance(3000)
            await on.call("new")
            await on.clock.advance(700)
            assert await on.ids() == ["new"]

    run(main())

"""How invocations went: stored, found, forgotten."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from liuyun.logs.invocation_records import CHUNK, InvocationRecords
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

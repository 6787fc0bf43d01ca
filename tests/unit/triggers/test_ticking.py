"""Timers that tick: on time, once, and over a restart."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from liuyun.model.asynchronous import Accepted, AsyncConfig
from liuyun.model.function import Trigger
from liuyun.storage.database import Transaction
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.storage.stores import triggers as store
from liuyun.storage.stores.triggers import key_of
from liuyun.testing.clock import FakeClock, settle
from liuyun.testing.ids import CountingIds
from liuyun.triggers.ticking import AsyncQueue, Ticking
from liuyun.triggers.timer import TimerTrigger
from tests.conftest import run
from tests.unit.messaging.stage import UnstableDatabase

TIMER = Trigger("1", "s", "f", "t", "id-1", "timer", {"cronExpression": "@every 10s"})


@dataclass
class Stage:
    db: MemoryDatabase = field(default_factory=MemoryDatabase)
    clock: FakeClock = field(default_factory=lambda: FakeClock(1_700_000_000_000))
    enqueued: list[Accepted] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = AsyncQueue(self._place, self._placed, lambda *names: AsyncConfig())
        self.ticking = Ticking(db=self.db, clock=self.clock, ids=CountingIds(), queue=self.queue, catch_up_s=60)
        self.kind = TimerTrigger(self.ticking)
        self._in_commit: list[Accepted] = []

    def _place(self, tx: Transaction, accepted: Accepted) -> None:
        self._in_commit.append(accepted)

    def _placed(self, committed: Sequence[Accepted]) -> None:
        assert list(committed) == self._in_commit
        self._in_commit.clear()
        self.enqueued += committed

    async def add(self, trigger: Trigger = TIMER) -> Trigger:
        checked = self.kind.validated(trigger)
        await self.db.write(lambda tx: store.insert(tx, checked))
        await self.kind.attach(checked)
        return checked

    async def change(self, trigger: Trigger) -> None:
        await self.db.write(lambda tx: store.update(tx, trigger))
        await self.kind.attach(trigger)

    @property
    def ticks(self) -> list[int]:
        """Seconds since the stage was set."""
        return [each.invocation.caused_at // 1000 - 1_700_000_000 for each in self.enqueued]


@asynccontextmanager
async def stage(db: MemoryDatabase | None = None, clock: FakeClock | None = None) -> AsyncIterator[Stage]:
    on = Stage(db or MemoryDatabase(), clock or FakeClock(1_700_000_000_000))
    await on.ticking.start()
    yield on
    await on.ticking.close()


def test_a_timer_ticks() -> None:
    """Each tick is an asynchronous invocation with the contract's event."""

    async def main() -> None:
        async with stage() as on:
            await on.add()
            await on.clock.advance(35)
            assert on.ticks == [10, 20, 30]
            document = json.loads(on.enqueued[0].invocation.payload)
            assert document == {"triggerTime": "2023-11-14T22:13:30Z", "triggerName": "t", "payload": ""}

    run(main())


def test_timers_tick_each_by_its_own_schedule() -> None:
    """However many are due at once."""

    async def main() -> None:
        async with stage() as on:
            for i in range(600):
                await on.add(replace(TIMER, name=f"t{i}", config={"cronExpression": "0 * * * * *"}))
            await on.clock.advance(60)
            assert len(on.enqueued) == 600

    run(main())


def test_a_disabled_timer_is_silent() -> None:
    """Until it is enabled, and from then on by its schedule."""

    async def main() -> None:
        async with stage() as on:
            trigger = await on.add(replace(TIMER, config={**TIMER.config, "enable": False}))
            await on.clock.advance(60)
            assert on.ticks == []
            await on.change(replace(trigger, config={**trigger.config, "enable": True}))
            await on.clock.advance(10)
            assert on.ticks == [70]
            await on.change(replace(trigger, config={**trigger.config, "enable": False}))
            await on.clock.advance(60)
            assert on.ticks == [70]

    run(main())


def test_another_schedule_begins_anew_another_payload_does_not() -> None:
    """What a change doesn't touch goes on."""

    async def main() -> None:
        async with stage() as on:
            trigger = await on.add()
            await on.clock.advance(15)
            await on.change(replace(trigger, config={**trigger.config, "payload": "new"}))
            await on.clock.advance(5)
            assert on.ticks == [10, 20]
            assert json.loads(on.enqueued[-1].invocation.payload)["payload"] == "new"
            await on.clock.advance(3)
            await on.change(replace(trigger, config={**trigger.config, "cronExpression": "@every 5s"}))
            await on.clock.advance(10)
            assert on.ticks == [10, 20, 28, 33]

    run(main())


def test_a_deleted_timer_ticks_no_more() -> None:
    """Not even if its trigger went without it."""

    async def main() -> None:
        async with stage() as on:
            trigger = await on.add()
            await on.kind.detach(trigger)
            await on.clock.advance(20)
            assert on.ticks == []
            await on.kind.attach(trigger)
            await on.db.write(lambda tx: store.delete(tx, key_of(trigger)))
            await on.clock.advance(20)
            assert on.ticks == []
            await on.add()
            await on.clock.advance(10)
            assert on.ticks == [50]

    run(main())


def test_a_restart_loses_and_doubles_no_tick() -> None:
    """Those that were due while the platform was down come at once, and the schedule goes on as it was."""

    async def main() -> None:
        async with stage() as on:
            trigger = await on.add()
            await on.clock.advance(12)
        await on.clock.advance(30)
        async with stage(on.db, on.clock) as again:
            await again.kind.attach(trigger)
            await settle(200)
            assert (on.ticks, again.ticks) == ([10], [20, 30, 40])
            await again.clock.advance(10)
            assert again.ticks == [20, 30, 40, 50]

    run(main())


def test_after_a_long_time_only_the_last_ticks_are_made_up_for() -> None:
    """A timer that ticked for a weekend unheard must not flood its function."""

    async def main() -> None:
        async with stage() as on:
            await on.add()
        await on.clock.advance(100_005)
        async with stage(on.db, on.clock) as again:
            await settle(300)
            assert again.ticks == [99_950, 99_960, 99_970, 99_980, 99_990, 100_000]

    run(main())


def test_a_database_that_fails_delays_ticks_and_loses_none() -> None:
    """They are made up for when it can be written again."""

    async def main() -> None:
        db = UnstableDatabase()
        async with stage(db) as on:
            await on.add()
            db.broken = True
            await on.clock.advance(15)
            assert on.ticks == []
            db.broken = False
            await on.clock.advance(2)
            assert on.ticks == [10]

    run(main())

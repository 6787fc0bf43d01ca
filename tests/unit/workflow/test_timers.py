from collections.abc import Sequence

from liuyun.errors import Unavailable
from liuyun.model.execution import ExecutionKey
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.storage.stores import executions as store
from liuyun.storage.stores.executions import Advance, TimerRow
from liuyun.testing.clock import FakeClock, settle
from liuyun.workflow.timers import BATCH, POSTPONED_MS, Timers
from tests.conftest import run

KEY = ExecutionKey("1", "flow", "run")


class Alarms:
    """Timers on a database, and who hears them: it notes when each one rang and removes it, as the engine does."""

    def __init__(self) -> None:
        self.db = MemoryDatabase()
        self.clock = FakeClock()
        self.start = self.clock.now()
        self.timers = Timers(db=self.db, clock=self.clock)
        self.rung: list[tuple[int, float]] = []
        self.faults: dict[int, Exception] = {}

    async def ring(self, key: ExecutionKey, event_id: int) -> None:
        if fault := self.faults.pop(event_id, None):
            raise fault
        self.rung.append((event_id, (self.clock.now() - self.start) / 1000))
        await self.db.write(lambda tx: store.drop(tx, key, Advance(0, 0, "", rung=[event_id])))

    async def set(self, alarms: Sequence[tuple[int, float]]) -> None:
        rows = [TimerRow(event_id, self.start + round(after_s * 1000)) for event_id, after_s in alarms]
        await self.db.write(lambda tx: store.add(tx, KEY, Advance(0, 0, "", timers=rows)))
        self.timers.arm(min(row.due_at for row in rows))

    async def listen(self) -> None:
        self.timers.start(self.ring)
        await settle()


def test_alarms_ring_when_they_are_due_and_in_order():
    """Neither early nor late nor twice."""

    async def main() -> None:
        alarms = Alarms()
        await alarms.set([(1, 5), (2, 1), (3, 5)])
        await alarms.listen()
        await alarms.clock.advance(10)
        assert alarms.rung == [(2, 1), (1, 5), (3, 5)]
        await alarms.timers.close()

    run(main())


def test_an_earlier_alarm_wakes_the_sleeper():
    """The loop doesn't oversleep what is set while it sleeps for something later."""

    async def main() -> None:
        alarms = Alarms()
        await alarms.listen()
        await alarms.set([(1, 60)])
        await settle()
        await alarms.set([(2, 1)])
        await alarms.clock.advance(2)
        assert alarms.rung == [(2, 1)]
        await alarms.timers.close()

    run(main())


def test_alarms_of_an_earlier_process_ring_at_once_when_they_are_late():
    """A restart misses nothing."""

    async def main() -> None:
        alarms = Alarms()
        await alarms.set([(1, 1)])
        await alarms.clock.advance(100)
        await alarms.listen()
        assert alarms.rung == [(1, 100)]
        await alarms.timers.close()

    run(main())


def test_more_alarms_than_one_batch_all_ring():
    """The batch bounds memory, not the work."""

    async def main() -> None:
        alarms = Alarms()
        await alarms.set([(n, 1) for n in range(BATCH * 2 + 1)])
        await alarms.listen()
        await alarms.clock.advance(1)
        assert len(alarms.rung) == BATCH * 2 + 1
        await alarms.timers.close()

    run(main())


def test_an_alarm_rings_again_once_the_database_is_back():
    """Unavailable means later, not never."""

    async def main() -> None:
        alarms = Alarms()
        alarms.faults[1] = Unavailable("The disk is full.")
        await alarms.set([(1, 1)])
        await alarms.listen()
        await alarms.clock.advance(3)
        assert alarms.rung == [(1, 2)]
        await alarms.timers.close()

    run(main())


def test_an_alarm_that_can_not_be_taken_does_not_hold_up_the_others():
    """It is tried again a minute later."""

    async def main() -> None:
        alarms = Alarms()
        alarms.faults[1] = ValueError("a bug")
        await alarms.set([(1, 1), (2, 2)])
        await alarms.listen()
        await alarms.clock.advance(100)
        assert alarms.rung == [(2, 2), (1, 1 + POSTPONED_MS / 1000)]
        await alarms.timers.close()

    run(main())

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

from liuyun.errors import Unavailable
from liuyun.model.execution import ExecutionKey
from liuyun.storage.database import Work
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.storage.stores import executions as store
from liuyun.storage.stores.executions import Advance, EffectRow
from liuyun.testing.clock import FakeClock, settle
from liuyun.workflow.core.activations import Activation, TaskFailed, TaskReturned
from liuyun.workflow.core.effects import SendMessage
from liuyun.workflow.dispatch import Dispatcher
from liuyun.workflow.outbox import encode
from tests.conftest import run

KEY = ExecutionKey("1", "flow", "run")


def effect(event_id: int) -> SendMessage:
    return SendMessage(event_id=event_id, path="send", attempt=1, queue="orders", body="{}")


class Database(MemoryDatabase):
    """Refuses as many readings as it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.refusals = 0

    def read(self, work: Work[Any], /) -> Awaitable[Any]:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("The disk is broken.")
        return super().read(work)


class World:
    """A dispatcher, the executions that it answers to, and a queue service that notes what it was sent."""

    def __init__(self, db: Database | None = None, *, places: int = 10, waiting: int = 100) -> None:
        self.db = db or Database()
        self.clock = FakeClock()
        self.dispatcher = Dispatcher(db=self.db, clock=self.clock, places=places, share=places - 1, waiting=waiting)
        self.sent: list[int] = []
        self.answers: list[Activation] = []
        self.unwanted: set[int] = set()
        self.database_faults = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def carry(self, key: ExecutionKey, sent: SendMessage) -> Activation:
        self.sent.append(sent.event_id)
        await self.gate.wait()
        return TaskReturned(sent.event_id, {})

    async def awaits(self, key: ExecutionKey, event_id: int) -> bool:
        return event_id not in self.unwanted

    async def advance(self, key: ExecutionKey, activation: Activation) -> None:
        if self.database_faults:
            self.database_faults -= 1
            raise Unavailable("The disk is full.")
        assert isinstance(activation, TaskReturned | TaskFailed)
        self.answers.append(activation)
        await self.db.write(lambda tx: store.delete_effect(tx, key, activation.event_id))

    async def commit(self, event_ids: Sequence[int]) -> None:
        rows = [EffectRow(event_id, encode(effect(event_id))) for event_id in event_ids]
        await self.db.write(lambda tx: store.add(tx, KEY, Advance(0, 0, "", effects=rows)))

    async def start(self) -> None:
        self.dispatcher.start(self, {SendMessage: self.carry})
        await settle()

    async def rows(self) -> list[int]:
        return [row.event_id for _, row in await self.db.read(lambda tx: store.effects(tx, "1", "flow", 10_000))]


def test_a_committed_effect_leaves_and_its_result_comes_back():
    """Once; its row goes with the result."""

    async def main() -> None:
        world = World()
        await world.start()
        await world.commit([1])
        world.dispatcher.submit(KEY, [effect(1)])
        await settle()
        assert (world.sent, world.answers, await world.rows()) == ([1], [TaskReturned(1, {})], [])
        await world.dispatcher.close(0)

    run(main())


def test_a_crash_between_commit_and_effect_loses_nothing():
    """What an earlier process committed leaves after the start."""

    async def main() -> None:
        world = World()
        await world.commit([1, 2])
        await world.start()
        assert (world.sent, await world.rows()) == ([1, 2], [])
        await world.dispatcher.close(0)

    run(main())


def test_a_crash_between_effect_and_result_repeats_the_effect():
    """At least once: the row stays until the result is committed."""

    async def main() -> None:
        first = World()
        first.gate.clear()
        await first.commit([1])
        await first.start()
        await first.dispatcher.close(0)
        second = World(first.db)
        await second.start()
        assert (first.sent, first.answers, second.sent, len(second.answers)) == ([1], [], [1], 1)
        await second.dispatcher.close(0)

    run(main())


def test_an_effect_that_nobody_awaits_is_dropped():
    """The execution ended, or the task timed out, before the effect left."""

    async def main() -> None:
        world = World()
        world.unwanted.add(1)
        await world.commit([1])
        await world.start()
        assert (world.sent, world.answers, await world.rows()) == ([], [], [])
        await world.dispatcher.close(0)

    run(main())


def test_a_result_is_handed_in_again_until_the_database_takes_it():
    """The effect itself is not repeated."""

    async def main() -> None:
        world = World()
        world.database_faults = 3
        await world.commit([1])
        await world.start()
        await world.clock.advance(1)
        assert (world.sent, world.answers) == ([1], [TaskReturned(1, {})])
        await world.dispatcher.close(0)

    run(main())


def test_no_more_than_the_places_are_under_way():
    """The rest waits, and leaves as places become free."""

    async def main() -> None:
        world = World(places=3)
        world.gate.clear()
        await world.commit([1, 2, 3])
        await world.start()
        assert world.sent == [1, 2]
        world.gate.set()
        await settle()
        assert world.sent == [1, 2, 3]
        await world.dispatcher.close(0)

    run(main())


def test_a_flood_stays_in_the_database_and_is_all_carried_out_once():
    """Memory holds a bounded backlog, however many effects are committed."""

    async def main() -> None:
        world = World(places=3, waiting=20)
        await world.start()
        world.gate.clear()
        flood = list(range(1, 2001))
        await world.commit(flood)
        for event_id in flood:
            world.dispatcher.submit(KEY, [effect(event_id)])
        assert world.dispatcher.statistics()["waiting_effects"] <= 20
        world.gate.set()
        while await world.rows():
            await settle()
        assert sorted(world.sent) == flood
        await world.dispatcher.close(0)

    run(main())


def test_a_flow_that_floods_does_not_keep_others_waiting():
    """Neither in memory nor for a place."""

    async def main() -> None:
        world = World(places=3, waiting=20)
        await world.start()
        world.gate.clear()
        for event_id in range(1, 101):
            world.dispatcher.submit(KEY, [effect(event_id)])
        world.dispatcher.submit(KEY._replace(flow_id="other"), [effect(1000)])
        await settle()
        assert world.sent == [1, 2, 1000]
        await world.dispatcher.close(0)

    run(main())


def test_a_database_that_is_away_delays_the_reading():
    """What an earlier process left leaves once it is back."""

    async def main() -> None:
        world = World()
        await world.commit([1])
        world.db.refusals = 1
        world.dispatcher.start(world, {SendMessage: world.carry})
        await world.clock.advance(10)
        assert world.sent == [1]
        await world.dispatcher.close(0)

    run(main())


def test_a_fault_of_ours_fails_the_task_and_not_the_platform():
    """The flow may catch FnF.RuntimeError; the others go on."""

    async def main() -> None:
        world = World()
        world.gate = None  # type: ignore[assignment]
        await world.commit([1])
        await world.start()
        assert [answer.error for answer in world.answers if isinstance(answer, TaskFailed)] == ["FnF.RuntimeError"]
        await world.dispatcher.close(0)

    run(main())


def test_closing_waits_for_what_is_under_way():
    """A result that comes within the grace period is not lost."""

    async def main() -> None:
        world = World()
        world.gate.clear()
        await world.commit([1])
        await world.start()
        closing = asyncio.create_task(world.dispatcher.close(drain_s=30))
        await settle()
        world.gate.set()
        await closing
        assert len(world.answers) == 1

    run(main())

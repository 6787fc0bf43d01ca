"""How stored work is handed out."""

import asyncio
from collections.abc import Mapping

from liuyun.errors import Unavailable
from liuyun.scheduling.dispatcher import RETRY_AFTER_ERROR_MS, Claimed, Dispatcher
from liuyun.testing.clock import FakeClock, settle
from tests.conftest import run


class Store:
    """Pieces of work by lane, as a database would hold them."""

    def __init__(self, **work: list[str]) -> None:
        self.work = work
        self.done: list[str] = []
        self.gate = asyncio.Event()
        self.failures = 0

    async def claim(self, turns: Mapping[str, int], now: int) -> Mapping[str, Claimed[str]]:
        if self.failures:
            self.failures -= 1
            raise Unavailable("The disk is full.")
        claimed: dict[str, Claimed[str]] = {}
        for lane, count in turns.items():
            pieces, self.work[lane] = self.work[lane][:count], self.work[lane][count:]
            claimed[lane] = Claimed(pieces, now if self.work[lane] else None, 2)
        return claimed

    async def carry(self, piece: str) -> None:
        if piece == "bad":
            raise ValueError(piece)
        await self.gate.wait()
        self.done.append(piece)


def dispatcher(store: Store, clock: FakeClock) -> Dispatcher[str, str]:
    made = Dispatcher("work", clock=clock, places=3, lane_limit=2, claim=store.claim, carry=store.carry)
    made.start()
    return made


def test_lanes_share_the_places(clock: FakeClock) -> None:
    """A long lane has its limit under way, and leaves room for the others."""

    async def main() -> None:
        store = Store(a=["1", "2", "3", "4"], b=["5"])
        work = dispatcher(store, clock)
        work.due(["a", "b"], clock.now())
        await settle()
        assert work.statistics() == {"under_way": 3, "lanes": 2}
        store.gate.set()
        await settle(60)
        assert sorted(store.done) == ["1", "2", "3", "4", "5"]
        assert work.statistics() == {"under_way": 0, "lanes": 0}
        await work.close()

    run(main())


def test_a_stop_does_not_wait_for_a_clock_that_stands_still(clock: FakeClock) -> None:
    """What is under way has the machine's own time, then it is let go of."""

    async def main() -> None:
        store = Store(a=["1"])
        work = dispatcher(store, clock)
        work.due(["a"], clock.now())
        await settle()
        await work.close(0.01)
        assert (store.done, work.statistics()["under_way"]) == ([], 0)

    run(main())


def test_one_piece_that_fails_costs_the_others_nothing(clock: FakeClock) -> None:
    """Its place is free again."""

    async def main() -> None:
        store = Store(a=["bad", "2"])
        store.gate.set()
        work = dispatcher(store, clock)
        work.due(["a"], clock.now())
        await settle()
        assert (store.done, work.statistics()["under_way"]) == (["2"], 0)
        await work.close()

    run(main())


def test_a_database_that_fails_is_asked_again(clock: FakeClock) -> None:
    """Nothing is lost, and it is not asked without pause."""

    async def main() -> None:
        store = Store(a=["1"])
        store.failures = 1
        store.gate.set()
        work = dispatcher(store, clock)
        work.due(["a"], clock.now())
        await settle()
        assert store.done == []
        await clock.advance(RETRY_AFTER_ERROR_MS / 1000)
        assert store.done == ["1"]
        await work.close()

    run(main())

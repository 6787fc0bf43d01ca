"""Roll-outs: some see a change before others do."""

import pytest

from liuyun.errors import ConfigConflict, Invalid, InvalidConfig
from liuyun.metadata.entries import EntryAt
from tests.conftest import run
from tests.unit.metadata.desk import ALIPAY, FLOWERS, MARKET, PLATFORM, Desk, desk

NEW = {"label": "Alipay", "discount": 0.3}


async def begun(on: Desk, percent: float = 0, tenants: tuple[str, ...] = ()) -> None:
    await on.put(ALIPAY)
    await on.config.entries.begin_rollout(on.write(NEW, 1), percent, tenants)


def test_named_tenants_see_it_first():
    """All others see what was there."""

    async def main() -> None:
        async with desk() as on:
            await begun(on, tenants=("market",))
            assert (on.seen(MARKET), on.seen(FLOWERS), on.seen()) == (NEW, ALIPAY, ALIPAY)

    run(main())


def test_a_percentage_of_units_sees_it():
    """About as many as asked, and the same ones each time."""

    async def main() -> None:
        async with desk() as on:
            await begun(on, percent=30)
            reached = [u for u in range(2000) if on.seen(unit=f"order-{u}") == NEW]
            assert 500 < len(reached) < 700
            await on.config.entries.move_rollout(EntryAt("method", PLATFORM, "alipay"), 60, ())
            assert all(on.seen(unit=f"order-{u}") == NEW for u in reached)

    run(main())


def test_the_end_of_a_rollout():
    """Finished, everybody sees it; called off, nobody does, and the old value is there byte for byte."""

    async def main() -> None:
        async with desk() as on:
            await begun(on, percent=50)
            await on.config.entries.finish_rollout(EntryAt("method", PLATFORM, "alipay"), author="li")
            assert on.seen() == NEW
            await on.config.entries.begin_rollout(on.write(ALIPAY, 3), 50, ())
            entry = await on.config.entries.rollback(EntryAt("method", PLATFORM, "alipay"), author="li")
            assert (entry.current.value, entry.rollout, entry.current.number) == (NEW, None, 5)

    run(main())


def test_what_is_rolled_out_must_fit_too():
    """Whoever it reaches must not meet an invalid value."""

    async def main() -> None:
        async with desk() as on:
            await on.put(ALIPAY)
            with pytest.raises(InvalidConfig):
                await on.config.entries.begin_rollout(on.write({"label": 5}, 1), 1, ())

    run(main())


def test_one_at_a_time():
    """A second change waits for the end of the roll-out; percentages are from 0 to 100."""

    async def main() -> None:
        async with desk() as on:
            await begun(on)
            with pytest.raises(ConfigConflict, match="is being rolled out"):
                await on.put(ALIPAY, 2)
            with pytest.raises(Invalid, match="percent"):
                await on.config.entries.move_rollout(EntryAt("method", PLATFORM, "alipay"), 101, ())

    run(main())


def test_who_read_during_a_rollout_reads_again():
    """They saw the older value beside the newest number; once it is finished, that number isn't enough to write."""

    async def main() -> None:
        async with desk() as on:
            await begun(on, percent=50)
            seen = on.config.reading.newest("method", PLATFORM, "alipay")
            assert seen is not None
            await on.config.entries.finish_rollout(EntryAt("method", PLATFORM, "alipay"), author="li")
            with pytest.raises(ConfigConflict, match="made against 2"):
                await on.put(ALIPAY, seen.newest)
            assert on.seen() == NEW

    run(main())


def test_going_back_after_a_rollout():
    """One call brings back what was there before it, not the same value under its first number."""

    async def main() -> None:
        async with desk() as on:
            await begun(on, percent=50)
            at = EntryAt("method", PLATFORM, "alipay")
            await on.config.entries.finish_rollout(at, author="wang")
            entry = await on.config.entries.rollback(at, author="li")
            assert (entry.current.value, entry.current.reason) == (ALIPAY, "rolled back to revision 1")

    run(main())

"""How many instances each function has, over time."""

from liuyun.observability.census import PACE_MS, Census
from liuyun.observability.minutes import Minutes
from liuyun.testing.clock import FakeClock
from tests.conftest import run


def test_instances_are_looked_at_once_a_second() -> None:
    """A minute tells the most that it saw."""

    async def main() -> list[int]:
        clock, minutes = FakeClock(), Minutes()
        counts = iter([1, 3, 2])
        census = Census(clock=clock, ask=lambda: {("s", "f"): next(counts)}, minutes=minutes)
        await census.start()
        seen: list[int] = []
        for _ in range(3):
            await clock.advance(PACE_MS / 1000 if seen else 0)
            seen.append(minutes.of_function(("s", "f"), clock.now())[-1][1].instances)
        await census.close()
        return seen

    assert run(main()) == [1, 3, 3]

"""The logs of all functions, searched."""

from typing import cast

from liuyun.logs.search import SEARCHED
from liuyun.model.log import LogLine
from liuyun.testing.clock import FakeClock
from tests.conftest import run
from tests.unit.gateway.console.visitor import Visitor, visitor
from tests.unit.workflow.world import ACCOUNT


async def print_lines(on: Visitor, *lines: tuple[str, str], ago_ms: int = 0) -> None:
    for function, text in lines:
        at = on.clock.now() - ago_ms
        on.stage.logs.record(LogLine(ACCOUNT, "s", function, "LATEST", "i", f"r-{function}", at, text))
    await on.stage.logs._flush()


async def texts(on: Visitor, query: str = "") -> list[str]:
    return [line["text"] for line in (await on.call("GET", f"/api/logs{query}")).json()["lines"]]


def test_lines_are_found_by_what_they_say():
    """In all functions or in one, by their text or their request."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await print_lines(on, ("f", "one order"), ("g", "two orders"), ("g", "nothing"))
            assert sorted(await texts(on)) == ["nothing", "one order", "two orders"]
            assert sorted(await texts(on, "?contains=order")) == ["one order", "two orders"]
            assert await texts(on, "?service=s&function=g&contains=order") == ["two orders"]
            assert await texts(on, "?requestId=r-f") == ["one order"]

    run(main())


def test_lines_are_counted_over_time():
    """All of them, though fewer are shown; what is older than the period is neither."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await print_lines(on, ("f", "old"), ago_ms=2 * 3_600_000)
            await print_lines(on, ("f", "half an hour ago"), ago_ms=1_800_000)
            await print_lines(on, ("f", "now"), ("g", "now too"))
            found = (await on.call("GET", "/api/logs?minutes=60&limit=1")).json()
        assert (len(found["lines"]), found["complete"]) == (1, True)
        assert (sum(found["counts"]), found["counts"][-1], len(found["counts"])) == (3, 2, 60)

    run(main())


def test_what_came_later_does_not_stand_in_the_way():
    """However much that is: the search begins where its period ends."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await print_lines(on, ("f", "the old one"))
            until = on.clock.now() + 1
            await cast("FakeClock", on.clock).advance(300)
            for number in range(SEARCHED + 1):
                await print_lines(on, ("f", str(number)))
            assert await texts(on, f"?minutes=1&until={until}") == ["the old one"]

    run(main())

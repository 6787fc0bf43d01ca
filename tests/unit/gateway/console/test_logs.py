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


def test_lines_are_found_by_how_bad_they_are():
    """By what loggers and tracebacks write; the mildest level takes all."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            bad = ["2026-01-01 r-1 [ERROR] no card", "Traceback (most recent call last):", "shop.CardError: declined"]
            milder = ["r-1 [warning] slow", "WARNING: slow"]
            await print_lines(on, *(("f", text) for text in [*bad, *milder, "no errors at all", "terror"]))
            assert sorted(await texts(on, "?level=error")) == sorted(bad)
            assert sorted(await texts(on, "?level=warning")) == sorted([*bad, *milder])
            assert len(await texts(on)) == 7

    run(main())


def test_events_of_flows_stand_among_the_lines():
    """Each says what it is and of which execution; they are found as lines are, and by their source."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await print_lines(on, ("f", "an order came"))
            definition = "version: v1\ntype: flow\nsteps:\n  - type: fail\n    name: refuse\n    error: NoCard\n"
            await on.call("POST", "/api/flows", {"name": "order", "definition": definition})
            await on.call("POST", "/api/flows/order/executions", {"name": "first", "input": "{}"})
            found = (await on.call("GET", "/api/logs?flow=order")).json()
            assert {(line["flow"], line["execution"], line["stream"]) for line in found["lines"]} == {
                ("order", "first", "event")
            }
            assert sum(found["counts"]) == len(found["lines"]) > 2
            assert (await texts(on, "?source=functions")) == ["an order came"]
            assert "an order came" not in await texts(on, "?source=flows")
            assert all("NoCard" in text for text in await texts(on, "?level=error&contains=NoCard"))
            assert len(await texts(on, "?level=error&requestId=first")) >= 1

    run(main())


def test_older_lines_follow_by_the_cursor():
    """Each line once and in order, also where many came at the same moment, from functions and flows."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            for ago in (3, 2, 2, 1):
                await print_lines(on, *(("f", f"{ago} {number}") for number in range(3)), ago_ms=ago * 1000)
            whole = await texts(on)
            until, cursor, seen = on.clock.now() + 1, "", list[str]()
            while cursor is not None:
                page = (await on.call("GET", f"/api/logs?limit=4&until={until}&cursor={cursor}")).json()
                seen += [line["text"] for line in page["lines"]]
                cursor = page["next"]
            assert seen == whole
            assert (await on.call("GET", "/api/logs?cursor=elsewhere")).status_code == 400

    run(main())


def test_a_search_that_stopped_goes_on():
    """Where one answer's bound was met, the cursor looks further back."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await print_lines(on, ("f", "the first one"))
            for number in range(SEARCHED):
                await print_lines(on, ("f", str(number)))
            first = (await on.call("GET", "/api/logs?contains=first")).json()
            assert (first["lines"], first["complete"]) == ([], False)
            assert await texts(on, f"?contains=first&until={first['until']}&cursor={first['next']}") == [
                "the first one"
            ]

    run(main())

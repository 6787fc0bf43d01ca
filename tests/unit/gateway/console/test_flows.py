"""Flows and executions as the console's API gives them."""

import asyncio

from liuyun.model.people import Role
from liuyun.testing.clock import settle
from tests.conftest import run
from tests.unit.gateway.console.visitor import Visitor, visitor
from tests.unit.workflow.world import ASK, PASS, REST

WRONG = "version: v1\ntype: flow\nsteps:\n  - {type: pas, name: a}\n  - {type: pass, name: b}\n"
RUNS = "/api/flows/f/executions"


async def begin(on: Visitor, definition: str, name: str = "e") -> None:
    await on.sign_in()
    assert (await on.call("POST", "/api/flows", {"name": "f", "definition": definition})).status_code == 201
    assert (await on.call("POST", RUNS, {"name": name, "input": '{"a": 1}'})).status_code == 201
    await settle()


def test_a_check_tells_every_problem_with_its_place():
    """And what can be read, so that it can be drawn."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in(Role.OPERATOR)
            found = (await on.call("POST", "/api/flows/check", {"definition": WRONG})).json()
            assert [(p["line"], p["column"], p["step"]) for p in found["problems"]] == [(4, 12, "a")]
            assert [step["name"] for step in found["document"]["steps"]] == ["a", "b"]
            assert found["lines"] == {"a": 4, "b": 5}
            unreadable = (await on.call("POST", "/api/flows/check", {"definition": "a: [1"})).json()
            assert (unreadable["document"], len(unreadable["problems"])) == (None, 1)

    run(main())


def test_aliases_that_grow_too_large_are_not_drawn():
    """Or a small text would become an endless answer."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            text = "x: &x " + "y" * 20_000 + "\nz: [" + ", ".join(["*x"] * 100) + "]\n"
            assert (await on.call("POST", "/api/flows/check", {"definition": text})).json()["document"] is None

    run(main())


def test_a_flow_lives():
    """Created, seen, changed, removed; each change stands in the audit log."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            made = await on.call("POST", "/api/flows", {"name": "f", "definition": PASS, "description": "first"})
            assert (made.status_code, made.json()["inspected"]["problems"]) == (201, [])
            assert [flow["name"] for flow in (await on.call("GET", "/api/flows")).json()["flows"]] == ["f"]
            changed = await on.call("PUT", "/api/flows/f", {"definition": REST, "revision": 1})
            assert (changed.json()["revision"], changed.json()["description"]) == (2, "first")
            assert (await on.call("DELETE", "/api/flows/f")).status_code == 204
            assert (await on.call("GET", "/api/flows/f")).status_code == 404
            records = (await on.call("GET", "/api/audit")).json()["records"]
            assert [r["action"] for r in records[:3]] == ["DeleteFlow", "UpdateFlow", "CreateFlow"]

    run(main())


def test_a_change_of_what_was_not_seen_is_refused():
    """Two people edit; the second one is told."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await on.call("POST", "/api/flows", {"name": "f", "definition": PASS})
            await on.call("PUT", "/api/flows/f", {"description": "mine", "revision": 1})
            late = await on.call("PUT", "/api/flows/f", {"description": "yours", "revision": 1})
            assert (late.status_code, late.json()["code"]) == (409, "Conflict")

    run(main())


def test_operators_start_but_define_nothing():
    """Definitions are for administrators."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, PASS)
            await on.sign_in(Role.OPERATOR)
            assert (await on.call("POST", RUNS, {})).status_code == 201
            answers = [
                await on.call("POST", "/api/flows", {"name": "g", "definition": PASS}),
                await on.call("PUT", "/api/flows/f", {"definition": REST, "revision": 1}),
                await on.call("DELETE", "/api/flows/f"),
            ]
            assert {answer.status_code for answer in answers} == {403}

    run(main())


def test_it_says_what_is_waited_for():
    """For whom, since when, until when, and by which event a report names it."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, ASK)
            (waiting,) = (await on.call("GET", f"{RUNS}/e/events")).json()["waiting"]
            assert (waiting["path"], waiting["reason"], waiting["target"]) == ("ask", "report", "questions")
            reported = await on.call("POST", f"{RUNS}/e/report", {"eventId": waiting["eventId"], "output": "{}"})
            assert reported.json()["status"] == "Succeeded"
            again = await on.call("POST", f"{RUNS}/e/report", {"eventId": waiting["eventId"], "output": "{}"})
            assert again.status_code == 409

    run(main())


def test_a_failure_is_reported_too():
    """Without an output it is one."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, ASK)
            (waiting,) = (await on.call("GET", f"{RUNS}/e/events")).json()["waiting"]
            body = {"eventId": waiting["eventId"], "error": "Refused", "cause": "no"}
            assert (await on.call("POST", f"{RUNS}/e/report", body)).json()["status"] == "Failed"

    run(main())


def test_news_come_when_there_are_some():
    """Whoever has seen everything waits for the next event; who hasn't is answered at once."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, REST)
            seen = (await on.call("GET", f"{RUNS}/e/events")).json()
            last = seen["events"][-1]["id"]
            assert [event["id"] for event in seen["events"]] == list(range(1, last + 1))
            news = asyncio.create_task(on.call("GET", f"{RUNS}/e/events?after={last}&waitS=60"))
            await settle()
            assert not news.done()
            await on.call("POST", f"{RUNS}/e/stop", {"cause": "enough"})
            found = (await news).json()
            assert (found["events"][-1]["type"], found["execution"]["status"]) == ("ExecutionStopped", "Stopped")
            assert found["waiting"] == []

    run(main())


def test_executions_are_found_by_state_and_name():
    """The newest first."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, REST, "b-1")
            for name in ("b-2", "a-1"):
                await on.call("POST", RUNS, {"name": name})
            await on.call("POST", f"{RUNS}/b-2/stop", {})

            async def names(query: str) -> list[str]:
                found = (await on.call("GET", f"{RUNS}?{query}")).json()["executions"]
                return [execution["name"] for execution in found]

            assert await names("") == ["a-1", "b-2", "b-1"]
            assert await names("namePrefix=b") == ["b-2", "b-1"]
            assert await names("status=Running") == ["a-1", "b-1"]
            assert await names("startedFrom=140000000000000") == []

    run(main())


def test_an_execution_shows_its_own_definition():
    """What it began with, whatever the flow says now."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, REST)
            await on.call("PUT", "/api/flows/f", {"definition": PASS, "revision": 1})
            found = (await on.call("GET", f"{RUNS}/e")).json()
            assert (found["document"]["steps"][0]["name"], found["input"]) == ("rest", '{"a": 1}')

    run(main())

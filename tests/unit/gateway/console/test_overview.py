"""The platform at a glance."""

from liuyun.model.people import Role
from tests.conftest import run
from tests.unit.gateway.console.visitor import visitor
from tests.unit.workflow.world import REST


def test_what_runs_and_how_calls_went():
    """A failing function is named, a deep queue as well; executions that run are counted."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            assert (await on.call("POST", "/api/flows", {"name": "f", "definition": REST})).is_success
            assert (await on.call("POST", "/api/flows/f/executions", {"name": "e", "input": "{}"})).is_success
            await on.call("POST", "/api/queues", {"name": "q"})
            await on.call("POST", "/api/queues/q/messages", {"body": "x"})
            assert (await on.call("POST", "/api/functions/-/lost/invocations", {"payload": ""})).status_code == 404
            seen = (await on.call("GET", "/api/overview")).json()
        assert (seen["now"]["instances"], seen["now"]["runningExecutions"], seen["now"]["readyMessages"]) == (2, 1, 1)
        assert seen["queues"] == [{"name": "q", "active": 1}]
        assert [(each["service"], each["name"], each["refused"]) for each in seen["troubled"]] == [("", "lost", 1)]
        assert (len(seen["minutes"]), sum(minute["calls"] for minute in seen["minutes"])) == (60, 1)

    run(main())


def test_anybody_who_is_signed_in_sees_it():
    """And nobody else."""

    async def main() -> list[int]:
        async with visitor() as on:
            before = (await on.call("GET", "/api/overview")).status_code
            await on.sign_in(Role.VIEWER)
            return [before, (await on.call("GET", "/api/overview")).status_code]

    assert run(main()) == [401, 200]

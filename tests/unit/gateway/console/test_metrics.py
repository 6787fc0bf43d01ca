"""How a function's calls went, through the console's API."""

from liuyun.model.function import own_service
from tests.conftest import run
from tests.unit.gateway.console.test_functions import created, echo
from tests.unit.gateway.console.visitor import visitor


def test_a_functions_minutes():
    """Its calls, cold starts, durations and instances stand in the running minute; other functions' don't."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            await created(on, name="g")
            on.stage.answer = lambda call: echo(call, cold_start=True)
            for name in ("f", "f", "g"):
                await on.call("POST", f"/api/functions/-/{name}/invocations", {"payload": ""})
            on.stage.minutes.counted(on.clock.now(), {(own_service("f"), "f"): 2})
            minutes = (await on.call("GET", "/api/functions/-/f/metrics")).json()["minutes"]
        last = minutes[-1]
        assert (len(minutes), last["calls"], last["errors"], last["cold"], last["instances"]) == (60, 2, 0, 2, 2)
        assert 2.4 <= last["p50Ms"] == last["p99Ms"] <= 3.0

    run(main())


def test_calls_are_searched_page_by_page_and_have_a_trace():
    """A cold start is found among warm ones; its trace leads from the call through the wait to the handler."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            for number in range(3):
                on.stage.answer = lambda call, cold=number == 0: echo(call, cold_start=cold)
                await on.call("POST", "/api/functions/-/f/invocations", {"payload": ""})
            at = "/api/functions/-/f"
            first = (await on.call("GET", at + "/invocations?limit=2")).json()
            rest = (await on.call("GET", at + f"/invocations?limit=2&before={first['before']}")).json()
            assert [(len(page["records"]), page["before"] is None) for page in (first, rest)] == [(2, False), (1, True)]
            cold = (await on.call("GET", at + "/invocations?cold=true&longerMs=2&outcome=ok")).json()["records"]
            assert cold == rest["records"]
            assert (await on.call("GET", at + "/invocations?cold=true&longerMs=3")).json()["records"] == []
            spans = (await on.call("GET", at + f"/trace?requestId={cold[0]['requestId']}")).json()["spans"]
            names = {span["name"].split()[0]: span for span in spans}
            assert set(names) == {"console", "handler"}
            assert names["handler"]["parentId"] == names["console"]["spanId"]
            assert (await on.call("GET", at + "/trace?requestId=nobody")).json() == {"spans": []}

    run(main())

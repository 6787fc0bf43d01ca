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

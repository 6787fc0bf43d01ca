"""How invocations and triggers went, over HTTP."""

from pathlib import Path

from tests.conftest import run
from tests.unit.gateway.fc.stage import stage


def test_invocations_are_listed(tmp_path: Path):
    """With what caused them and what came of them."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("POST", "/services/s/functions/f/invocations", b"x")
            found = (await on.call("GET", "/liuyun/invocations", query="service=s&function=f")).document["invocations"]
            assert [each["requestId"] for each in found] == [reply.header("X-Fc-Request-Id")]
            assert (found[0]["source"], found[0]["outcome"], found[0]["billedMs"]) == ("api", "ok", 3)
            other = await on.call("GET", "/liuyun/invocations", query="service=s&function=f&outcome=error")
            assert other.document == {"invocations": []}
            assert (await on.call("GET", "/liuyun/invocations", query="service=s&function=g")).status == 404
            assert (await on.call("GET", "/liuyun/invocations", query="service=s")).status == 400
            assert (await on.call("GET", "/liuyun/invocations", query="function=f&outcome=odd")).status == 400

    run(main())


def test_triggers_tell_how_they_do(tmp_path: Path):
    """A timer and an HTTP trigger of one function, each its own deliveries."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.http_trigger()
            timer = {"triggerName": "tick", "triggerType": "timer", "triggerConfig": {"cronExpression": "@every 1m"}}
            assert (await on.call("POST", "/services/s/functions/f/triggers", timer)).status == 200
            await on.call("GET", "/proxy/s/f/", key=None)
            await on.clock.advance(125)
            found = (await on.call("GET", "/liuyun/triggers", query="service=s&function=f")).document["triggers"]
            told = {each["triggerName"]: (each["triggerType"], each["delivered"], each["failed"]) for each in found}
            assert told == {"tick": ("timer", 2, 0), "web": ("http", 1, 0)}
            assert [each["source"] for each in found[0]["last"]] == ["timer", "timer"]

    run(main())


def test_a_trace_is_found_by_its_request(tmp_path: Path):
    """And is part of the caller's, if the caller has one."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            reply = await on.call("POST", "/services/s/functions/f/invocations", headers={"traceparent": parent})
            query = f"requestId={reply.header('X-Fc-Request-Id')}"
            spans = (await on.call("GET", "/liuyun/traces", query=query)).document["spans"]
            assert [span["name"] for span in spans] == ["api s/f", "handler s/f"]
            assert {span["traceId"] for span in spans} == {"4bf92f3577b34da6a3ce929d0e0e4736"}
            assert spans[1]["parentSpanId"] == spans[0]["spanId"]
            assert (await on.call("GET", "/liuyun/traces")).status == 400

    run(main())

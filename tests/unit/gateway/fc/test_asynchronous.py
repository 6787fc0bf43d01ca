"""Asynchronous invocations and their tasks over HTTP."""

from pathlib import Path

from liuyun.model.asynchronous import AsyncConfig
from liuyun.settings import Limits
from liuyun.testing.clock import settle
from tests.conftest import run
from tests.unit.gateway.fc.stage import stage

INVOCATIONS = "/services/s/functions/f/invocations"
TASKS = "/services/s/functions/f/stateful-async-invocations"
ASYNC = {"x-fc-invocation-type": "Async"}


def test_an_asynchronous_call_is_answered_before_it_runs(tmp_path: Path):
    """202 without a body; the function gets the payload afterwards."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("POST", INVOCATIONS, b"hello", headers=ASYNC)
            assert (reply.status, reply.body) == (202, b"")
            request_id = reply.header("X-Fc-Request-Id")
            assert reply.header("X-Fc-Stateful-Async-Invocation-Id") == request_id
            assert reply.header("X-Fc-Async-Task-Id") == request_id
            await settle()
            assert [(call.payload, call.request_id) for call in on.calls] == [(b"hello", request_id)]

    run(main())


def test_an_http_trigger_takes_asynchronous_calls(tmp_path: Path):
    """With the whole request, as it would be called at once."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.http_trigger()
            reply = await on.call("POST", "/proxy/s/f/a", b"x", query="b=1", headers=ASYNC, key=None)
            assert reply.status == 202
            await settle()
            (call,) = on.calls
            assert call.http is not None
            assert (call.payload, call.source, call.http.path, call.http.query) == (b"x", "http", "/a", "b=1")

    run(main())


def test_what_an_asynchronous_call_is_refused_for(tmp_path: Path):
    """No such function, a payload over the limit, an id where no tasks are kept, or one that is none."""

    async def main() -> None:
        async with stage(tmp_path, limits=Limits(async_payload_bytes=4)) as on:
            await on.deploy()
            reply = await on.call("POST", "/services/s/functions/g/invocations", b"", headers=ASYNC)
            assert (reply.status, reply.code) == (404, "FunctionNotFound")
            reply = await on.call("POST", INVOCATIONS, b"12345", headers=ASYNC)
            assert (reply.status, reply.code) == (400, "EntityTooLarge")
            named = {**ASYNC, "x-fc-async-task-id": "t"}
            reply = await on.call("POST", INVOCATIONS, b"", headers=named)
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            on.async_config = AsyncConfig(stateful=True)
            reply = await on.call("POST", INVOCATIONS, b"", headers={**ASYNC, "x-fc-async-task-id": "1"})
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            assert (await on.call("POST", INVOCATIONS, b"", headers=named)).status == 202
            reply = await on.call("POST", INVOCATIONS, b"", headers=named)
            assert (reply.status, reply.code) == (409, "StatefulAsyncInvocationAlreadyExists")

    run(main())


def test_tasks_are_listed_in_pages_and_described(tmp_path: Path):
    """The payload is shown when it is asked for, and when one task is."""

    async def main() -> None:
        async with stage(tmp_path, async_config=AsyncConfig(stateful=True)) as on:
            await on.deploy()
            for name in ("t1", "t2", "t3"):
                headers = {**ASYNC, "x-fc-stateful-async-invocation-id": name}
                await on.call("POST", INVOCATIONS, b"in", headers=headers)
                await on.clock.advance(1)
            first = (await on.call("GET", TASKS, query="limit=2&includePayload=true")).document
            assert [task["invocationId"] for task in first["invocations"]] == ["t1", "t2"]
            assert first["invocations"][0]["invocationPayload"] == "in"
            rest = (await on.call("GET", TASKS, query=f"limit=2&nextToken={first['nextToken']}")).document
            assert [task["invocationId"] for task in rest["invocations"]] == ["t3"]
            assert "nextToken" not in rest
            assert "invocationPayload" not in rest["invocations"][0]
            task = (await on.call("GET", f"{TASKS}/t1")).document
            assert (task["status"], task["returnPayload"], task["invocationPayload"]) == ("Succeeded", "in", "in")
            assert (task["serviceName"], task["qualifier"], task["durationMs"]) == ("s", "LATEST", 2)
            found = (await on.call("GET", "/stateful-async-invocation-functions")).document
            assert found["data"] == [{"serviceName": "s", "functionName": "f", "qualifier": "LATEST"}]

    run(main())


def test_what_cannot_be_asked_of_tasks(tmp_path: Path):
    """A status or an order that isn't one, a task or a function that isn't there, one that has ended."""

    async def main() -> None:
        async with stage(tmp_path, async_config=AsyncConfig(stateful=True)) as on:
            await on.deploy()
            for query in ("status=Sleeping", "sortOrderByTime=up", "includePayload=1", "nextToken=eDp5"):
                assert (await on.call("GET", TASKS, query=query)).status == 400
            assert (await on.call("GET", TASKS)).document == {"invocations": []}
            reply = await on.call("GET", "/services/s/functions/g/stateful-async-invocations")
            assert (reply.status, reply.code) == (404, "FunctionNotFound")
            reply = await on.call("GET", f"{TASKS}/t")
            assert (reply.status, reply.code) == (404, "StatefulAsyncInvocationNotFound")
            await on.call("POST", INVOCATIONS, b"", headers={**ASYNC, "x-fc-async-task-id": "t"})
            await settle()
            reply = await on.call("PUT", f"{TASKS}/t")
            assert (reply.status, reply.code) == (409, "StatefulAsyncInvocationAlreadyCompleted")

    run(main())

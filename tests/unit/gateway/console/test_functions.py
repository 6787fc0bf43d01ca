"""Functions through the console's API."""

from typing import Any

import msgspec

from liuyun.model.function import own_service
from liuyun.model.invocation import HttpAnswer, Invocation, InvocationResult
from liuyun.model.log import LogLine
from liuyun.model.people import Role
from tests.conftest import run
from tests.unit.gateway.console.visitor import ACCOUNT, Visitor, visitor

CODE = {"index.py": "def handler(event, context): return event\n"}
WEB = {"name": "web", "kind": "http", "config": {"authType": "anonymous", "methods": ["GET"]}}


async def created(on: Visitor, name: str = "f", service: str = "", **members: Any) -> dict[str, Any]:
    body = {"name": name, "service": service, "runtime": "python3.10", "handler": "index.handler", "files": CODE}
    answer = await on.call("POST", "/api/functions", {**body, **members})
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_an_account_offers_templates_of_its_own():
    """Entries of the schema `function-template`; what is none is left out; without the schema there are none."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            assert (await on.call("GET", "/api/function-templates")).json() == {"templates": []}
            await on.call("PUT", "/api/config/schemas/function-template", {"document": {}, "revision": 0})
            own = {
                "title": {"en": "Report", "zh": "报告"},
                "runtime": "python3",
                "handler": "index.handler",
                "files": CODE,
            }
            for key, value in [("report", own), ("broken", {"files": CODE}), ("text", "nothing")]:
                path = f"/api/config/entries/function-template/{key}?scope=account"
                assert (await on.call("PUT", path, {"value": value, "revision": 0})).status_code == 200
            (found,) = (await on.call("GET", "/api/function-templates")).json()["templates"]
            assert (found["name"], found["title"]["zh"], found["memoryMb"]) == ("report", "报告", 256)

    run(main())


def test_functions_of_both_kinds_are_listed_page_by_page():
    """With services, which are made as they are named, and without; the next page begins where one ended."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            for name, service in [("lone", ""), ("a", "shop"), ("b", "shop"), ("a", "bank")]:
                await created(on, name, service)
            first = (await on.call("GET", "/api/functions?limit=3")).json()
            rest = (await on.call("GET", "/api/functions", params={"after": first["next"]})).json()
            listed = [(row["service"], row["name"]) for row in first["functions"] + rest["functions"]]
            assert listed == [("", "lone"), ("bank", "a"), ("shop", "a"), ("shop", "b")]
            assert (first["services"], rest["next"]) == (["bank", "shop"], None)

    run(main())


def test_code_is_changed_file_by_file():
    """What isn't named stays; who edits an older state is told so."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            seen = (await on.call("GET", "/api/functions/-/f/code")).json()
            assert seen["files"] == [{"path": "index.py", "size": 42, "text": CODE["index.py"]}]
            change = {"files": {"lib/util.py": "x = 1\n"}, "etag": seen["etag"]}
            new = (await on.call("PUT", "/api/functions/-/f/code", change)).json()
            assert [file["path"] for file in new["files"]] == ["index.py", "lib/util.py"]
            late = await on.call("PUT", "/api/functions/-/f/code", change)
            assert late.status_code == 409
            bad = await on.call("PUT", "/api/functions/-/f/code", {"files": {"../x": ""}})
            assert (bad.status_code, "../x" in bad.json()["message"]) == (400, True)

    run(main())


def test_settings_change_alone():
    """What is left out stays as it is, and a rule that is broken is named."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on, service="s")
            new = (await on.call("PATCH", "/api/functions/s/f", {"memoryMb": 512, "environment": {"A": "1"}})).json()
            assert (new["memoryMb"], new["environment"], new["handler"]) == (512, {"A": "1"}, "index.handler")
            refused = await on.call("PATCH", "/api/functions/s/f", {"memoryMb": 100})
            assert (refused.status_code, refused.json()["code"]) == (400, "Invalid")
            assert (await on.call("DELETE", "/api/functions/s/f")).status_code == 204
            assert (await on.call("GET", "/api/functions/s/f")).status_code == 404

    run(main())


def test_a_call_and_its_record():
    """The answer with what is known of it; its record and its lines are found by its request's id."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            on.stage.answer = lambda call: echo(call, log_tail="hello\n", cold_start=True)
            result = (await on.call("POST", "/api/functions/-/f/invocations", {"payload": "你好"})).json()
            assert (result["payload"], result["log"], result["coldStart"], result["errorType"]) == (
                "你好", "hello\n", True, None,
            )  # fmt: skip
            request = result["requestId"]
            on.stage.logs.record(LogLine(ACCOUNT, own_service("f"), "f", "LATEST", "i1", request, 1, "hello"))
            await on.stage.logs._flush()
            records = (await on.call("GET", f"/api/functions/-/f/invocations?requestId={request}")).json()["records"]
            assert [(record["source"], record["outcome"]) for record in records] == [("console", "ok")]
            lines = (await on.call("GET", f"/api/functions/-/f/logs?requestId={request}")).json()["lines"]
            assert [line["text"] for line in lines] == ["hello"]

    run(main())


def test_an_http_call():
    """Reaches the function as a request, and its answer comes with status and headers; no header can hold another."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            answer = HttpAnswer(404, (("x-a", "1"),))
            on.stage.answer = lambda call: msgspec.structs.replace(echo(call), http=answer)
            http = {"method": "POST", "path": "/a%20b", "query": "c=1", "headers": {"X-B": "2"}}
            result = (await on.call("POST", "/api/functions/-/f/invocations", {"payload": "x", "http": http})).json()
            assert result["http"] == {"status": 404, "headers": [{"name": "x-a", "value": "1"}]}
            sent = on.stage.calls[0].http
            assert sent is not None
            assert (sent.path, sent.request_uri, sent.headers) == ("/a b", "/a%20b?c=1", (("x-b", "2"),))
            for bad in ({"headers": {"X": "1\r\nY: 2"}}, {"headers": {"X:": "1"}}, {"path": "/ HTTP/1.1"}):
                refused = await on.call("POST", "/api/functions/-/f/invocations", {"http": {**http, **bad}})
                assert refused.status_code == 422

    run(main())


def test_a_release_and_the_way_back():
    """A version is published, an alias leads a share of the calls to it, and back."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            on_function = "/api/functions/-/f"
            assert (await on.call("POST", on_function + "/versions", {"description": "first"})).status_code == 201
            assert (await on.call("POST", on_function + "/versions", {})).status_code == 409
            await on.call("PATCH", on_function, {"memoryMb": 512})
            await on.call("POST", on_function + "/versions", {})
            made = await on.call("PUT", on_function + "/aliases/prod", {"versionId": "1", "weights": {"2": 0.1}})
            assert (made.json()["versionId"], made.json()["weights"]) == ("1", {"2": 0.1})
            back = await on.call("PUT", on_function + "/aliases/prod", {"weights": {}})
            assert (back.json()["versionId"], back.json()["weights"]) == ("1", {})
            listed = (await on.call("GET", on_function + "/versions")).json()["versions"]
            assert [version["versionId"] for version in listed] == ["2", "1"]
            assert (await on.call("DELETE", on_function + "/versions/1")).status_code == 409
            assert (await on.call("DELETE", on_function + "/aliases/prod")).status_code == 204
            assert (await on.call("DELETE", on_function + "/versions/1")).status_code == 204

    run(main())


def test_a_trigger_and_where_it_answers():
    """An HTTP trigger says its path, which differs for functions without a service."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            await created(on, service="s")
            urls = [(await on.call("POST", f"/api/functions/{of}/f/triggers", WEB)).json()["url"] for of in ("-", "s")]
            assert urls == ["/2023-03-30/proxy/f/", "/2016-08-15/proxy/s/f/"]
            listed = (await on.call("GET", "/api/functions/s/f/triggers")).json()["triggers"]
            assert [(each["name"], each["delivered"], each["last"]) for each in listed] == [("web", 0, [])]
            assert (await on.call("DELETE", "/api/functions/s/f/triggers/web")).status_code == 204

    run(main())


def test_what_an_operator_may():
    """Call, publish and lead aliases; code, settings and triggers are the administrator's."""

    async def main() -> None:
        async with visitor() as on:
            await on.sign_in()
            await created(on)
            await on.sign_in(Role.OPERATOR)
            at = "/api/functions/-/f"
            allowed = [
                await on.call("POST", at + "/invocations", {}),
                await on.call("POST", at + "/versions", {}),
                await on.call("PUT", at + "/aliases/prod", {"versionId": "1"}),
            ]
            refused = [
                await on.call("PUT", at + "/code", {"files": CODE}),
                await on.call("PATCH", at, {"memoryMb": 512}),
                await on.call("POST", at + "/triggers", WEB),
                await on.call("DELETE", at),
                await on.call("POST", "/api/functions", {"name": "g", "files": CODE}),
            ]
            assert [answer.is_success for answer in allowed] == [True] * 3
            assert {answer.status_code for answer in refused} == {403}

    run(main())


def echo(call: Invocation, *, log_tail: str = "", cold_start: bool = False) -> InvocationResult:
    return InvocationResult(
        call.payload, None, call.request_id, "i1", "LATEST", "77", 2.4, 30.9, cold_start, log_tail=log_tail
    )

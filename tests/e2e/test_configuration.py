"""Configuration as many meet it: a platform of its own, asked by HTTP alone; its data and its log are searched."""

import asyncio
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from fastapi.routing import APIRoute

from liuyun.cli.client.console import signed_headers
from liuyun.cli.client.transport import Connection
from liuyun.gateway.console.app import ROUTERS
from tests.conftest import run
from tests.e2e import onlookers
from tests.e2e.application import clean_environment

KEYS = {
    "LIUYUN_ACCOUNT_ID": "1234567890123456",
    "LIUYUN_ACCESS_KEY_ID": "LTAItest",
    "LIUYUN_ACCESS_KEY_SECRET": "test-secret",
    "LIUYUN_CONSOLE_PASSWORD": "correct horse",
    "LIUYUN_STANDARD_LAYER": "false",
    "LIUYUN_LOG_LEVEL": "debug",
}
READY_S = END_S = 60
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # of nobody's use here; one for each client would take its time
ENTRIES, WATCHERS, CHANGES, WRITERS = 10_000, 100, 8, 20
LIMIT = {"type": "object", "properties": {"most": {"type": "integer", "minimum": 0}}, "required": ["most"]}
COUNTER = {"type": "object", "properties": {"count": {"type": "integer"}, "by": {"type": "array"}}}


@dataclass(frozen=True)
class Served:
    """What the process has said so far is in `log`, both of its outputs."""

    data: Path
    log: Path
    endpoint: str
    traces: onlookers.Collector

    @asynccontextmanager
    async def client(self) -> AsyncIterator["Client"]:
        async with httpx.AsyncClient(base_url=self.endpoint, timeout=END_S, verify=TLS, trust_env=False) as http:
            yield Client(http, self.connection)

    @property
    def connection(self) -> Connection:
        return Connection(self.endpoint, *list(KEYS.values())[:3])


@dataclass(frozen=True)
class Client:
    http: httpx.AsyncClient
    by: Connection

    async def call(self, method: str, path: str, body: Any = None, **query: Any) -> httpx.Response:
        target = f"{path}?{urlencode(sorted(query.items()))}" if query else path
        content = b"" if body is None else json.dumps(body).encode()
        return await self.http.request(
            method, target, content=content, headers=signed_headers(method, target, content, self.by)
        )

    async def done(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        answer = await self.call(method, path, body, **query)
        assert answer.is_success, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("configuration")
    log, data = folder / "log", folder / "data"
    command = [sys.executable, "-m", "liuyun", "serve", "--data", str(data), "--port", "0"]
    reading, ready = os.pipe()
    with (
        onlookers.collector() as traces,
        log.open("wb") as out,
        subprocess.Popen(
            command, stdout=ready, stderr=out,
            env={**clean_environment(), **KEYS, "LIUYUN_OTLP_ENDPOINT": traces.endpoint},
        ) as process,
    ):  # fmt: skip
        os.close(ready)
        started = threading.Event()
        threading.Thread(target=kept, args=(reading, out, started), daemon=True).start()
        try:
            assert started.wait(READY_S), log.read_text()
            yield Served(data, log, (data / "endpoint").read_text().strip(), traces)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(END_S) == 0


def kept(reading: int, out: Any, started: threading.Event) -> None:
    """What the process prints, beside its log; `started` once it says what to do next."""
    with os.fdopen(reading, "rb") as lines:
        for line in lines:
            out.write(line)
            out.flush()
            if line.startswith(b"Next,"):
                started.set()


# Watching


def test_a_hundred_watchers_see_every_change_once_and_in_order(served: Served):
    """By long polls and by streams, with ten thousand entries that came by one import, while changes come in bursts."""

    async def main() -> None:
        async with served.client() as on:
            start = await imported(on)
            watching = [
                asyncio.ensure_future(watched(served, polled if number % 2 else streamed, start))
                for number in range(WATCHERS)
            ]
            for burst in range(0, CHANGES, 4):
                await asyncio.gather(*(changed(on, f"limit-{burst + n}") for n in range(3)))
                await changed(on, f"limit-{burst + 3}")
            seen = await asyncio.wait_for(asyncio.gather(*watching), END_S)
            assert [[change["sequence"] for change in each] for each in seen] == [
                list(range(start + 1, start + CHANGES + 1))
            ] * WATCHERS
            assert len({json.dumps(each) for each in seen}) == 1, "all were told the same"

    run(main())


async def imported(on: Client) -> int:
    """Ten thousand entries; the sequence number after them."""
    entries = [{"schema": "limit", "key": f"limit-{n}", "value": {"most": n}} for n in range(ENTRIES)]
    schemas = [{"name": "limit", "document": LIMIT}, {"name": "none", "document": {}}]
    document = {"schemas": schemas, "entries": entries}
    made = await on.done("POST", "/api/config/import", {"document": document, "reason": "all at once"})
    assert len(made["changes"]) == ENTRIES + len(schemas)
    return (await on.done("GET", "/api/config/entries/none"))["sequence"]


async def changed(on: Client, key: str) -> None:
    await on.done("PUT", f"/api/config/entries/limit/{key}", {"value": {"most": 1}, "revision": 1})


async def watched(served: Served, way: Callable[[Client, int, int], Awaitable[list[Any]]], start: int) -> list[Any]:
    async with served.client() as on:
        return await way(on, start, start + CHANGES)


async def polled(on: Client, after: int, end: int) -> list[Any]:
    told: list[Any] = []
    while after < end:
        news = await on.done("GET", "/api/config/changes", after=after, waitS=END_S)
        assert not news["missed"]
        told += news["changes"]
        after = news["sequence"]
    return told


async def streamed(on: Client, after: int, end: int) -> list[Any]:
    told: list[Any] = []
    target = f"/api/config/stream?after={after}"
    async with on.http.stream("GET", target, headers=signed_headers("GET", target, b"", on.by)) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            if line.startswith("data: "):
                told += json.loads(line.removeprefix("data: "))["changes"]
                if told[-1]["sequence"] >= end:
                    break
    return told


# Writing


def test_no_update_is_lost(served: Served):
    """Twenty count on one entry at once: directly, by roll-outs and by drafts that somebody reviews."""

    async def main() -> None:
        async with served.client() as on:
            await on.done("PUT", "/api/config/schemas/counter", {"document": COUNTER})
            await on.done("PUT", COUNT, {"value": {"count": 0, "by": []}})
            await on.done("POST", "/api/users", {"name": "wang", "role": "operator", "password": "battery staple"})
            signed = await on.http.post("/api/session", json={"name": "wang", "password": "battery staple"})
            review = {"x-csrf-token": signed.json()["csrfToken"]}
            ways: list[Way] = [*[put] * 8, roll_out, lambda on, w, n: draft(on, w, n, review)]
            await asyncio.gather(*(count(on, ways[n % len(ways)], f"writer-{n}") for n in range(WRITERS)))
            found = (await on.done("GET", COUNT))["value"]
            assert (found["count"], sorted(found["by"])) == (WRITERS, sorted(f"writer-{n}" for n in range(WRITERS)))

    run(main())


COUNT = "/api/config/entries/counter/orders"
Way = Callable[[Client, dict[str, Any], str], Awaitable[bool]]


async def count(on: Client, way: Way, name: str) -> None:
    """Reads, adds one and its name, and begins again if somebody else was faster."""
    while True:
        seen = await on.done("GET", COUNT)
        value = {"count": seen["value"]["count"] + 1, "by": [*seen["value"]["by"], name]}
        if await way(on, {"value": value, "revision": seen["own"]["newest"], "reason": name}, name):
            return


def settled(answer: httpx.Response) -> bool:
    """False for a conflict; nothing else may go wrong."""
    assert answer.is_success or answer.status_code == 409, answer.text
    return answer.is_success


async def put(on: Client, write: dict[str, Any], name: str) -> bool:
    return settled(await on.call("PUT", COUNT, write))


async def roll_out(on: Client, write: dict[str, Any], name: str) -> bool:
    begun = await on.call("POST", COUNT + "/rollout", {**write, "percent": 10})
    if not settled(begun):
        return False
    await on.done("POST", COUNT + "/rollout/finish", revision=begun.json()["newest"])
    return True


async def draft(on: Client, write: dict[str, Any], name: str, review: dict[str, str]) -> bool:
    proposed = await on.call("POST", "/api/config/drafts", {**write, "schemaName": "counter", "key": "orders"})
    if not settled(proposed):
        return False
    path = f"/api/config/drafts/{proposed.json()['draftId']}"
    reviewed = await on.http.post(path + "/review", json={"verdict": "approve"}, headers=review)
    assert reviewed.is_success, reviewed.text
    return settled(await on.call("POST", path + "/publish"))


# Secrets

PLANTED, OPEN = "planted-3f1c9a52-text", "said-openly-7be0"
CODE = """
import os

def handler(event, context):
    assert os.environ['SECRET'].startswith('planted-')
    if event == b'fail':
        raise RuntimeError('on purpose')
    print('was given', len(os.environ['SECRET']), 'characters')
    return str(len(os.environ['SECRET']))
"""
FLOW = """
version: v1beta1
type: flow
steps:
  - type: pass
    name: reads
    outputMappings:
      - {target: whole, source: $config.x.x}
      - {target: part, source: "$config.x[$input.key]"}
  - type: task
    name: calls
    resourceArn: acs:fc:::services/x/functions/x
"""
NAMED = {"SECRET": "{{secret:x/x}}"}
X = "/api/config/entries/x/x"
SECRET = {"document": {"type": "string", "maxLength": 40}, "kind": "secret"}
NEWS, DELIVERIES = "/api/config/stream", "/api/topics/x/subscriptions/x/deliveries"
PATIENTLY = {"format": "SIMPLIFIED", "strategy": "EXPONENTIAL_DECAY_RETRY"}  # so a failed delivery stays in the list
ENDLESS = {NEWS, "/api/news"}  # the former is read to its last change; the latter names kinds of things alone


def test_a_secret_is_told_to_functions_alone(served: Served):
    """No answer, error, log, history, trace or metric has the planted text, whether the console's API or one of the
    vendor's tells it, or a collector of traces is sent it, and neither has the disk; what was said openly beside it is
    found in all these places, so that this test looks where it says.
    """

    async def main() -> dict[str, str]:
        async with served.client() as on:
            answers = [*await plant(on), *await run_with_it(on)]
            read = [await on.call("GET", path) for path in readable()]
            refused = ["/api/config/values/x/x", "/api/functions/x/x/trace", "/api/playground"]
            assert [each.url.path for each in read if each.is_error] == refused
            answers += read
            last = (await on.done("GET", "/api/config/entries/x"))["sequence"]
            news = {NEWS: json.dumps(await streamed(on, last - 1, last))}
            return {f"{each.request.method} {each.request.url}": each.text for each in answers} | news

    told = run(main())
    by = served.connection
    told |= onlookers.of_functions(by, "x") | onlookers.of_other_versions(by, "x", CODE, NAMED)
    told |= onlookers.of_messages(by, "x") | onlookers.of_flows(by, "x")
    told["traces"] = served.traces.told("x/x")
    stored = {str(file): file.read_bytes() for file in served.data.rglob("*") if file.is_file()}
    log = served.log.read_text()
    assert [where for where, text in told.items() if PLANTED in text] == []
    assert [where for where, content in stored.items() if PLANTED.encode() in content] == []
    assert PLANTED not in log
    assert all(any(word in text for text in told.values()) for word in (OPEN, f"was given {len(PLANTED)} characters"))
    assert any(OPEN.encode() in content for content in stored.values())
    failing = [what for what, text in told.items() if "on purpose" in text]
    assert len([what for what in failing if "invocations fail" in what or what == "fails"]) == 3
    assert f"GET {served.endpoint}{DELIVERIES}" in failing
    older, newest = "GET /2016-08-15/services/x/functions/x", "GET /2023-03-30/functions/x"
    assert all(NAMED["SECRET"] in told[what] for what in ("GetFunction", older, newest))
    assert OPEN in told["GET /queues/x/messages?peekonly=true"]
    assert "$config.x.x" in told["DescribeFlow"]
    assert "function compute is ready" in log


async def plant(on: Client) -> list[httpx.Response]:
    """By every way that takes a value, also where it is refused."""
    entry, draft = {"schema": "x", "key": "x", "value": PLANTED}, {"schemaName": "x", "key": "x", "revision": 3}
    ways: list[tuple[int, str, str, Any]] = [
        (200, "PUT", "/api/config/schemas/x", SECRET),
        (200, "PUT", X, {"value": PLANTED, "reason": OPEN}),
        (409, "PUT", X, {"value": PLANTED}),
        (422, "PUT", X, {"value": PLANTED * 3, "revision": 1}),
        (422, "PUT", X, {"value": PLANTED, "revision": PLANTED}),
        (400, "PUT", X, {"value": [PLANTED], "revision": 1}),
        (404, "PUT", "/api/config/entries/nothing/x", {"value": PLANTED}),
        (200, "POST", X + "/check", {"value": PLANTED * 3, "revision": 1}),
        (422, "PUT", "/api/config/schemas/x", {"document": {"maxLength": 3}, "kind": "secret", "revision": 1}),
        (200, "POST", X + "/rollout", {"value": PLANTED + "-new", "revision": 1, "percent": 50}),
        (200, "POST", X + "/rollback", {}),
        (201, "POST", "/api/config/drafts", {**draft, "value": PLANTED}),
        (409, "POST", "/api/config/drafts", {**draft, "value": PLANTED * 3}),
        (200, "POST", "/api/config/import", {"document": {"entries": [entry]}}),
        (404, "POST", "/api/config/import", {"document": {"entries": [{**entry, "schema": "nothing"}]}}),
    ]
    answers = [await on.call(method, path, body) for _, method, path, body in ways]
    assert [answer.status_code for answer in answers] == [status for status, *_ in ways]
    return answers


async def run_with_it(on: Client) -> list[httpx.Response]:
    """A function that is given the secret, and fails once; a flow that tries to read it; whatever else has pages."""
    function = {
        "service": "x", "name": "x", "runtime": "python3", "handler": "index.handler", "files": {"index.py": CODE},
        "environment": NAMED, "timeoutS": 10,
    }  # fmt: skip
    calls = "/api/functions/x/x/invocations"
    called = "acs:fc:cn-hangzhou:1234567890123456:services/x/functions/x"
    answers = [
        await on.call("POST", path, body)
        for path, body in (
            ("/api/functions", function), (calls, {"payload": "say"}), (calls, {"payload": "fail"}),
            ("/api/flows", {"name": "x", "definition": FLOW}),
            ("/api/flows/x/executions", {"name": "x", "input": json.dumps({"key": "x"})}),
            ("/api/queues", {"name": "x"}), ("/api/queues/x/messages", {"body": OPEN}), ("/api/topics", {"name": "x"}),
            ("/api/topics/x/subscriptions", {"name": "x", "endpoint": called, **PATIENTLY}),
            ("/api/topics/x/messages", {"body": "fail"}),
        )
    ]  # fmt: skip
    assert all(answer.is_success for answer in answers), [answer.text for answer in answers if answer.is_error]
    while (await on.done("GET", "/api/flows/x/executions/x"))["status"] == "Running":
        pass
    while not any(each["reason"] for each in (await on.done("GET", DELIVERIES))["deliveries"]):
        pass
    return answers


def readable() -> list[str]:
    """Whatever can be read from the console's API, of the things named x, and the metrics."""
    routes = [route for routes in ROUTERS for route in routes.router.routes if isinstance(route, APIRoute)]
    paths = [route.path for route in routes if "GET" in (route.methods or ()) and route.path.startswith("/api/")]
    assert len(paths) > 30
    return [re.sub(r"\{\w+\}", "x", path) for path in paths if path not in ENDLESS] + ["/metrics"]

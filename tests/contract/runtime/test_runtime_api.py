"""Functions that ask for their calls: the vendor's runtime API, as its Go library uses it (fc contract 3.3)."""

import asyncio
import json
from pathlib import Path
from typing import Any

from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.custom import deploy_bootstrap, http
from tests.contract.runtime.stage import Stage, on_stage

# Asks, answers by what `handle(headers, body)` returns, and asks again.
LOOP = """#!/usr/bin/env python3
import base64, json, os, urllib.request

BASE = f"http://{os.environ['FC_RUNTIME_API']}/2020-11-11/runtime/invocation"

def post(request_id, outcome, body, headers={}):
    request = urllib.request.Request(f"{BASE}/{request_id}/{outcome}", body, headers)
    return urllib.request.urlopen(request).status

%s

while True:
    with urllib.request.urlopen(f"{BASE}/next") as call:
        handle(call.headers, call.read())
"""
ECHO = """
def handle(headers, body):
    facts = dict(headers) | {"body": body.decode()}
    post(headers["x-fc-request-id"], "response", json.dumps(facts).encode())
"""


def ask(folder: Path, handle: str, payload: bytes = b"", *, call: Any = None, **options: Any) -> InvocationResult:
    async def act(stage: Stage) -> InvocationResult:
        deploy_bootstrap(stage, LOOP % handle, **options)
        return await stage.invoke(payload, http=call)

    return on_stage(folder, act)


def test_a_call_is_handed_out_with_all_headers(tmp_path: Path):
    """The event is the body; deadline and timeout are numbers, as the Go library wants them."""
    result = ask(tmp_path, ECHO, b"hello")
    seen = json.loads(result.payload)
    assert result.error_type is None
    assert (seen["body"], seen["x-fc-function-timeout"], seen["x-fc-function-type"]) == ("hello", "10", "0")
    assert int(seen["x-fc-function-deadline"]) > 1_700_000_000_000
    assert seen["x-fc-access-key-id"] == "STS.key"


def test_an_error_is_the_error_document(tmp_path: Path):
    """What is posted to /error comes back as it is."""
    handle = """
def handle(headers, body):
    post(headers["x-fc-request-id"], "error", b'{"errorMessage":"no"}')
"""
    result = ask(tmp_path, handle)
    assert (result.error_type, result.payload) == ("UnhandledInvocationError", b'{"errorMessage":"no"}')


def test_the_initializer_is_a_call_of_its_own_type(tmp_path: Path):
    """It comes first, with x-fc-function-type 1."""
    handle = """
kinds = []
def handle(headers, body):
    kinds.append(headers["x-fc-function-type"])
    post(headers["x-fc-request-id"], "response", " ".join(kinds).encode())
"""
    assert ask(tmp_path, handle, initializer="init").payload == b"1 0"


def test_an_http_call_travels_in_a_header(tmp_path: Path):
    """x-fc-http-params describes the request, and that of the answer its status and headers."""
    handle = """
def handle(headers, body):
    params = json.loads(base64.b64decode(headers["x-fc-http-params"]))
    answer = {"status": 201, "headersMap": {"Set-Cookie": ["a=1", "b=2"]}}
    encoded = base64.b64encode(json.dumps(answer).encode()).decode()
    post(headers["x-fc-request-id"], "response", json.dumps([params, body.decode()]).encode(),
         {"x-fc-http-params": encoded})
"""
    call = http("POST", "/a%20b?x=1&x=2", ("x-twice", "1"), ("x-twice", "2"))
    result = ask(tmp_path, handle, b"body", call=call)
    params, body = json.loads(result.payload)
    assert body == "body"
    assert (params["method"], params["requestURI"], params["clientIP"]) == ("POST", "/a%20b?x=1&x=2", "10.1.2.3")
    assert params["headersMap"] == {"X-Twice": ["1", "2"]}
    assert params["queriesMap"] == {"x": ["1", "2"]}
    assert result.http is not None
    assert (result.http.status, result.http.headers) == (201, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))


def test_answers_may_come_in_any_order(tmp_path: Path):
    """Two calls are taken before the first is answered."""
    handle = """
taken = []
def handle(headers, body):
    taken.append((headers["x-fc-request-id"], body))
    if len(taken) == 2:
        for request_id, body in reversed(taken):
            post(request_id, "response", body)
"""

    async def act(stage: Stage) -> list[bytes]:
        deploy_bootstrap(stage, LOOP % handle, instance_concurrency=2)
        return [r.payload for r in await asyncio.gather(stage.invoke(b"one"), stage.invoke(b"two"))]

    assert on_stage(tmp_path, act) == [b"one", b"two"]


def test_an_answer_to_nothing_is_refused(tmp_path: Path):
    """Somebody else's request, and a second answer to one's own."""
    handle = """
def handle(headers, body):
    statuses = []
    for request_id in ("nobodys", headers["x-fc-request-id"], headers["x-fc-request-id"]):
        try:
            statuses.append(post(request_id, "response", b"done"))
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
    print(statuses, flush=True)
"""

    async def act(stage: Stage) -> bytes:
        deploy_bootstrap(stage, LOOP % handle)
        result = await stage.invoke()
        await stage.printed("[404, 200, 404]")
        return result.payload

    assert on_stage(tmp_path, act) == b"done"


def test_go1_runs_the_handler(tmp_path: Path):
    """There the handler is the name of the program."""

    async def act(stage: Stage) -> bytes:
        deploy_bootstrap(stage, LOOP % ECHO, runtime="go1", handler="bootstrap")
        return (await stage.invoke(b"go")).payload

    assert json.loads(on_stage(tmp_path, act))["body"] == "go"


def test_base64_of_params_is_checked(tmp_path: Path):
    """What can't be read is a failed call, and says so."""
    handle = """
def handle(headers, body):
    post(headers["x-fc-request-id"], "response", b"", {"x-fc-http-params": "no base64"})
"""
    result = ask(tmp_path, handle, call=http())
    assert b"x-fc-http-params" in result.payload

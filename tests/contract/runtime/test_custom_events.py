"""Custom runtimes called with events: what the function's server is asked, what its answers mean (fc contract 3.5)."""

import json
from pathlib import Path
from typing import Any

import pytest

from liuyun.compute.outcome import FunctionNotStarted
from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.custom import deploy_bootstrap, deploy_server
from tests.contract.runtime.stage import ACCOUNT, Stage, on_stage

ECHO = """
def answer(handler, body):
    seen = {name.lower(): value for name, value in handler.headers.items()}
    seen["asked"] = f"{handler.command} {handler.path}"
    seen["body"] = body.decode()
    return 500, [], json.dumps(seen).encode()
"""


def ask(folder: Path, setup: str, payload: bytes = b"", **options: Any) -> InvocationResult:
    async def act(stage: Stage) -> InvocationResult:
        deploy_server(stage, setup, **options)
        return await stage.invoke(payload, tail_log=True)

    return on_stage(folder, act)


def test_an_event_is_posted_to_invoke(tmp_path: Path):
    """The body is the event, headers tell the call, and of the answer only the body counts, whatever its status."""
    result = ask(tmp_path, ECHO, b"hello", memory_mb=256)
    seen = json.loads(result.payload)
    assert result.error_type is None
    assert seen["asked"] == "POST /invoke"
    assert seen["body"] == "hello"
    assert seen["x-fc-control-path"] == "/invoke"
    assert seen["x-fc-request-id"] == "request-1"
    assert seen["x-fc-function-memory"] == "256"
    assert seen["x-fc-function-timeout"] == "10"
    assert seen["x-fc-access-key-id"] == "STS.key"
    assert seen["x-fc-instance-id"] == result.instance_id
    assert seen["content-type"] == "application/octet-stream"


def test_the_status_header_reports_a_failure(tmp_path: Path):
    """x-fc-status 404 makes the answer's body an error document (contract case 22)."""
    result = ask(tmp_path, 'def answer(handler, body): return 200, [("x-fc-status", "404")], b"no good"')
    assert (result.error_type, result.payload) == ("UnhandledInvocationError", b"no good")


def test_what_the_server_prints_is_the_log(tmp_path: Path):
    """Standard output of the command belongs to the call that runs."""
    result = ask(tmp_path, 'def answer(handler, body): print("printed"); return 200, [], b""')
    assert "printed" in result.log_tail
    assert "FC Invoke Start RequestId: request-1" in result.log_tail or "printed" in result.log_tail.splitlines()


def test_connections_and_instances_are_used_again(tmp_path: Path):
    """The second call meets the process of the first, and its connection."""
    count = """
    peers = []
    def answer(handler, body):
        peers.append(handler.client_address)
        return 200, [], f"{len(peers)} {len(set(peers))}".encode()
    """

    async def act(stage: Stage) -> bytes:
        deploy_server(stage, count)
        await stage.invoke()
        return (await stage.invoke()).payload

    assert on_stage(tmp_path, act) == b"2 1"


def test_the_initializer_is_posted_first(tmp_path: Path):
    """POST /initialize, once, before the first call."""
    setup = """
    asked = []
    def answer(handler, body):
        asked.append(handler.path)
        return 200, [], " ".join(asked).encode()
    """
    assert ask(tmp_path, setup, initializer="anything").payload == b"/initialize /invoke"


def test_a_failing_initializer_fails_the_call(tmp_path: Path):
    """Its answer is the error, and the instance goes."""
    result = ask(
        tmp_path,
        "def answer(handler, body): return 500, [], handler.path.encode()",
        initializer="anything",
    )
    assert (result.error_type, result.payload) == ("UnhandledInvocationError", b"/initialize")


def test_the_bootstrap_is_started_if_nothing_else_is_named(tmp_path: Path):
    """/code/bootstrap, in the folder of the code, with the port in its environment."""
    script = """
    #!/bin/sh
    pwd
    exec python3 -c '
    import os, http.server
    class H(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(os.environ["FC_CUSTOM_LISTEN_PORT"].encode())
    http.server.HTTPServer(("", 9000), H).serve_forever()'
    """

    async def act(stage: Stage) -> tuple[InvocationResult, list[str]]:
        deploy_bootstrap(stage, script.lstrip("\n"))
        return await stage.invoke(), [line.text for line in stage.lines]

    result, lines = on_stage(tmp_path, act)
    assert result.payload == b"9000"
    assert "/code" in lines


def refusal(folder: Path, script: str, **options: Any) -> FunctionNotStarted:
    async def act(stage: Stage) -> FunctionNotStarted:
        deploy_bootstrap(stage, script.lstrip("\n"), **options)
        with pytest.raises(FunctionNotStarted) as caught:
            await stage.invoke()
        return caught.value

    return on_stage(folder, act, limits={"custom_start_s": 2, "queued_s": 1})


def test_who_never_listens_is_not_started(tmp_path: Path):
    """Within the limit, although nobody may wait so long for nothing; the error shows what was printed (case 23)."""
    error = refusal(tmp_path, "#!/bin/sh\necho waiting for nothing\nexec sleep 600\n")
    assert error.message.startswith("Function instance health check failed on port 9000 in 2 seconds.")
    assert "waiting for nothing" in error.message


def test_who_ends_early_is_not_started(tmp_path: Path):
    """The error shows the last words."""
    error = refusal(tmp_path, "#!/bin/sh\necho no database\nexit 3\n")
    assert error.message.startswith("Failed to start function instance")
    assert "no database" in error.message


def test_a_missing_bootstrap_is_told(tmp_path: Path):
    """By name and reason."""

    async def act(stage: Stage) -> str:
        stage.deploy("", runtime="custom", handler="x")
        with pytest.raises(FunctionNotStarted) as caught:
            await stage.invoke()
        return caught.value.message

    assert "/code/bootstrap: No such file or directory" in on_stage(tmp_path, act)


def test_a_health_check_holds_the_first_call_back(tmp_path: Path):
    """Until its path is answered by a status of success."""
    setup = """
    asked = []
    def answer(handler, body):
        asked.append(handler.path)
        return (200 if len(asked) > 1 else 503), [], " ".join(asked).encode()
    """
    check = {"customHealthCheckConfig": {"httpGetUrl": "/ready", "periodSeconds": 0}}
    assert ask(tmp_path, setup, config=check).payload == b"/ready /ready /invoke"


def test_a_death_is_told_as_any_death(tmp_path: Path):
    """The process exits during a call: the document of an unexpected end, and the next call finds a new instance."""
    setup = """
    def answer(handler, body):
        if body == b"die":
            os._exit(3)
        return 200, [], b"alive"
    """

    async def act(stage: Stage) -> tuple[InvocationResult, InvocationResult]:
        deploy_server(stage, setup)
        return await stage.invoke(b"die"), await stage.invoke()

    died, alive = on_stage(tmp_path, act)
    assert b"Process exited unexpectedly before completing request" in died.payload
    assert alive.payload == b"alive"


def test_a_hang_is_ended_by_the_timeout(tmp_path: Path):
    """As with any runtime."""
    setup = """
    import threading
    def answer(handler, body):
        threading.Event().wait()
    """
    assert b"Function timed out after 1 seconds" in ask(tmp_path, setup, timeout_s=1).payload


def test_calls_of_one_instance_run_beside_each_other(tmp_path: Path):
    """As many as instanceConcurrency says: here each call waits for the other."""
    setup = """
    import threading
    meeting = threading.Barrier(2)
    def answer(handler, body):
        meeting.wait(5)
        return 200, [], b"met"
    """

    async def act(stage: Stage) -> list[bytes]:
        import asyncio

        deploy_server(stage, setup, instance_concurrency=2)
        return [result.payload for result in await asyncio.gather(stage.invoke(), stage.invoke())]

    assert on_stage(tmp_path, act) == [b"met", b"met"]


def test_a_server_starts_in_a_stem_cell(tmp_path: Path):
    """The second function of this kind finds a sandbox that stood ready."""

    async def act(stage: Stage) -> bytes:
        deploy_server(stage, ECHO, name="neighbour")
        await stage.invoke(name="neighbour")
        await stage.compute.stems.wait_complete()
        assert stage.compute.statistics()["stem_cells"]
        deploy_server(stage, ECHO)
        return (await stage.invoke(b"hello")).payload

    payload = on_stage(tmp_path, act, limits={"stem_cells": 1, "tmp_bytes": 64 << 20})
    assert json.loads(payload)["body"] == "hello"


def test_the_hooks_of_an_instances_life_are_asked_for(tmp_path: Path):
    """GET /pre-freeze when a call is over, GET /pre-stop before the end."""
    setup = """
    def answer(handler, body):
        print(handler.command, handler.path, flush=True)
        return 200, [], b""
    """
    hooks = {"instanceLifecycleConfig": {name: {"handler": "x", "timeout": 3} for name in ("preFreeze", "preStop")}}

    async def act(stage: Stage) -> list[str]:
        deploy_server(stage, setup, config=hooks)
        await stage.invoke()
        await stage.printed("GET /pre-freeze")
        await stage.compute.replaced(ACCOUNT, "s", "f")
        await stage.printed("GET /pre-stop")
        return [line.text for line in stage.lines if line.text.startswith(("GET", "POST"))]

    assert on_stage(tmp_path, act) == ["POST /invoke", "GET /pre-freeze", "GET /pre-stop"]


def test_without_namespaces_the_port_is_a_free_one(tmp_path: Path):
    """Instances share the machine's ports then, so the environment tells which to take."""

    async def act(stage: Stage) -> InvocationResult:
        deploy_server(stage, ECHO)
        return await stage.invoke(b"hello")

    assert json.loads(on_stage(tmp_path, act, isolation="process").payload)["body"] == "hello"

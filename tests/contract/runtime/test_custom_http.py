"""Custom runtimes called over HTTP: requests and answers pass as they are (fc contract 3.5)."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from liuyun.compute.flow import Flow, Interrupted
from liuyun.model.invocation import InvocationResult
from tests.contract.runtime.custom import deploy_server, http
from tests.contract.runtime.stage import Stage, on_stage

ECHO = """
def answer(handler, body):
    seen = [handler.command, handler.path, handler.headers.get_all("x-twice"), body.decode()]
    seen += [handler.headers["x-fc-control-path"], handler.headers["host"]]
    return 201, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], json.dumps(seen).encode()
"""
# Sends what comes in as soon as it comes, and then more than fits into any buffer on the way.
STREAMS = """
def answer(handler, body):
    handler.send_response(200)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    chunk = lambda data: handler.wfile.write(b"%x\\r\\n%b\\r\\n" % (len(data), data))
    chunk(b"first")
    try:
        for number in range(200):
            chunk(b"x" * 65536)
            print("sent", number, flush=True)
    except OSError:
        print("client left", flush=True)
        raise
    handler.wfile.write(b"0\\r\\n\\r\\n")
    raise SystemExit
"""


def test_a_request_passes_as_it_is(tmp_path: Path):
    """Method, target, headers with repeats, body; status, headers with repeats and body come back."""

    async def act(stage: Stage) -> InvocationResult:
        deploy_server(stage, ECHO)
        call = http("PUT", "/a%20b?x=1", ("host", "example.com"), ("x-twice", "1"), ("x-twice", "2"))
        return await stage.invoke(b"body", http=call)

    result = on_stage(tmp_path, act)
    assert json.loads(result.payload) == ["PUT", "/a%20b?x=1", ["1", "2"], "body", "/http-invoke", "example.com"]
    assert result.http is not None
    assert result.http.status == 201
    assert [value for name, value in result.http.headers if name == "set-cookie"] == ["a=1", "b=2"]


def test_a_failure_reported_over_http_keeps_its_answer(tmp_path: Path):
    """x-fc-status 404 marks the call as failed; status and body go out as they are."""

    async def act(stage: Stage) -> InvocationResult:
        deploy_server(stage, 'def answer(handler, body): return 418, [("x-fc-status", "404")], b"tea"')
        return await stage.invoke(http=http())

    result = on_stage(tmp_path, act)
    assert (result.error_type, result.payload) == ("UnhandledInvocationError", b"tea")
    assert result.http is not None
    assert result.http.status == 418


def test_head_is_answered_without_a_body(tmp_path: Path):
    """And with the length that a GET would have; the next call isn't disturbed."""

    async def act(stage: Stage) -> list[InvocationResult]:
        deploy_server(stage, 'def answer(handler, body): return 200, [], b"12345"')
        return [await stage.invoke(http=http(method)) for method in ("HEAD", "GET")]

    head, get = on_stage(tmp_path, act)
    assert head.http is not None
    assert (head.payload, dict(head.http.headers)["content-length"]) == (b"", "5")
    assert get.payload == b"12345"


def test_an_answer_is_streamed(tmp_path: Path):
    """Its beginning is there before its end, the instance is busy until it has been read, then the log is complete."""

    async def act(stage: Stage) -> tuple[bytes, int, int, list[str]]:
        deploy_server(stage, STREAMS)
        result = await stage.invoke(http=http())
        assert result.body is not None
        first = await anext(result.body)
        busy = stage.compute.statistics()["running"]
        size = len(first) + sum([len(piece) async for piece in result.body])
        return first, busy, size, stage.texts("request-1")

    first, busy, size, log = on_stage(tmp_path, act)
    assert first.startswith(b"first")
    assert busy == 1
    assert size == 5 + 200 * 65536
    assert "sent 199" in log


def test_a_reader_who_leaves_stops_the_stream(tmp_path: Path):
    """The server can't send on, and the log says who ended it."""

    async def act(stage: Stage) -> list[str]:
        deploy_server(stage, STREAMS, instance_concurrency=2)
        result = await stage.invoke(http=http())
        assert isinstance(result.body, Flow)
        await anext(result.body)
        await result.body.aclose()
        await stage.printed("client left")
        return [line.text for line in stage.lines]

    log = on_stage(tmp_path, act)
    assert "sent 199" not in log
    assert "FC Invoke End RequestId: request-1, Error: Invocation canceled by client" in log


def test_a_request_is_streamed(tmp_path: Path):
    """The server reads the beginning before the end has been sent."""
    setup = """
    def answer(handler, body):
        sizes = []
        while size := int(handler.rfile.readline(), 16):
            sizes.append(len(handler.rfile.read(size)))
            handler.rfile.readline()
            print("got", len(sizes), flush=True)
        handler.rfile.readline()
        return 200, [], str(sum(sizes)).encode()
    """

    async def act(stage: Stage) -> bytes:
        deploy_server(stage, setup)

        async def body() -> AsyncIterator[bytes]:
            yield b"x" * 100_000
            await stage.printed("got 1")
            yield b"y" * 100_000

        return (await stage.invoke(http=http("POST"), body=body())).payload

    assert on_stage(tmp_path, act) == b"200000"


def test_the_timeout_ends_a_stream(tmp_path: Path):
    """The function's time runs while it sends."""
    setup = """
    import threading
    def answer(handler, body):
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"begun")
        handler.wfile.flush()
        threading.Event().wait()
    """

    async def act(stage: Stage) -> tuple[bytes, list[str]]:
        deploy_server(stage, setup, timeout_s=1)
        result = await stage.invoke(http=http())
        assert result.body is not None
        begun = await anext(result.body)
        with pytest.raises(Interrupted):
            await anext(result.body)
        return begun, stage.texts("request-1")

    begun, log = on_stage(tmp_path, act)
    assert begun == b"begun"
    assert log[-1] == "FC Invoke End RequestId: request-1, Error: Unhandled function error"


def test_a_reset_is_repaired_where_that_is_safe(tmp_path: Path):
    """GET is tried again; POST may have done something, so its caller is told."""
    setup = """
    import socket
    calls = []
    def answer(handler, body):
        calls.append(handler.command)
        if calls.count(handler.command) == 1:
            handler.connection.shutdown(socket.SHUT_RDWR)
        return 200, [], b"there"
    """

    async def act(stage: Stage) -> list[InvocationResult]:
        deploy_server(stage, setup)
        return [await stage.invoke(http=http(method)) for method in ("GET", "POST")]

    get, post = on_stage(tmp_path, act)
    assert get.payload == b"there"
    assert post.http is None
    assert b"did not answer" in post.payload


def test_a_cancelled_call_hangs_up(tmp_path: Path):
    """The server sees the end of its client, and the log says so."""
    setup = """
    def answer(handler, body):
        print("waiting", flush=True)
        handler.connection.recv(1)
        print("hung up", flush=True)
        return 200, [], b""
    """

    async def act(stage: Stage) -> list[str]:
        deploy_server(stage, setup, instance_concurrency=2)
        calling = asyncio.ensure_future(stage.invoke(http=http()))
        await stage.printed("waiting")
        calling.cancel()
        await stage.printed("hung up")
        return stage.texts("request-1")

    assert "FC Invoke End RequestId: request-1, Error: Invocation canceled by client" in on_stage(tmp_path, act)

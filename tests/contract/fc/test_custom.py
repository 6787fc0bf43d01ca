"""Custom runtimes as clients meet them: by the vendor's SDK, by plain HTTP and as WebSockets.

Acceptance cases of fc contract 8: 22, 23.
"""

import io
import json
import socket
from pathlib import Path

import fc2
import pytest
import requests
from fc2.fc_exceptions import FcError

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, custom_function, refused, zip_text
from tests.contract.fc.tea import fc3_client, fc3_models
from tests.contract.runtime.custom import SERVER

SETUP = """
import hashlib, threading, time

def answer(handler, body):
    path = handler.path.partition("?")[0].rpartition("/")[2]
    return globals()[path](handler, body)

def invoke(handler, body):
    if body == b"fail":
        return 200, [("x-fc-status", "404")], b'{"errorMessage":"no"}'
    return 200, [], json.dumps([handler.command, handler.headers["x-fc-control-path"], body.decode()]).encode()

def cookies(handler, body):
    return 404, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("Content-Type", "text/plain")], handler.path.encode()

def count(handler, body):
    digest, size = hashlib.sha256(body), len(body)
    while handler.headers["transfer-encoding"] and (length := int(handler.rfile.readline(), 16)):
        piece = handler.rfile.read(length)
        digest.update(piece)
        size += length
        handler.rfile.readline()
    if handler.headers["transfer-encoding"]:
        handler.rfile.readline()  # the end of the body: left over, it would be a bad request and end the connection
    return 200, [], f"{size} {digest.hexdigest()}".encode()

def slowly(handler, body):
    handler.send_response(200)
    handler.send_header("transfer-encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"5\\r\\nfirst\\r\\n")
    handler.rfile.readline()
    raise ConnectionError

def wait(handler, body):
    print("waiting", flush=True)
    handler.rfile.readline()
    return 200, [], b""

def chat(handler, body):
    handler.send_response(101)
    handler.send_header("Upgrade", "websocket")
    handler.send_header("Connection", "Upgrade")
    handler.send_header("Sec-WebSocket-Accept", handler.headers["Sec-WebSocket-Key"])
    handler.end_headers()
    while data := handler.connection.recv(65536):
        handler.connection.sendall(data.upper())
    raise ConnectionError
"""


@pytest.fixture(scope="module")
def server(running: Running, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The service of a custom function `f`, open to everybody."""
    keys = {"accessKeyID": running.access_key_id, "accessKeySecret": running.access_key_secret}
    client = fc2.Client(endpoint=running.endpoint, **keys)
    service = Deployed(client, tmp_path_factory.mktemp("custom"), "custom-service")
    run = {"command": ["python3"], "args": ["-u", "server.py"]}
    custom_function(service, "f", {"server.py": SERVER.replace("{setup}", SETUP)}, customRuntimeConfig=run)
    client.create_trigger(
        service.service, "f", "web", "http", {"authType": "anonymous", "methods": ["GET", "POST", "HEAD"]}, None, None
    )
    return service


@pytest.fixture
def url(server: Deployed, running: Running) -> str:
    return f"{running.endpoint}/2016-08-15/proxy/{server.service}/f/"


def raw(running: Running, server: Deployed, method: str, path: str, *headers: str) -> socket.socket:
    """A connection on which the head of a request has been sent."""
    sock = socket.create_connection(("127.0.0.1", running.port), timeout=10)
    lines = [f"{method} /2016-08-15/proxy/{server.service}/f/{path} HTTP/1.1", "Host: h", *headers]
    sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
    return sock


def until(sock: socket.socket, end: bytes) -> bytes:
    data = b""
    while end not in data:
        piece = sock.recv(65536)
        assert piece, f"the connection ended after {data!r}"
        data += piece
    return data


def test_case_22_events_are_posted_and_failures_reported(server: Deployed):
    """POST /invoke with its control path; x-fc-status 404 in the answer is a function error to the caller."""
    assert json.loads(server.invoke("f", b"hello").data) == ["POST", "/invoke", "hello"]
    with pytest.raises(FcError) as caught:
        server.invoke("f", b"fail")
    assert caught.value.status_code == 200


def test_case_23_who_never_listens_is_told(service: Deployed, tmp_path: Path):
    """FunctionNotStarted, with what the command printed."""
    custom_function(service, "f", {"bootstrap": "#!/bin/sh\necho out of order\n"})
    error = refused(lambda: service.invoke("f"))
    assert (error.status_code, error.err_code) == (412, "FunctionNotStarted")
    assert "out of order" in error.message


def test_the_newest_api_says_where_a_server_listens(running: Running):
    """`port` and a health check stand in customRuntimeConfig there."""
    client = fc3_client(running)
    serve = SERVER.replace("{setup}", "def answer(handler, body): return 200, [], handler.path.encode()")
    function = fc3_models.CreateFunctionInput(
        function_name="custom3",
        runtime="custom.debian12",
        handler="not used",
        timeout=10,
        code=fc3_models.InputCodeLocation(zip_file=zip_text({"server.py": serve})),
        custom_runtime_config=fc3_models.CustomRuntimeConfig(
            command=["python3"],
            args=["server.py"],
            port=8123,
            health_check_config=fc3_models.CustomHealthCheckConfig(http_get_url="/ready", period_seconds=1),
        ),
    )
    client.create_function(fc3_models.CreateFunctionRequest(body=function))
    answer = client.invoke_function("custom3", fc3_models.InvokeFunctionRequest(body=io.BytesIO(b"")))
    assert answer.body.read() == b"/invoke"
    client.delete_function("custom3")


def test_answers_pass_with_status_and_repeated_headers(url: str, server: Deployed):
    """The path is the whole one when called through the proxy URL; cookies stay apart."""
    answer = requests.get(f"{url}cookies?a=1", timeout=30)
    assert (answer.status_code, answer.text) == (404, f"/2016-08-15/proxy/{server.service}/f/cookies?a=1")
    assert answer.raw.headers.getlist("set-cookie") == ["a=1", "b=2"]


def test_head_has_a_length_and_no_body(url: str):
    """The length is that of the GET."""
    get, head = requests.get(f"{url}cookies", timeout=30), requests.head(f"{url}cookies", timeout=30)
    assert (head.status_code, head.content, head.headers["content-length"]) == (404, b"", str(len(get.content)))


@pytest.mark.parametrize("size", [6 * 1024 * 1024, 32 * 1024 * 1024])
def test_large_bodies_arrive_whole(url: str, size: int):
    """With a length they keep it."""
    import hashlib

    body = bytes(range(256)) * (size // 256)
    assert requests.post(f"{url}count", data=body, timeout=60).text == f"{size} {hashlib.sha256(body).hexdigest()}"


def test_chunked_bodies_arrive_chunked(url: str):
    """A client that doesn't know the length needn't."""
    pieces = iter([b"x" * 100_000, b"y" * 100_000])
    assert requests.post(f"{url}count", data=pieces, timeout=30).text.startswith("200000 ")


def test_more_than_the_limit_is_refused(url: str):
    """With a length at once, without one as soon as it shows."""
    piece = b"x" * (1024 * 1024)
    declared = requests.post(f"{url}count", data=piece * 33, timeout=60)
    chunked = requests.post(f"{url}count", data=(piece for _ in range(33)), timeout=60)
    answers = [(answer.status_code, answer.text) for answer in (declared, chunked)]
    assert all('"EntityTooLarge"' in text for _, text in answers), answers


def test_who_asks_first_is_told_to_go_on(running: Running, server: Deployed):
    """Expect: 100-continue is answered before the body is sent."""
    with raw(running, server, "POST", "count", "Content-Length: 100000", "Expect: 100-continue") as sock:
        assert until(sock, b"\r\n\r\n").startswith(b"HTTP/1.1 100 ")
        sock.sendall(b"x" * 100_000)
        assert until(sock, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_the_beginning_of_an_answer_needs_no_end(running: Running, server: Deployed):
    """What the function sends is there while it still runs."""
    with raw(running, server, "GET", "slowly") as sock:
        assert b"transfer-encoding: chunked" in until(sock, b"5\r\nfirst\r\n")


def test_a_client_that_leaves_cancels_its_call(running: Running, server: Deployed):
    """The function's server is hung up on, and the log says who ended it."""
    with raw(running, server, "GET", "wait"):
        server.printed("f", "waiting")
    server.printed("f", "Error: Invocation canceled by client")


def test_a_websocket_passes_both_ways(running: Running, server: Deployed):
    """After the switch bytes go through as they are, until one side leaves."""
    offer = ["Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: key", "Sec-WebSocket-Version: 13"]
    with raw(running, server, "GET", "chat", *offer) as sock:
        head = until(sock, b"\r\n\r\n").lower()
        assert head.startswith(b"http/1.1 101 ")
        assert b"connection: upgrade\r\n" in head
        assert b"upgrade: websocket\r\n" in head
        assert b"sec-websocket-accept: key\r\n" in head
        for word in (b"one.", b"two" * 50_000 + b"."):
            sock.sendall(word)
            assert until(sock, b".") == word.upper()


def test_an_offer_to_switch_may_be_declined(running: Running, server: Deployed):
    """The answer is an ordinary one, and the connection ends."""
    with raw(running, server, "GET", "cookies", "Upgrade: websocket", "Connection: Upgrade") as sock:
        data = b""
        while piece := sock.recv(65536):
            data += piece
    assert data.startswith(b"HTTP/1.1 404 ")

"""Python HTTP functions: WSGI as the vendor's runtime speaks it (fc contract 3.2)."""

import json
from pathlib import Path

from liuyun.model.invocation import HttpCall, InvocationResult
from tests.contract.runtime.stage import Stage, on_stage

CALL = HttpCall(
    method="POST",
    path="/a b/ü",
    query="x=1&x=2",
    request_uri="/2016-08-15/proxy/s/f/a%20b/%C3%BC?x=1&x=2",
    headers=(("content-type", "text/plain"), ("x-twice", "1"), ("x-twice", "2"), ("proxy", "http://evil")),
    client_ip="10.1.2.3",
)


def ask(folder: Path, code: str, http: HttpCall = CALL, payload: bytes = b"") -> InvocationResult:
    async def act(stage: Stage) -> InvocationResult:
        stage.deploy(code, http=True)
        return await stage.invoke(payload, http=http)

    return on_stage(folder, act)


def test_the_environ_holds_the_request(tmp_path: Path):
    """CGI names, the vendor's own, and headers with repeats joined."""
    code = """
        import json
        NAMES = ["REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "CONTENT_LENGTH", "CONTENT_TYPE", "REMOTE_ADDR",
                 "SCRIPT_NAME", "SERVER_NAME", "SERVER_PORT", "SERVER_PROTOCOL", "HTTP_X_TWICE", "fc.request_uri",
                 "HTTP_X_FC_FUNCTION_HANDLER", "wsgi.url_scheme"]
        def handler(environ, start_response):
            start_response("200 OK", [])
            facts = [environ[name] for name in NAMES]
            facts += [environ["fc.context"].request_id, environ["wsgi.input"].read().decode(), "HTTP_PROXY" in environ]
            return json.dumps(facts)
    """
    said = json.loads(ask(tmp_path, code, payload=b"body").payload)
    assert said == [
        "POST", "/a b/Ã¼", "x=1&x=2", "4", "text/plain", "10.1.2.3", "", "FCRUNTIME", "9000", "HTTP/1.1", "1,2",
        "/2016-08-15/proxy/s/f/a%20b/%C3%BC?x=1&x=2", "index.handler", "http", "request-1", "body", False,
    ]  # fmt: skip


def test_status_and_repeated_headers_survive(tmp_path: Path):
    """The status is the leading number; headers keep order and repeats; what was written comes first."""
    code = """
        def handler(environ, start_response):
            write = start_response("201 Created", [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
            write(b"first,")
            return iter([b"second,", "third"])
    """
    result = ask(tmp_path, code)
    assert result.http is not None
    assert (result.http.status, result.http.headers) == (201, (("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")))
    assert result.payload == b"first,second,third"


def test_a_generator_function_is_a_handler_too(tmp_path: Path):
    """`start_response` is then called only while the body is read."""
    code = "def handler(environ, start_response):\n    start_response('200 OK', [])\n    yield b'late'\n"
    assert ask(tmp_path, code).payload == b"late"


def test_what_a_handler_returned_is_closed(tmp_path: Path):
    """As WSGI demands, whatever happened."""
    code = """
        class Body:
            def __iter__(self):
                return iter([b"x"])
            def close(self):
                print("closed")
        def handler(environ, start_response):
            start_response("200 OK", [])
            return Body()
    """

    async def act(stage: Stage) -> list[str]:
        stage.deploy(code, http=True)
        await stage.invoke(http=CALL)
        return stage.texts("request-1")

    assert "closed" in on_stage(tmp_path, act)


def test_a_handler_that_raises_gives_the_error_document(tmp_path: Path):
    """The gateway makes a 502 of it."""
    result = ask(tmp_path, "def handler(environ, start_response):\n    raise KeyError('k')\n")
    assert (result.error_type, result.http) == ("UnhandledInvocationError", None)
    assert json.loads(result.payload)["errorType"] == "KeyError"


def test_a_handler_that_never_starts_its_response_is_an_error(tmp_path: Path):
    """There is no status to answer with."""
    result = ask(tmp_path, "def handler(environ, start_response):\n    return []\n")
    assert "start_response" in json.loads(result.payload)["errorMessage"]


def test_half_a_character_in_a_header_is_an_error(tmp_path: Path):
    """A lone surrogate is the handler's mistake, and costs it the answer, not the process."""
    code = "def handler(environ, start_response):\n    start_response('200 OK', [('X-A', '\\ud800')])\n    return []\n"
    document = json.loads(ask(tmp_path, code).payload)
    assert document["errorType"] == "UnicodeEncodeError"

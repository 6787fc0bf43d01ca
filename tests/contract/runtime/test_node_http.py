"""Node.js HTTP functions: `handler(request, response, context)` as the vendor's runtime speaks it (fc contract 3.4)."""

import json
from pathlib import Path

from msgspec.structs import replace

from liuyun.model.invocation import HttpCall, InvocationResult
from tests.contract.runtime.scripts import deploy
from tests.contract.runtime.stage import Stage, on_stage

CALL = HttpCall(
    method="POST",
    path="/a b/ü",
    query="x=1&x=2&y=%20&__proto__=z",
    request_uri="/2016-08-15/proxy/s/f/a%20b/%C3%BC?x=1&x=2",
    headers=(("Content-Type", "text/plain"), ("x-twice", "1"), ("x-twice", "2")),
    client_ip="10.1.2.3",
)


def ask(folder: Path, code: str, http: HttpCall = CALL, payload: bytes = b"") -> InvocationResult:
    async def act(stage: Stage) -> InvocationResult:
        deploy(stage, code, http=True)
        return await stage.invoke(payload, http=http)

    return on_stage(folder, act)


def test_the_request_is_a_stream_with_facts(tmp_path: Path):
    """Headers in lower case, queries as texts or arrays, the body to be read or at hand."""
    code = """
        exports.handler = async (request, response, context) => {
            let body = '';
            for await (const chunk of request) body += chunk;
            const { headers, path, queries, method, clientIP, url } = request;
            response.send(JSON.stringify({ headers, path, queries, method, clientIP, url, body, at: context.requestId,
                                           same: request.body.toString() === body }));
        };
    """
    assert json.loads(ask(tmp_path, code, payload=b"body").payload) == {
        "headers": {"content-type": "text/plain", "x-twice": "1,2"},
        "path": "/a b/ü",
        "queries": {"x": ["1", "2"], "y": " ", "__proto__": "z"},
        "method": "POST",
        "clientIP": "10.1.2.3",
        "url": "/2016-08-15/proxy/s/f/a%20b/%C3%BC?x=1&x=2",
        "body": "body",
        "at": "request-1",
        "same": True,
    }


def test_status_and_headers_are_what_was_set(tmp_path: Path):
    """The last value of a name counts, arrays are repeated headers, deleted ones are gone."""
    code = """
        exports.handler = (request, response) => {
            response.setStatusCode(201);
            response.setHeader('X-A', 'old');
            response.setHeader('x-a', 'new');
            response.setHeader('Set-Cookie', ['a=1', 'b=2']);
            response.setHeader('X-Gone', 1);
            response.deleteHeader('x-gone');
            response.send(Buffer.from([0, 255]));
        };
    """
    result = ask(tmp_path, code)
    assert result.http is not None
    assert result.http.status == 201
    assert result.http.headers == (("x-a", "new"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert result.payload == b"\x00\xff"


def test_a_stream_is_a_body(tmp_path: Path):
    """What is read from it is sent; an empty request has an empty body."""
    code = """
        const { Readable } = require('node:stream');
        exports.handler = (request, response) => response.send(Readable.from(['a', Buffer.from('b'), 'ü']));
    """
    assert ask(tmp_path, code, replace(CALL, method="GET", path="")).payload == "abü".encode()


def test_failures_are_error_documents(tmp_path: Path):
    """A throw, a broken promise, a broken stream, a body over the limit."""
    code = """
        const { Readable } = require('node:stream');
        const broken = new Readable({ read() { this.destroy(new Error('torn')); } });
        const acts = {
            throws() { throw new Error('thrown'); },
            async breaks() { throw new Error('broken'); },
            tears(request, response) { response.send(broken); },
            floods(request, response) { response.send(Buffer.alloc(33 << 20)); },
            confuses(request, response) { response.setStatusCode('fine'); response.send('x'); },
        };
        exports.handler = (request, response) => acts[request.path](request, response);
    """

    async def act(stage: Stage) -> list[str]:
        deploy(stage, code, http=True, memory_mb=512)
        answers = [await stage.invoke(http=replace(CALL, path=path)) for path in
                   ("throws", "breaks", "tears", "floods", "confuses")]  # fmt: skip
        return [json.loads(answer.payload)["errorMessage"] for answer in answers]

    *others, flood, confused = on_stage(tmp_path, act)
    assert others == ["thrown", "broken", "torn"]
    assert flood.startswith("the response has 34603008 bytes")
    assert confused == "the status code must be a whole number"

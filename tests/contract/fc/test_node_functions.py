"""Functions in Node.js through the vendor's Python client: fc contract 3.4, and cases 9 to 12 and 20 of its part 8."""

import json
from base64 import b64decode

import pytest
import requests

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, refused

SCRIPT = """
exports.handler = (event, context, callback) => {
  console.info('called by %s', context.credentials.accessKeyId.slice(0, 4));
  const acts = {
    object: () => callback(null, { b: 1, a: [event.length] }),
    text: () => callback(null, 'as it is'),
    nothing: () => callback(null, null),
    handled: () => callback(new TypeError('wrong')),
    thrown: () => { throw new RangeError('boom'); },
    exits: () => process.exit(1),
  };
  acts[event.toString()]();
};
exports.web = (request, response) => {
  if (request.path === '/exit') process.exit(1);
  response.setStatusCode(202);
  response.setHeader('Set-Cookie', ['a=1', 'b=2']);
  response.send(`${request.method} ${request.path} ${JSON.stringify(request.queries)} ${request.body}`);
};
"""


def deploy(service: Deployed, name: str, handler: str = "index.handler") -> str:
    folder = service.folder / name
    folder.mkdir()
    (folder / "index.js").write_text(SCRIPT)
    service.client.create_function(
        service.service, name, runtime="nodejs20", handler=handler, codeDir=str(folder), timeout=10, memorySize=128
    )
    return name


@pytest.fixture
def name(service: Deployed) -> str:
    return deploy(service, "f")


@pytest.mark.parametrize(
    ("event", "body"), [(b"object", b'{"b":1,"a":[6]}'), (b"text", b"as it is"), (b"nothing", b"null")]
)
def test_results_have_their_form(service: Deployed, name: str, event: bytes, body: bytes):
    """Texts as they are, all else as JSON."""
    assert service.invoke(name, event).data == body


@pytest.mark.parametrize(
    ("event", "message", "error"), [(b"handled", "wrong", "TypeError"), (b"thrown", "boom", "RangeError")]
)
def test_errors_are_told(service: Deployed, name: str, event: bytes, message: str, error: str):
    """The client raises the document."""
    raised = refused(lambda: service.invoke(name, event))
    document = json.loads(str(raised.message))
    assert raised.status_code == 200
    assert (document["errorMessage"], document["errorType"]) == (message, error)


def test_the_log_comes_along(service: Deployed, name: str):
    """Marks, lines with level and request id, and the summary."""
    answer = service.invoke(name, b"text", {"x-fc-log-type": "Tail"})
    log = b64decode(answer.headers["x-fc-log-result"]).decode()
    request_id = answer.headers["x-fc-request-id"]
    assert f"FC Invoke Start RequestId: {request_id}\r\n" in log
    assert f"Z {request_id} [info] called by STS." in log
    assert "Memory Size: 128 MB" in log


def test_an_http_function_answers(service: Deployed, running: Running):
    """Method, path, query and body arrive; status and repeated headers leave; an exit is a bad gateway."""
    name = deploy(service, "web", "index.web")
    config = {"authType": "anonymous", "methods": ["GET", "POST"]}
    service.client.create_trigger(service.service, name, "web", "http", config, None, None)
    url = f"{running.endpoint}/2016-08-15/proxy/{service.service}/{name}"
    answer = requests.post(f"{url}/a/b?x=1&x=2", data="body", timeout=20)
    assert (answer.status_code, answer.text) == (202, 'POST /a/b {"x":["1","2"]} body')
    assert answer.headers["set-cookie"] == "a=1, b=2"
    gone = requests.get(f"{url}/exit", timeout=20)
    assert gone.status_code == 502
    assert "Process exited unexpectedly before completing request" in gone.json()["errorMessage"]

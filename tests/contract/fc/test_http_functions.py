"""HTTP functions through the vendor's Python client and plain requests. Acceptance case 18 of fc contract 8."""

import socket

import requests

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed

SHOW = """
import json
def handler(environ, start_response):
    wanted = ('REQUEST_METHOD', 'PATH_INFO', 'QUERY_STRING', 'CONTENT_LENGTH', 'HTTP_X_ASKED', 'SCRIPT_NAME')
    seen = {name: environ.get(name) for name in wanted}
    seen['uri'] = environ['fc.request_uri']
    seen['request'] = environ['fc.context'].request_id
    seen['body'] = environ['wsgi.input'].read().decode()
    headers = [('Content-Type', 'application/json'), ('Set-Cookie', 'a=1'), ('Set-Cookie', 'b=2')]
    start_response('201 Made', headers)
    return [json.dumps(seen).encode()]
"""


def test_case_18_a_signed_trigger_takes_signed_requests(service: Deployed, running: Running):
    """Queries with spaces and lists are part of the signature; without one the answer is 403."""
    service.http_function("f", SHOW, auth="function")
    params = {"a": "x y&=", "b": ["2", "1"], "empty": "", "中": "文"}
    answer = service.call("GET", "f", "/a b", params=params)
    assert answer.status_code == 201
    assert requests.get(answer.url, timeout=30).status_code == 403
    forged = {"authorization": "FC LTAInobody:c2lnbg==", "date": answer.headers["date"]}
    assert requests.get(answer.url, headers=forged, timeout=30).json()["ErrorCode"] == "InvalidAccessKeyID"


def test_the_address_without_a_slash_works(service: Deployed, running: Running):
    """A missing path means the root, and HEAD has no body."""
    service.http_function("f", SHOW)
    url = f"{running.endpoint}/2016-08-15/proxy/{service.service}/f"
    assert requests.get(url, timeout=30).json()["PATH_INFO"] == "/"
    head = requests.head(f"{url}/x", timeout=30)
    assert (head.status_code, head.content) == (201, b"")


def test_what_the_trigger_does_not_take_does_not_run(service: Deployed, running: Running):
    """Another method, or a function without a trigger, is refused."""
    service.http_function("f", SHOW)
    service.function("plain", SHOW)
    base = f"{running.endpoint}/2016-08-15/proxy/{service.service}"
    assert requests.delete(f"{base}/f/", timeout=30).status_code == 405
    assert requests.get(f"{base}/plain/", timeout=30).status_code == 403


def test_a_web_application_that_raises_is_a_bad_gateway(service: Deployed, running: Running):
    """502 with what was raised."""
    service.http_function("f", "def handler(environ, start_response):\n    raise KeyError('lost')\n")
    answer = requests.get(f"{running.endpoint}/2016-08-15/proxy/{service.service}/f/", timeout=30)
    assert answer.status_code == 502
    assert "lost" in answer.json()["errorMessage"]


def test_large_bodies_go_both_ways(service: Deployed, running: Running):
    """Six megabytes in and out again, unchanged."""
    code = (
        "def handler(environ, start_response):\n"
        "    start_response('200 OK', [('Content-Type', 'application/octet-stream')])\n"
        "    return [environ['wsgi.input'].read()]\n"
    )
    service.http_function("f", code)
    body = bytes(range(256)) * 24_000
    url = f"{running.endpoint}/2016-08-15/proxy/{service.service}/f/"
    assert requests.post(url, data=body, timeout=30).content == body


def test_a_client_that_leaves_cancels_its_call(service: Deployed, running: Running):
    """The instance goes, since a handler can't be told, and the log says who ended the call."""
    code = (
        "import threading\n"
        "def handler(environ, start_response):\n"
        "    print('waiting', flush=True)\n"
        "    threading.Event().wait()\n"
    )
    service.http_function("f", code)
    with socket.create_connection(("127.0.0.1", running.port), timeout=10) as sock:
        sock.sendall(f"GET /2016-08-15/proxy/{service.service}/f/ HTTP/1.1\r\nHost: h\r\n\r\n".encode())
        service.printed("f", "waiting")
    service.printed("f", "Error: Invocation canceled by client")

"""A client that keeps its connection and sends the same head again: what has changed meanwhile counts."""

from collections.abc import Callable, Iterator

import pytest

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, Kept

PAGE = """def handler(environ, start_response):
    start_response('200 OK', [('Content-Type', 'text/plain')])
    return [b'%s ' + environ['wsgi.input'].read(5)]
"""
OFTEN = 3  # the first is read, the second remembered, the third taken from memory
Say = Callable[[bytes], tuple[int, bytes]]


@pytest.fixture
def say(service: Deployed, running: Running) -> Iterator[Say]:
    """One more request of the same kind on the same connection; its host is a domain that isn't there yet."""
    service.http_function("f", PAGE % "f")
    service.http_function("g", PAGE % "g")
    connection = Kept("127.0.0.1", running.port, timeout=30)

    def ask(body: bytes) -> tuple[int, bytes]:
        path = f"/2016-08-15/proxy/{service.service}/f/x"
        connection.request("POST", path, body, headers={"Host": "again.example.com"})
        answer = connection.getresponse()
        return answer.status, answer.read()

    yield ask
    connection.close()


def test_each_request_has_its_own_body(say: Say):
    """Only the head is remembered."""
    assert [say(body)[1] for body in (b"one..", b"two..", b"three", b"four.")] == [
        b"f one..", b"f two..", b"f three", b"f four."
    ]  # fmt: skip


def test_a_trigger_that_was_open_is_closed_at_once(say: Say, service: Deployed):
    """Whether a caller may is asked each time."""
    assert [say(b"open.")[0] for _ in range(OFTEN)] == [200] * OFTEN
    closed = {"authType": "function", "methods": ["GET", "POST"]}
    service.client.update_trigger(service.service, "f", "web", closed)
    assert say(b"close")[0] == 403


def test_a_domain_that_comes_and_goes_takes_its_requests(say: Say, service: Deployed):
    """The same head means another function then."""
    routes = {"routes": [{"path": "/*", "serviceName": service.service, "functionName": "g", "methods": ["POST"]}]}
    assert [say(b"none.")[1] for _ in range(OFTEN)] == [b"f none."] * OFTEN
    service.client.create_custom_domain("again.example.com", "HTTP", routes)
    assert [say(b"there")[1] for _ in range(OFTEN)] == [b"g there"] * OFTEN
    service.client.delete_custom_domain("again.example.com")
    assert say(b"gone.") == (200, b"f gone.")

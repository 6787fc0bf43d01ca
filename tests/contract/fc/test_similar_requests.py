"""A client that keeps its connection and sends heads that differ in little: what differs counts."""

import json
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from liuyun.identity.signatures import fc
from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, Kept

TOLD = """import json
def handler(environ, start_response):
    start_response('200 OK', [('Content-Type', 'application/json')])
    body = environ['wsgi.input'].read(int(environ['CONTENT_LENGTH'])).decode()
    return [json.dumps([environ['QUERY_STRING'], environ.get('HTTP_X_TURN'), body]).encode()]
"""


@pytest.fixture
def connection(running: Running) -> Iterator[Kept]:
    connection = Kept("127.0.0.1", running.port, timeout=30)
    yield connection
    connection.close()


def test_a_function_is_told_what_differs(service: Deployed, connection: Kept):
    """The query, a header and a body of another length, in each request another."""
    service.http_function("f", TOLD)
    for turn in ("1", "2", "1", "2", "333", "1"):
        path = f"/2016-08-15/proxy/{service.service}/f/x?turn={turn}"
        connection.request("POST", path, turn * 2, headers={"X-Turn": turn})
        assert json.loads(connection.getresponse().read()) == [f"turn={turn}", turn, turn * 2]


def test_a_signature_is_checked_where_all_else_is_the_same(service: Deployed, running: Running, connection: Kept):
    """A call that is signed by nobody is refused between two that are signed, and costs them nothing."""
    service.function("f", "def handler(event, context):\n    return event\n")
    path = f"/2016-08-15/services/{service.service}/functions/f/invocations"

    def ask(event: bytes, secret: str) -> tuple[int, bytes]:
        headers = {"date": formatdate(usegmt=True), "content-type": "text/plain"}
        signature = fc.sign(secret, fc.string_to_sign("POST", headers, path))
        authorization = f"FC {running.access_key_id}:{signature}"
        connection.request("POST", path, event, headers={**headers, "Authorization": authorization})
        answer = connection.getresponse()
        return answer.status, answer.read()

    right = running.access_key_secret
    assert [ask(event, right) for event in (b"one", b"two", b"three")] == [
        (200, b"one"),
        (200, b"two"),
        (200, b"three"),
    ]
    assert ask(b"four", right[::-1])[0] == 403
    assert ask(b"five!", right) == (200, b"five!")


def test_what_says_how_to_call_is_never_taken_from_another(service: Deployed, connection: Kept):
    """Whether a call is to run now or later is its own affair."""
    service.http_function("f", TOLD)
    path = f"/2016-08-15/proxy/{service.service}/f/x"
    statuses: list[int] = []
    for kind in ("Sync", "Sync", "Async", "Sync"):
        connection.request("POST", path, "body", headers={"X-Fc-Invocation-Type": kind})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    assert statuses == [200, 200, 202, 200]

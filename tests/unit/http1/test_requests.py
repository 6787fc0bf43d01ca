"""What a connection understands, and what it refuses."""

from typing import Any

import pytest

from liuyun.http1.reader import HEAD_BYTES
from tests.conftest import run
from tests.unit.http1.wire import Wire, answer, body_of, echo, settled

POST = b"POST /p HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\nhello"


def say(*pieces: bytes, app: Any = echo) -> Wire:
    async def main() -> Wire:
        wire = Wire(app)
        await wire.say(*pieces)
        return wire

    return run(main())


def bodies(sent: bytes) -> list[bytes]:
    return [part.split(b"\r\n\r\n", 1)[1] for part in sent.split(b"HTTP/1.1 ")[1:]]


def test_the_scope_says_what_was_on_the_wire():
    """Names in lower case, order and repeats kept, path decoded beside the raw one."""
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        await answer(send)

    say(b"GET /a%20b?c=%20d HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\n\r\n", app=app)
    scope = seen[0]
    assert (scope["path"], scope["raw_path"], scope["query_string"]) == ("/a b", b"/a%20b", b"c=%20d")
    assert scope["headers"] == [(b"host", b"h"), (b"x-a", b"1"), (b"x-a", b"2")]
    assert (scope["method"], scope["scheme"], scope["client"]) == ("GET", "http", ("127.0.0.1", 4711))


@pytest.mark.parametrize("target", [b"http://h/p?q", b"/p?q#fragment"])
def test_other_forms_of_a_target_are_understood(target: bytes):
    """A client that takes the platform for its proxy sends the absolute form."""
    assert bodies(say(b"GET " + target + b" HTTP/1.1\r\nhost: h\r\n\r\n").sent) == [b"GET /p "]


def test_a_request_may_come_byte_by_byte():
    """Nothing depends on how the bytes were cut."""
    wire = say(*[bytes([byte]) for byte in POST])
    assert bodies(wire.sent) == [b"POST /p hello"]


def test_a_connection_is_kept_for_the_next_request():
    """Requests that follow each other are answered on the same connection."""
    wire = say(POST, POST)
    assert bodies(wire.sent) == [b"POST /p hello"] * 2
    assert not wire.closed


def test_pipelined_requests_are_answered_in_order():
    """Those behind the first wait for it, and nothing more is read meanwhile."""

    async def main() -> None:
        wire = Wire(echo)
        wire.connection.data_received(POST + POST.replace(b"/p", b"/q") + POST.replace(b"/p", b"/r"))
        assert wire.paused
        await settled()
        assert bodies(wire.sent) == [b"POST /p hello", b"POST /q hello", b"POST /r hello"]
        assert not wire.paused

    run(main())


def test_chunked_bodies_are_put_together_and_trailers_are_no_headers():
    """What comes behind a body can't be taken for the request's headers."""
    seen: list[dict[str, Any]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope)
        await echo(scope, receive, send)

    head = b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"
    wire = say(head, b"2\r\nab\r\n", b"1\r\nc\r\n0\r\nauthorization: x\r\n\r\n", app=app)
    assert bodies(wire.sent) == [b"POST / abc"]
    assert b"authorization" not in dict(seen[0]["headers"])


def test_who_waits_for_leave_to_send_the_body_gets_it_when_the_body_is_wanted():
    """Expect: 100-continue is answered once the application reads."""
    head = b"POST / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n"
    wire = say(head, b"ab")
    assert wire.sent.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


def test_who_waits_for_leave_and_is_answered_at_once_gets_none():
    """An application that refuses without reading spares the client the body."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(send, status=403)

    head = b"POST / HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n"
    assert b"100 Continue" not in say(head, app=app).sent


def test_a_body_that_nobody_reads_stops_the_connection():
    """Memory is bounded: reading goes on only when the application takes what is there."""

    async def main() -> None:
        go = settled

        async def app(scope: Any, receive: Any, send: Any) -> None:
            await go()
            assert wire.paused
            await body_of(receive)
            await answer(send)

        wire = Wire(app)
        wire.connection.data_received(b"POST / HTTP/1.1\r\nhost: h\r\ncontent-length: 200000\r\n\r\n" + b"x" * 100_000)
        for _ in range(5):
            await settled()
        assert not wire.paused
        assert await wire.say(b"x" * 100_000)

    run(main())


@pytest.mark.parametrize(
    "request_", [b"no http\r\n\r\n", b"GET / HTTP/1.1\r\nbad header\r\n\r\n", b"CONNECT h:1 HTTP/1.1\r\n\r\n"]
)
def test_what_is_no_http_is_refused(request_: bytes):
    """400, and the connection ends."""
    wire = say(request_)
    assert wire.sent.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert wire.closed


def test_nonsense_behind_a_request_does_not_spoil_its_answer():
    """The request before it is answered as if nothing had followed; then the connection ends."""
    wire = say(POST + b"nonsense\r\n\r\n")
    assert bodies(wire.sent) == [b"POST /p hello"]
    assert wire.closed


def test_nonsense_within_a_body_is_refused():
    """The application learns that the client is gone, the client that it was wrong."""
    wire = say(b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n", b"zz\r\n")
    assert wire.sent.startswith(b"HTTP/1.1 400 ")
    assert wire.closed


@pytest.mark.parametrize("end", [b"", b"\r\n\r\n"])
def test_headers_without_end_are_refused(end: bytes):
    """Complete or still going on, a head has a most."""
    wire = say(b"GET / HTTP/1.1\r\nx: " + b"y" * HEAD_BYTES + end)
    assert wire.sent.startswith(b"HTTP/1.1 431 ")
    assert wire.closed


def test_who_asks_for_another_protocol_is_answered_in_this_one():
    """Java's client offers HTTP/2 with every first request."""
    offer = POST.replace(b"\r\n\r\n", b"\r\nconnection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\n\r\n")
    assert bodies(say(offer, POST).sent) == [b"POST /p hello"] * 2


@pytest.mark.parametrize("begun", [b"0\r\na: ", b"0\r\n" + b"a: b\r\n" * 10, b"3;x="])
def test_what_stands_around_a_body_has_a_most(begun: bytes):
    """Trailers and chunk extensions without end are refused like headers without end."""
    head = b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"
    wire = say(head + begun, *[b"y" * 16_384] * 5)
    assert wire.sent.startswith(b"HTTP/1.1 431 ")
    assert wire.closed


def test_a_body_in_tiny_chunks_is_taken():
    """However small its chunks are, a body's framing is not taken for an attack."""
    head = b"POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n"
    wire = say(head, *[b"1\r\nx\r\n" * 5_000] * 10, b"0\r\n\r\n")
    assert wire.sent.endswith(b"x" * 50_000)

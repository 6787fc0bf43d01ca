"""How answers go out, and how connections end."""

import asyncio
from typing import Any

import pytest

from tests.conftest import run
from tests.unit.http1.wire import Wire, answer, echo, settled

GET = b"GET / HTTP/1.1\r\nhost: h\r\n\r\n"
HELLO = [(b"Content-Length", b"5"), (b"X-A", b"1"), (b"x-a", b"2")]


def hello(*parts: bytes, **options: Any) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(send, *parts, **options)

    return app


def say(request: bytes, app: Any) -> Wire:
    async def main() -> Wire:
        wire = Wire(app)
        await wire.say(request)
        return wire

    return run(main())


def test_a_whole_answer_leaves_as_it_was_given():
    """No header but the application's own."""
    wire = say(GET, hello(b"hello", headers=HELLO))
    assert wire.sent == b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\nx-a: 1\r\nx-a: 2\r\n\r\nhello"


def test_an_answer_without_a_length_is_chunked():
    """The client knows where it ends, and the connection stays."""
    wire = say(GET, hello(b"ab", b"c"))
    assert wire.sent == b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"
    assert not wire.closed


def test_for_old_clients_the_end_of_the_connection_ends_the_answer():
    """HTTP/1.0 knows neither chunks nor lasting connections."""
    wire = say(b"GET / HTTP/1.0\r\n\r\n", hello(b"ab", b"c"))
    assert wire.sent == b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc"
    assert wire.closed


def test_a_head_request_is_told_the_length_only():
    """And the next request on the connection is understood."""
    wire = say(GET.replace(b"GET", b"HEAD"), hello(b"hello", headers=HELLO))
    assert b"content-length: 5\r\n" in wire.sent
    assert wire.sent.endswith(b"\r\n\r\n")


@pytest.mark.parametrize("status", [204, 304])
def test_answers_that_have_no_body_have_no_length_either(status: int):
    """Else the client would wait for chunks."""
    assert b"chunked" not in say(GET, hello(status=status)).sent


def test_a_client_that_wants_to_leave_is_let_go():
    """Connection: close is said back and done."""
    wire = say(GET.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), hello(b"hello", headers=HELLO))
    assert b"connection: close\r\n" in wire.sent
    assert wire.closed


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: b", b"a\nb", b"a\0b"])
def test_a_header_cannot_end_its_line(value: bytes):
    """Nothing of such an answer leaves."""
    wire = say(GET, hello(b"", headers=[(b"x", value)]))
    assert wire.sent.startswith(b"HTTP/1.1 500 ")
    assert b"set-cookie" not in wire.sent


@pytest.mark.parametrize("body", [b"hell", b"hello!"])
def test_half_an_answer_is_not_taken_for_a_whole_one(body: bytes):
    """A body of another length than said breaks the connection off or is not sent at all."""
    wire = say(GET, hello(b"", body, headers=HELLO[:1]))
    assert wire.aborted
    assert not wire.sent.endswith(body)


def test_an_application_that_fails_is_answered_for():
    """500 and the end of the connection."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise RuntimeError

    wire = say(GET, app)
    assert wire.sent.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert wire.closed


def test_an_application_learns_that_its_client_left():
    """A long poll needn't go on."""
    events: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        events.extend([await receive(), await receive()])
        await answer(send)

    async def main() -> None:
        wire = Wire(app)
        await wire.say(GET)
        wire.connection.connection_lost(None)
        await settled()
        assert [event["type"] for event in events] == ["http.request", "http.disconnect"]
        assert wire.sent == b""

    run(main())


def test_a_client_that_takes_nothing_stops_the_application():
    """What is sent waits until the peer has room again."""

    async def main() -> None:
        wire = Wire(hello(b"ab", b"c"))
        wire.connection.pause_writing()
        assert await wire.say(GET) == b""
        wire.connection.resume_writing()
        await settled()
        assert wire.sent.endswith(b"0\r\n\r\n")

    run(main())


def test_a_quiet_connection_is_ended():
    """Before, between and within the heads of requests; not while one is answered."""

    async def main() -> None:
        go = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await go.wait()
            await answer(send)

        quiet, busy = Wire(echo, patience_s=0), Wire(slow, patience_s=0)
        await busy.say(GET)
        await quiet.say(GET[:9])
        quiet.connection.look()
        busy.connection.look()
        assert (quiet.closed, busy.closed) == (True, False)
        go.set()
        await settled()

    run(main())


def test_a_stop_lets_the_running_request_finish():
    """It is the last one: its answer says so."""

    async def main() -> None:
        go = asyncio.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await go.wait()
            await answer(send)

        idle, busy = Wire(echo), Wire(slow)
        await busy.say(GET + GET)
        idle.connection.shutdown()
        busy.connection.shutdown()
        assert (idle.closed, busy.closed) == (True, False)
        go.set()
        await settled()
        assert busy.sent.count(b"connection: close") == busy.sent.count(b"HTTP/1.1 200") == 1
        assert busy.closed

    run(main())


OFFER = b"GET / HTTP/1.1\r\nhost: h\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"


def test_a_websocket_goes_on_without_http():
    """After 101 bytes pass as they are, those that came early too, and who leaves ends it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert await receive() == {"type": "http.request", "body": b"", "more_body": False}
        await send({"type": "http.response.start", "status": 101, "headers": [(b"upgrade", b"websocket")]})
        while data := await scope["liuyun.raw"]():
            await send({"type": "http.response.body", "body": data.upper(), "more_body": True})
        await send({"type": "http.response.body"})

    async def main() -> Wire:
        wire = Wire(app)
        await wire.say(OFFER + b"early", b"GET / HTTP/1.1\r\n\r\n")
        wire.connection.connection_lost(None)
        await settled()
        return wire

    head = b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
    assert run(main()).sent == head + b"EARLYGET / HTTP/1.1\r\n\r\n"


def test_a_websocket_may_be_declined():
    """By any other answer, after which the connection ends."""
    wire = say(OFFER, hello(b"hello", headers=HELLO))
    assert wire.sent.endswith(b"connection: close\r\n\r\nhello")
    assert wire.closed


def test_an_application_may_ask_when_its_client_leaves():
    """It is told once, and not if it has left itself."""
    told: list[str] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        scope["liuyun.when_gone"](lambda: told.append(scope["path"]))
        if scope["path"] == "/waits":
            await asyncio.get_running_loop().create_future()

    async def main() -> None:
        for path in (b"/waits", b"/leaves"):
            wire = Wire(app)
            await wire.say(GET.replace(b"/ ", path + b" "))
            wire.connection.connection_lost(None)
            await settled()
            for task in wire.served.tasks:
                task.cancel()

    run(main())
    assert told == ["/waits"]


@pytest.mark.parametrize("request_", [GET, GET.replace(b"GET", b"HEAD"), b"GET / HTTP/1.0\r\n\r\n"])
def test_a_whole_answer_given_at_once_is_that_of_the_events(request_: bytes):
    """An extension of ours, for what is nearly always the case."""

    async def at_once(scope: Any, receive: Any, send: Any) -> None:
        assert scope["liuyun.answer"](200, [("content-length", "5"), ("x-a", "1"), ("x-a", "2")], b"hello")

    wire = say(request_, at_once)
    by_events = say(request_, hello(b"hello", headers=HELLO))
    assert (wire.sent, wire.closed) == (by_events.sent, by_events.closed)


def test_a_peer_that_takes_nothing_is_waited_for():
    """So nothing is taken at once then: the application sends events, which wait."""
    taken: list[bool] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        taken.append(scope["liuyun.answer"](200, [], b"hello"))

    async def main() -> bytes:
        wire = Wire(app)
        wire.connection.pause_writing()
        await wire.say(GET)
        return wire.sent

    assert not run(main()).startswith(b"HTTP/1.1 200 OK")
    assert taken == [False]

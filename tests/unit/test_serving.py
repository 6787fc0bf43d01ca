import asyncio
from collections.abc import Sequence

import httpx
import pytest

from liuyun.http1.exchange import Exchange
from liuyun.http1.reader import HEAD_BYTES
from liuyun.serving import Serving, bind
from tests.conftest import run


async def hello(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_handed_in_socket_is_served():
    """Requests to the socket reach the application, and the answer has no header but the application's own."""

    async def main():
        sock = bind("127.0.0.1", 0)
        serving = Serving(hello)
        await serving.listen(sock)
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{sock.getsockname()[1]}/")
        assert (answer.text, dict(answer.headers)) == ("hello", {"content-length": "5"})
        await serving.close(1)

    run(main())


def test_closing_waits_for_running_requests():
    """A request that is being handled when the server closes still gets its answer."""

    async def main():
        begun, go = asyncio.Event(), asyncio.Event()

        async def slow(scope, receive, send) -> None:
            begun.set()
            await go.wait()
            await hello(scope, receive, send)

        sock = bind("127.0.0.1", 0)
        serving = Serving(slow)
        await serving.listen(sock)
        async with httpx.AsyncClient() as client:
            pending = asyncio.ensure_future(client.get(f"http://127.0.0.1:{sock.getsockname()[1]}/"))
            await begun.wait()
            closing = asyncio.ensure_future(serving.close(10))
            go.set()
            await closing
            assert (await pending).text == "hello"

    run(main())


def test_closing_waits_for_requests_that_have_no_task():
    """They are answered as well, and nothing is waited for once they are."""

    async def main():
        taken: list[Exchange] = []
        begun = asyncio.Event()

        def begin(exchange: Exchange) -> bool:
            taken.append(exchange)
            begun.set()
            return True

        sock = bind("127.0.0.1", 0)
        serving = Serving(hello, begin=begin)
        await serving.listen(sock)
        async with httpx.AsyncClient() as client:
            pending = asyncio.ensure_future(client.get(f"http://127.0.0.1:{sock.getsockname()[1]}/"))
            await begun.wait()
            closing = asyncio.ensure_future(serving.close(10))
            await asyncio.sleep(0)
            assert not closing.done()
            taken[0].answer(200, [("content-length", "2")], b"ok")
            await closing
            assert (await pending).text == "ok"

    run(main())


async def exchange(pieces: Sequence[bytes], patience_s: float = 30) -> bytes:
    """What a server answers to these pieces, until it hangs up."""
    sock = bind("127.0.0.1", 0)
    server = Serving(hello, patience_s=patience_s)
    await server.listen(sock)
    reader, writer = await asyncio.open_connection(*sock.getsockname())
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    await server.close(1)
    return answer


@pytest.mark.parametrize(
    "rest",
    [
        b"".join(b"x-%d: y\r\n" % number for number in range(10_000)) + b"\r\n",
        b"x: " + b"y" * HEAD_BYTES + b"\r\n\r\n",
        b"x: " + b"y" * 3 * HEAD_BYTES,
    ],
    ids=["many", "long", "endless"],
)
def test_a_heads_size_is_bounded(rest):
    """Whoever sends more headers than allowed is told so, also when a header never ends."""
    answer = run(exchange([b"GET / HTTP/1.1\r\nhost: here\r\n", rest]))
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"65536 bytes" in answer


@pytest.mark.parametrize(
    "piece",
    [b"", b"GET / HTTP/1.1\r\nx:", b"POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nx"],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_stops_sending_is_hung_up_on(piece):
    """A connection on which a request doesn't go on is closed, or it would hold its place for ever."""
    answer = run(exchange([piece] if piece else [], patience_s=0.01))
    assert answer.startswith(b"HTTP/1.1 200 ") or answer == b""


def test_a_malformed_request_is_answered_and_not_logged(caplog):
    """Garbage gets a 400; the log is not for strangers to fill."""
    assert run(exchange([b"\x00garbage\r\n\r\n"])).startswith(b"HTTP/1.1 400 ")
    assert caplog.text == ""

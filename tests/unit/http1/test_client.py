"""The client's side: answers as they come, and how they break off."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest

from liuyun.http1.client import BUFFERED, HEAD_BYTES, Broken, ClientConnection
from tests.conftest import run


class Server(asyncio.Transport):
    """What the client wrote, and the other end of its line."""

    def __init__(self, client: ClientConnection) -> None:
        super().__init__()
        self.client = client
        self.sent = b""
        self.paused = False
        self.closing = False
        client.connection_made(self)

    def write(self, data: Any) -> None:
        self.sent += bytes(data)

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def is_closing(self) -> bool:
        return self.closing

    def abort(self) -> None:
        if not self.closing:
            self.closing = True
            self.client.connection_lost(None)


def asked(act: Callable[[Any, Server], Coroutine[Any, Any, Any]], method: str = "GET") -> Any:
    """What `act` makes of an answer and the server that gives it."""

    async def main() -> Any:
        server = Server(ClientConnection())
        return await act(server.client.ask(b"request", method=method), server)

    return run(main())


async def whole(answer: Any) -> None:
    await answer.head
    while await answer.read():
        pass


def test_an_answer_is_read_to_its_end():
    """Status, headers with repeats, and the body in whatever pieces it came."""

    async def act(answer: Any, server: Server) -> Any:
        for piece in (b"HTTP/1.1 201 Made\r\nX-A: 1\r\nx-a", b": 2\r\nContent-Length: 5\r\n\r\nhe", b"llo"):
            server.client.data_received(piece)
        await answer.head
        return answer.status, answer.headers, await answer.read(), await answer.read(), answer.keep_alive

    headers = [(b"x-a", b"1"), (b"x-a", b"2"), (b"content-length", b"5")]
    assert asked(act) == (201, headers, b"hello", b"", True)


def test_only_the_head_is_bound_to_be_short():
    """A long body that comes with it is none of it; headers without end are."""

    async def act(answer: Any, server: Server) -> Any:
        body = b"x" * 3 * HEAD_BYTES
        server.client.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        return await answer.read() == body

    async def flood(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 200 OK\r\n" + b"x-a: 1\r\n" * HEAD_BYTES)
        with pytest.raises(Broken):
            await answer.head
        return server.closing

    assert asked(act)
    assert asked(flood)


def test_chunks_are_unpacked():
    """The body is complete with the last of them."""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n")
        first = await answer.read()
        server.client.data_received(b"1\r\nc\r\n0\r\n\r\n")
        return first, await answer.read(), await answer.read(), answer.keep_alive

    assert asked(act) == (b"ab", b"c", b"", True)


def test_the_end_of_the_connection_may_end_the_body():
    """If nothing else says where it ends."""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 200 OK\r\n\r\nall")
        first = await answer.read()
        server.client.connection_lost(None)
        return first, await answer.read(), answer.keep_alive

    assert asked(act) == (b"all", b"", False)


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 200", b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", b"nonsense\r\n"]
)
def test_half_an_answer_is_broken(said: bytes):
    """And it says whether anything had come."""

    async def act(answer: Any, server: Server) -> Any:
        if said:
            server.client.data_received(said)
        server.client.connection_lost(None)
        with pytest.raises(Broken) as caught:
            await whole(answer)
        return caught.value.began

    assert asked(act) is bool(said)


def test_the_answer_to_a_head_request_ends_with_its_head():
    """Although it tells the length of a body."""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        await answer.head
        return answer.complete, await answer.read(), answer.keep_alive

    assert asked(act, "HEAD") == (True, b"", False)


def test_news_on_the_way_are_passed_over():
    """100 and 103 are not the answer."""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(
            b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 204 No Content\r\nx-b: 1\r\n\r\n"
        )
        await answer.head
        return answer.status, answer.headers, answer.complete

    assert asked(act) == (204, [(b"x-b", b"1")], True)


def test_after_a_switch_bytes_come_as_they_are():
    """Those that came with the head too."""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\nraw")
        await answer.head
        first = await answer.read()
        server.client.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
        return answer.status, first, await answer.read()

    assert asked(act) == (101, b"raw", b"HTTP/1.1 200 OK\r\n\r\n")


def test_a_body_that_nobody_reads_holds_the_line():
    """Until it is read."""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" + b"x" * (BUFFERED + 1))
        held = server.paused
        await answer.read()
        reading = asyncio.ensure_future(answer.read())
        await asyncio.sleep(0)
        reading.cancel()
        return held, server.paused

    assert asked(act) == (True, False)


def test_the_next_request_finds_the_line_free():
    """Although the last piece of the answer before has held it."""

    async def act(answer: Any, server: Server) -> Any:
        body = b"x" * (BUFFERED + 1)
        server.client.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        held = server.paused
        await whole(answer)
        server.client.ask(b"again", method="GET")
        return held, server.paused

    assert asked(act) == (True, False)


def test_who_speaks_unasked_is_hung_up_on():
    """What would it belong to?"""

    async def act(answer: Any, server: Server) -> Any:
        server.client.data_received(b"HTTP/1.1 204 No Content\r\n\r\n")
        server.client.data_received(b"HTTP/1.1 200 OK\r\n\r\n")
        return server.closing

    assert asked(act) is True


def test_a_body_of_unknown_length_goes_out_in_chunks():
    """With the last one at its end; empty pieces would be that end and are left out."""

    async def act(answer: Any, server: Server) -> Any:
        async def body() -> AsyncIterator[bytes]:
            for piece in (b"ab", b"", b"c"):
                yield piece

        await server.client.send(body(), chunked=True)
        return server.sent

    assert asked(act) == b"request2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"

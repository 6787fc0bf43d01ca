"""Requests that are answered without a task of their own."""

import gc
import weakref
from typing import Any

from liuyun.http1.exchange import Exchange
from tests.conftest import run
from tests.unit.http1.wire import Wire, answer, body_of, echo, settled

POST = b"POST /a HTTP/1.1\r\nhost: h\r\ncontent-length: 5\r\n\r\n"
HEAD = [("content-length", "2")]


class Taker:
    """Takes each request that is whole, and answers when it is told to."""

    def __init__(self) -> None:
        self.taken: list[tuple[Exchange, bytes]] = []

    def __call__(self, exchange: Exchange) -> bool:
        body = exchange.whole()
        if body is not None:
            self.taken.append((exchange, body))
        return body is not None

    def answer(self) -> None:
        self.taken.pop(0)[0].answer(200, HEAD, b"ok")


def at_once(exchange: Exchange) -> bool:
    return exchange.answer(200, HEAD, b"ok")


def test_a_request_that_is_whole_needs_no_task():
    """Whoever takes it answers it later."""
    taker = Taker()

    async def main() -> tuple[bytes, int]:
        wire = Wire(echo, begin=taker)
        await wire.say(POST + b"hello")
        assert [body for _, body in taker.taken] == [b"hello"]
        tasks = len(wire.served.tasks)
        taker.answer()
        return wire.sent, tasks

    assert run(main()) == (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", 0)


def test_a_body_that_is_on_its_way_needs_one():
    """As does whatever is refused by who is asked first."""

    async def main() -> bytes:
        wire = Wire(echo, begin=Taker())
        return await wire.say(POST, b"hello")

    assert run(main()).endswith(b"POST /a hello")


def test_what_was_looked_at_is_read_all_the_same():
    """The body is there for the application, too."""

    def look(exchange: Exchange) -> bool:
        assert exchange.whole() == b"hello"
        return False

    async def main() -> bytes:
        return await Wire(echo, begin=look).say(POST + b"hello")

    assert run(main()).endswith(b"POST /a hello")


def test_what_was_begun_can_go_on_in_a_task():
    """Where the answer isn't ready to be given whole."""

    def begin(exchange: Exchange) -> bool:
        async def rest() -> None:
            await answer(exchange.send, b"late ", await body_of(exchange.receive))

        exchange.line.carry(exchange, rest())
        return True

    async def main() -> bytes:
        return await Wire(echo, begin=begin).say(POST + b"hello")

    assert run(main()).endswith(b"5\r\nlate \r\n5\r\nhello\r\n0\r\n\r\n")


def test_any_number_of_requests_may_come_together():
    """Each is answered in its turn, however deep the pile is."""

    async def main() -> bytes:
        wire = Wire(echo, begin=at_once)
        await wire.say(b"GET / HTTP/1.1\r\nhost: h\r\n\r\n" * 2000)
        while wire.connection.current is not None or wire.sent.count(b"ok") < 2000:
            await settled()
        return wire.sent

    assert run(main()).count(b"HTTP/1.1 200 OK") == 2000


def test_requests_behind_one_that_was_taken_wait_for_it():
    """Answers come in the order of the requests."""
    taker = Taker()

    async def main() -> tuple[int, int]:
        wire = Wire(echo, begin=taker)
        await wire.say((POST + b"hello") * 2)
        before = len(taker.taken)
        taker.answer()
        await settled()
        return before, len(taker.taken)

    assert run(main()) == (1, 1)


def test_a_client_that_leaves_is_told_of():
    """To whoever took its request."""
    told: list[str] = []

    def begin(exchange: Exchange) -> bool:
        exchange.when_gone(lambda: told.append("gone"))
        return True

    async def main() -> None:
        wire = Wire(echo, begin=begin)
        await wire.say(POST + b"hello")
        wire.connection.connection_lost(None)

    run(main())
    assert told == ["gone"]


def test_a_request_that_was_answered_needs_no_collector():
    """Or the collector would run all the time: there are many, and each leads to all that was made for it."""
    seen: list[weakref.ref[Exchange]] = []

    def begin(exchange: Exchange) -> bool:
        seen.append(weakref.ref(exchange))
        return exchange.scope["raw_path"] == b"/at-once" and at_once(exchange)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await answer(send, b"ok")

    async def main() -> list[Exchange | None]:
        wire = Wire(app, begin=begin)
        for path in (b"/at-once", b"/by-task", b"/last"):
            await wire.say(POST.replace(b"/a", path) + b"hello")
        return [ref() for ref in seen[:-1]]

    gc.disable()
    try:
        assert run(main()) == [None, None]
    finally:
        gc.enable()

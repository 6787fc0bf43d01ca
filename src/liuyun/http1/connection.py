"""An HTTP/1 connection that serves an ASGI application.

A server of our own, since the way from a client to a function is short and half of it went into a general one. Requests
of one connection are answered one after the other, in order; while one runs, those behind it wait and nothing more is
read. What is wrong with a request is answered by 400 or 431, and the connection ends.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, cast

import httptools
import structlog

from liuyun.http1.answer import plain
from liuyun.http1.exchange import Exchange
from liuyun.http1.reader import HEAD_BYTES, Ends, HeadTooLarge, Reader

LINGER_S = 2
log = structlog.get_logger()
AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]
# Who takes a whole request without a task of its own, which would cost as much as the rest. It will answer, or have a
# task carry on. False: it needs one from the beginning.
Begin = Callable[[Exchange], bool]


def never(_: Exchange) -> bool:
    return False


@dataclass(slots=True)
class Served:
    """What all connections to one application share."""

    app: AsgiApp
    keep_alive_s: float  # how long a connection may lie idle between requests
    patience_s: float  # for a request's head to be whole, and between two pieces of its body
    begin: Begin = never
    connections: set["Connection"] = field(default_factory=set["Connection"])
    tasks: set[asyncio.Task[None]] = field(default_factory=set[asyncio.Task[None]])
    answered: asyncio.Event = field(default_factory=asyncio.Event)  # the last request of a connection is

    def busy(self) -> bool:
        return bool(self.tasks) or any(connection.current for connection in self.connections)


class Connection(asyncio.Protocol):
    def __init__(self, served: Served) -> None:
        self._served = served
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[Exchange] = deque()  # not begun; pipelined behind the current one
        self.current: Exchange | None = None
        self._last = False  # no more requests are taken
        self._deaf = False  # what still comes is thrown away
        self._held = False
        self._fresh = True  # no request has begun yet
        self._heard = self._answered_at = self._loop.time()
        self._alarm: asyncio.TimerHandle | None = None
        self.congested: asyncio.Future[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclasses
        self._reader = Reader(ends_of(transport), self._begin)
        self._served.connections.add(self)
        self._alarm = self._loop.call_later(self._served.patience_s, self.look)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._served.connections.discard(self)
        self._last = True
        if self._alarm is not None:
            self._alarm.cancel()
        for exchange in (self.current, *self._waiting):
            if exchange is not None:
                exchange.abandon()
        self._waiting.clear()
        self._served.answered.set()
        self.resume_writing()

    def data_received(self, data: bytes) -> None:
        if self._deaf or (self._last and not (self._reader.in_body or self._reader.offering)):
            return
        if not self._reader.in_head:
            self._heard = self._loop.time()
        problem = None
        try:
            self._reader.feed(data)
        except HeadTooLarge:
            problem = 431, f"The request line and headers may have {HEAD_BYTES} bytes."
        except httptools.HttpParserError:
            problem = 400, "This is no valid HTTP request."
        if self._waiting:  # only now, since most requests are whole by now
            self._next()
        if problem is not None:
            self._refuse(*problem)
        elif self._waiting:
            self.hold()

    def pause_writing(self) -> None:
        if self.congested is None:
            self.congested = self._loop.create_future()

    def resume_writing(self) -> None:
        if self.congested is not None:
            self.congested.set_result(None)
            self.congested = None

    def shutdown(self) -> None:
        """Ends after the request that runs; at once if there is none."""
        self._last = True
        self._waiting.clear()
        if self.current is None:
            self._transport.close()
        elif not self.current.started:
            self.current.end_connection()

    def write(self, data: bytes) -> None:
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def hold(self) -> None:
        if not self._held and not self._transport.is_closing():
            self._held = True
            self._transport.pause_reading()

    def go_on(self) -> None:
        if self._held and not self._waiting and not self._transport.is_closing():
            self._held = False
            self._transport.resume_reading()

    def answered(self, exchange: Exchange) -> None:
        part(exchange)
        if self._transport.is_closing():
            return
        self.current = None
        if not exchange.keep_alive or (self._last and not self._waiting):
            self._last = True
            self._transport.close()
            self._served.answered.set()
            return
        self._answered_at = self._loop.time()
        if self._waiting:
            self._loop.call_soon(self._next)  # not at once: whatever is answered at once would pile up
        elif self._held:
            self.go_on()

    def _begin(self, scope: dict[str, Any], keep_alive: bool, wants_continue: bool) -> Exchange:
        self._fresh = False
        exchange = Exchange(self, scope, keep_alive=keep_alive, wants_continue=wants_continue)
        if self._last:
            exchange.abandon()
        else:
            self._waiting.append(exchange)
        if not keep_alive:
            self._last = True
        return exchange

    def _next(self) -> None:
        if self._waiting and self.current is None:
            self._run(self._waiting.popleft())
            self.go_on()

    def _run(self, exchange: Exchange) -> None:
        self.current = exchange
        if not self._served.begin(exchange):
            self.carry(exchange, self._served.app(exchange.scope, exchange.receive, exchange.send))

    def carry(self, exchange: Exchange, work: Awaitable[None]) -> None:
        task = exchange.task = exchange.scope["liuyun.task"] = self._loop.create_task(self._call(exchange, work))
        self._served.tasks.add(task)

    async def _call(self, exchange: Exchange, work: Awaitable[None]) -> None:
        try:
            await work
        except Exception:
            log.exception("application failed")
        finally:
            self._end(exchange)
            task, exchange.task = exchange.task, None
            if task is not None:
                self._served.tasks.discard(task)  # a callback would take a turn of the loop
            if self._last:
                self._served.answered.set()

    def _end(self, exchange: Exchange) -> None:
        """What is done when the application has left: it should have answered."""
        part(exchange)
        if exchange.done or exchange.gone:
            return
        exchange.abandon()
        self._last = True
        if exchange.started:
            self._transport.abort()  # the peer must not take half an answer for a whole one
        else:
            self.write(plain(500, "Internal Server Error"))
            self._transport.close()

    def _refuse(self, status: int, text: str) -> None:
        """What stands before the malformed request is answered first."""
        in_body = self._reader.in_body
        self._last = True
        broken = self._waiting[-1] if self._waiting else self.current
        if self.current is not None and not (in_body and broken is self.current):
            if in_body and self._waiting:
                self._waiting.pop()
            return
        started = self.current is not None and self.current.started
        if self.current is not None:
            self.current.abandon()
        if not started:
            self.write(plain(status, text))
        self._hang_up()

    def _hang_up(self) -> None:
        """Lets the client finish what it is sending: closed over unread bytes, TCP would take the answer back."""
        self._deaf = True
        if self._transport.is_closing() or not self._transport.can_write_eof():
            self._transport.close()
            return
        self._transport.write_eof()
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_later(LINGER_S, self._transport.close)

    def look(self) -> None:
        """Ends the connection if it waits for its client for too long; else looks again when that could be."""
        served = self._served
        if self._reader.in_body or self._reader.in_head or self._fresh:
            deadline = self._heard + served.patience_s
        else:
            deadline = self._answered_at + served.keep_alive_s
        left = deadline - self._loop.time()
        client_waits = self._held or (self.current is not None and not self._reader.in_body)
        if client_waits or left > 0:
            self._alarm = self._loop.call_later(served.patience_s if client_waits else left, self.look)
        else:
            self._transport.close()


def part(exchange: Exchange) -> None:
    """Whoever served it has done so: what leads back to it goes, or only the collector would find all of it again."""
    exchange.scope = {}
    exchange.on_gone = None


def ends_of(transport: asyncio.BaseTransport) -> Ends:
    secure = transport.get_extra_info("sslcontext") is not None
    server = address(transport.get_extra_info("sockname"))
    return Ends(server, address(transport.get_extra_info("peername")), "https" if secure else "http")


def address(name: tuple[str, int] | object) -> tuple[str, int] | None:
    """None for what isn't a network address, such as a Unix socket's path."""
    if not isinstance(name, tuple):
        return None
    host, port = cast("tuple[str, int]", name[:2])
    return host, port

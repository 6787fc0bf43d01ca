"""One request and its answer, as an ASGI application sees them."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any, Protocol

from liuyun.http1.answer import CONTINUE, SWITCHING, Answer, BrokenAnswer

BUFFERED = 64 * 1024  # a body that nobody reads stops the connection here
Event = dict[str, Any]
DISCONNECT: Event = {"type": "http.disconnect"}


class Line(Protocol):
    """What an exchange needs of its connection."""

    congested: asyncio.Future[None] | None  # pending while the peer takes nothing more

    def write(self, data: bytes) -> None: ...

    def hold(self) -> None:
        """Reads no more until `go_on`."""
        ...

    def go_on(self) -> None: ...

    def answered(self, exchange: "Exchange") -> None: ...

    def carry(self, exchange: "Exchange", work: Awaitable[None]) -> None:
        """Lets a task finish what was begun without one."""
        ...


class Exchange:
    """`gone`: nobody is there to answer. `received`: the whole request is here; `started`: some of its answer left.

    Beside ASGI, the scope has `liuyun.when_gone`, by which the application asks to be told when the client leaves, and
    `liuyun.task`, in which it runs; `liuyun.answer`, which takes a whole answer at once if it can: most are one, and
    two events cost more. Where the client offers to go on as a WebSocket, there is `liuyun.raw`: after a start with
    status 101, what the client sends then. `liuyun.begun` is what was found out before there was a task, see
    `connection.Begin`.
    """

    __slots__ = (
        "__weakref__",
        "_answer",
        "_body",
        "_head",
        "_offered",
        "_size",
        "_switched",
        "_told",
        "_waiting",
        "done",
        "gone",
        "http10",
        "line",
        "on_gone",
        "received",
        "scope",
        "started",
        "task",
        "wants_continue",
    )  # fmt: skip

    def __init__(self, line: Line, scope: dict[str, Any], *, keep_alive: bool, wants_continue: bool) -> None:
        self.scope = scope
        self.http10 = scope["http_version"] == "1.0"
        self.wants_continue = wants_continue
        self.gone = self.received = self.started = self.done = False
        self.line = line
        self._answer = Answer(keep_alive, scope["method"] == "HEAD")
        self._head = b""
        self._body: list[bytes] = []
        self._size = 0
        self._told = False  # the end of the request, to the application
        self._waiting: asyncio.Future[None] | None = None
        self._offered = self._switched = False
        self.on_gone: Callable[[], object] | None = None
        self.task: asyncio.Task[None] | None = None
        scope["liuyun.when_gone"] = self.when_gone
        scope["liuyun.answer"] = self.answer

    @property
    def keep_alive(self) -> bool:
        return self._answer.keep_alive

    def end_connection(self) -> None:
        """After this answer; to be told before it begins."""
        self._answer.keep_alive = False

    def take(self, data: bytes) -> None:
        if self.done:
            return
        self._body.append(data)
        self._size += len(data)
        if self._size > BUFFERED:
            self.line.hold()
        if self._waiting is not None:
            self._wake()

    def complete(self) -> None:
        self.received = True
        if self._waiting is not None:
            self._wake()

    def offer(self) -> None:
        """The client would go on as a WebSocket."""
        self.scope["liuyun.raw"] = self.raw
        self._answer.keep_alive = False
        self._offered = self.received = True

    def abandon(self) -> None:
        self.gone = True
        self._wake()
        if self.on_gone is not None:
            self.on_gone()

    def when_gone(self, act: Callable[[], object] | None) -> None:
        self.on_gone = act

    def whole(self) -> bytes | None:
        """The body, if all of it is here; what is read by `receive` is all the same there."""
        if not self.received or self._offered or self.wants_continue:
            return None
        return self._body[0] if len(self._body) == 1 else b"".join(self._body)

    def answer(self, status: int, headers: Sequence[tuple[str, str]], body: bytes) -> bool:
        """False if it has to be sent by events: the peer takes nothing at the moment, or this is no common answer.

        The headers go out as they are, and say nothing of the connection; a body's length is among them.
        """
        if self.line.congested is not None or self.gone or self.started or self._head or status == SWITCHING:
            return False
        sent = self._answer.whole(status, headers, body)
        self.started = self.done = True
        self.line.write(sent)
        if self._waiting is not None:
            self._wake()
        self.line.answered(self)
        return True

    async def raw(self) -> bytes:
        """What came after the switch to another protocol; empty at its end."""
        while not (self.gone or self.done or (self._switched and self._body)):
            self.line.go_on()
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        body, self._body, self._size = b"".join(self._body), [], 0
        return body if self._switched else b""

    async def receive(self) -> Event:
        if self.wants_continue and not self.gone:
            self.wants_continue = False
            if not (self.started or self._body or self.received):
                self.line.write(CONTINUE)
        while not (self.gone or self.done or self._has_news()):
            self.line.go_on()
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        if self.gone or self.done:
            return DISCONNECT.copy()
        body = b""
        if not self._offered:
            body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
            self._body, self._size = [], 0
        self._told = self.received
        return {"type": "http.request", "body": body, "more_body": not self.received}

    def _has_news(self) -> bool:
        return (self.received and not self._told) or (bool(self._body) and not self._offered)

    async def send(self, event: MutableMapping[str, Any]) -> None:
        congested = self.line.congested
        if congested is not None and not self.gone:
            await asyncio.shield(congested)
        if self.gone:
            return
        headless = not (self._head or self.started)
        if event["type"] == "http.response.start" and headless:
            self._switched = event["status"] == SWITCHING
            self._head = self._answer.head(event["status"], event.get("headers", ()), http10=self.http10)
        elif event["type"] == "http.response.body" and not (headless or self.done):
            self._send_body(event.get("body", b""), more=event.get("more_body", False))
        else:
            raise BrokenAnswer(f"'{event['type']}' can't be sent here")

    def _send_body(self, body: bytes, *, more: bool) -> None:
        """The head leaves with the first piece of the body."""
        head, self._head = self._head, b""
        self.started = True
        self.line.write(head + self._answer.part(body, more=more))
        if not more:
            self.done = True
            self._wake()
            self.line.answered(self)

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

"""A request and a response as the products see them: what was on the wire, without the server's own dress."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from typing import Any, TypeVar
from urllib.parse import unquote

import msgspec

from liuyun.errors import TooLarge
from liuyun.http1.length import length_of

T = TypeVar("T")
Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
QUERY = "?"  # where it is said which headers differ: the query does; no header is called so
Answer = Callable[[int, Sequence[tuple[str, str]], bytes], bool]  # see http1/exchange.py
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class Disconnected(Exception):
    """The client went away before it was answered."""


class Headers:
    """Request headers: names in lower case, the order and the repeats kept."""

    __slots__ = ("_first", "raw")

    def __init__(self, raw: Sequence[tuple[str, str]]) -> None:
        self.raw = raw
        self._first = dict(reversed(raw))  # of repeated names the first comes last, and stays

    def get(self, name: str, default: str = "") -> str:
        """The first value of a header; `name` in lower case."""
        return self._first.get(name, default)

    def has_none_of(self, names: frozenset[str]) -> bool:
        return names.isdisjoint(self._first)

    def __contains__(self, name: str) -> bool:
        return name in self._first


class Request(msgspec.Struct):  # and no dataclass, as it is made so often
    """`raw_path` and `query` stand exactly as on the request line; `path` is decoded.

    `instance` names the sandbox that the request came out of, if any: `(account_id, service, function, instance_id)`.
    `memory` is there for what was found out from the head alone, if its client sends heads of the same kind again and
    again; `varied` names the headers whose values aren't those of the head that the memory is of.
    """

    method: str
    raw_path: str
    query: str
    headers: Headers
    request_id: str
    client_ip: str
    receive: Receive
    instance: Any = None
    port: int = 0  # ours, that the connection came to
    scheme: str = "http"  # https if TLS ends here
    body: bytes = b""
    whole: bytes | None = None  # the body, if it was here with the head; `read` gives it as well
    facts: dict[str, Any] = {}  # (of its own) what an earlier step of a product found out
    when_gone: Callable[[Callable[[], object] | None], None] | None = None  # if the server tells
    task: asyncio.Task[None] | None = None  # that serves it, if the server says so
    raw: Callable[[], Awaitable[bytes]] | None = None  # what follows, if the client would go on as a WebSocket
    memory: dict[str, Any] | None = None
    varied: Sequence[str] = ()
    change: tuple[str, str] | None = None  # what the product did to what, if that is for the audit log

    @property
    def path(self) -> str:
        return unquote(self.raw_path)

    @property
    def host(self) -> str:
        """The Host header without its port, in lower case."""
        return self.headers.get("host").partition(":")[0].lower()

    @property
    def target(self) -> str:
        return f"{self.raw_path}?{self.query}" if self.query else self.raw_path

    async def read(self, limit: int) -> None:
        """Reads the body. Raises TooLarge once it is known to exceed `limit` bytes, Disconnected if it breaks off."""
        self.check_length(limit)
        chunks: list[bytes] = []
        size = 0
        more = True
        while more:
            event = await self.receive()
            if event["type"] == "http.disconnect":
                raise Disconnected
            chunk: bytes = event.get("body", b"")
            size += len(chunk)
            if size > limit:
                raise too_large(limit)
            chunks.append(chunk)
            more = event.get("more_body", False)
        self.body = chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def check_length(self, limit: int) -> None:
        """Raises TooLarge if the request says itself that it is."""
        if (length_of(self.headers.get("content-length")) or 0) > limit:
            raise too_large(limit)

    def cancel_when_gone(self) -> None:
        """The task that serves it is cancelled when the client goes away."""
        if self.when_gone is not None and self.task is not None:
            self.when_gone(self.task.cancel)

    async def parts(self, limit: int) -> AsyncIterator[bytes]:
        """The body as it arrives, where the product left it unread. Raises as `read` does."""
        size = 0
        more = True
        while more:
            event = await self.receive()
            if event["type"] == "http.disconnect":
                raise Disconnected
            part: bytes = event.get("body", b"")
            size += len(part)
            if size > limit:
                raise too_large(limit)
            if part:
                yield part
            more = event.get("more_body", False)

    async def unless_disconnected(self, work: Awaitable[T]) -> T:
        """The result of `work`; cancels it and raises Disconnected when the client goes away. For long polls."""
        task = asyncio.ensure_future(work)
        gone = asyncio.ensure_future(self._gone())
        try:
            await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            task.cancel()
            await asyncio.wait({task})
            raise Disconnected
        finally:
            for future in (task, gone):
                future.cancel()

    async def _gone(self) -> None:
        while (await self.receive())["type"] != "http.disconnect":
            pass


def too_large(limit: int) -> TooLarge:
    return TooLarge("payload_too_large", "payload size exceeds maximum allowed size ({limit} bytes)", limit=limit)


class Response(msgspec.Struct):
    """`headers` go out as given, repeats and letter case included; the date and a whole body's length are added."""

    status: int
    body: bytes | AsyncIterator[bytes] = b""
    headers: list[tuple[str, str]] = []
    framed: bool = False  # the headers tell the body's length already

    def at_once(self, answer: Answer, date: str) -> bool:
        """Gives all of it to the server, if it is whole and the server can take it."""
        return isinstance(self.body, bytes) and answer(self.status, self.dressed(date), self.body)

    def dressed(self, date: str) -> list[tuple[str, str]]:
        """All of the headers."""
        headers = [*self.headers, ("Date", date)]
        if isinstance(self.body, bytes) and not self.framed and self.status not in {204, 304}:
            headers.append(("Content-Length", str(len(self.body))))
        return headers

    async def send(self, send: Send, date: str) -> None:
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in self.dressed(date)]
        if isinstance(self.body, bytes):
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            await send({"type": "http.response.body", "body": self.body})
            return
        try:
            await send({"type": "http.response.start", "status": self.status, "headers": headers})
            await send({"type": "http.response.body", "body": b"", "more_body": True})  # the head needn't wait
            async for chunk in self.body:
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body"})
        finally:
            await close(self.body)


async def close(body: AsyncIterator[bytes] | None) -> None:
    """Tells who makes the body that nobody reads on."""
    leave: Callable[[], Awaitable[None]] | None = getattr(body, "aclose", None)
    if leave is not None:
        await leave()

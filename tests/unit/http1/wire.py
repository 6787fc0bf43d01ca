"""A connection without a network: bytes in by hand, what it writes kept, time by hand."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from liuyun.http1.connection import Begin, Connection, Served, never

App = Callable[[Any, Any, Any], Awaitable[None]]


class Wire(asyncio.Transport):
    def __init__(self, app: App, *, patience_s: float = 75, begin: Begin = never) -> None:
        super().__init__()
        self.sent = b""
        self.closed = self.aborted = self.paused = False
        self.served = Served(app, patience_s, patience_s, begin)
        self.connection = Connection(self.served)
        self.connection.connection_made(self)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"sockname": ("127.0.0.1", 80), "peername": ("127.0.0.1", 4711)}.get(name, default)

    def write(self, data: Any) -> None:
        self.sent += data

    def close(self) -> None:
        self.closed = True

    def abort(self) -> None:
        self.closed = self.aborted = True

    def can_write_eof(self) -> bool:
        return False

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    async def say(self, *pieces: bytes) -> bytes:
        """What has been sent when the application has had its turn after these pieces."""
        for piece in pieces:
            self.connection.data_received(piece)
            await settled()
        return self.sent


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def body_of(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        event = await receive()
        body, more = body + event.get("body", b""), event.get("more_body", False)
    return body


async def answer(send: Any, *parts: bytes, status: int = 200, headers: Any = ()) -> None:
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    for part in parts[:-1]:
        await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body", "body": parts[-1] if parts else b""})


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Method, path and body of the request."""
    body = b"%b %b " % (scope["method"].encode(), scope["raw_path"]) + await body_of(receive)
    await answer(send, body, headers=[(b"Content-Length", b"%d" % len(body))])

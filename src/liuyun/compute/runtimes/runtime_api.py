"""The vendor's runtime API: a function that asks for its calls, one after the other. Source: fc contract 3.3, model 2.

    GET  /2020-11-11/runtime/invocation/next              waits for a call
    POST /2020-11-11/runtime/invocation/{id}/response     what came of it
    POST /2020-11-11/runtime/invocation/{id}/error

It is served on a socket that listens in the function's own sandbox, so whoever asks there is that function.
"""

import asyncio
from collections import deque
from dataclasses import replace
from typing import Any

from msgspec.structs import replace as changed

from liuyun.compute.outcome import Answered, Reply
from liuyun.compute.runtimes.errands import HTTP_PARAMS, Errand, Kind, failed, http_params, http_reply
from liuyun.model.invocation import Invocation

PREFIX = "/2020-11-11/runtime/invocation/"
JSON = (b"content-type", b"application/json")


class RuntimeApi:
    """`asked` is set when the function has asked for its first call. `most_bytes` bounds a result."""

    def __init__(self, *, most_bytes: int) -> None:
        self.asked = asyncio.Event()
        self.most_bytes = most_bytes
        self._waiting: deque[Errand] = deque()  # nobody has come for them yet
        self._open: dict[str, tuple[Errand, asyncio.Future[Answered]]] = {}
        self._news = asyncio.Condition()

    async def call(self, errand: Errand) -> Answered:
        if errand.invocation is not None and errand.invocation.body is not None:
            errand = await whole(errand, errand.invocation)
        answered: asyncio.Future[Answered] = asyncio.get_running_loop().create_future()
        self._open[errand.request_id] = (errand, answered)
        self._waiting.append(errand)
        async with self._news:
            self._news.notify()
        try:
            return await answered
        finally:
            del self._open[errand.request_id]
            if errand in self._waiting:
                self._waiting.remove(errand)

    def close(self) -> None:
        """Nothing is held that would have to be given back."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await answer(send, 404, b'{"errorMessage":"this is no path of the runtime API"}')
            return
        rest: str = scope["path"].removeprefix(PREFIX)
        if rest == "next" and scope["method"] == "GET":
            await self._next(receive, send)
        elif scope["method"] == "POST" and rest.endswith(("/response", "/error")):
            request_id, _, outcome = rest.rpartition("/")
            await self._take(request_id, outcome, scope, receive, send)
        else:
            await answer(send, 404, b'{"errorMessage":"this is no path of the runtime API"}')

    async def _next(self, receive: Any, send: Any) -> None:
        await receive()  # the request, which has no body
        self.asked.set()
        gone = asyncio.ensure_future(receive())
        taking = asyncio.ensure_future(self._taken())
        try:
            await asyncio.wait({gone, taking}, return_when=asyncio.FIRST_COMPLETED)
            if not taking.done():
                return
            errand = taking.result()
            if gone.done():
                self._waiting.appendleft(errand)
                return
        finally:
            gone.cancel()
            taking.cancel()
        headers = [(name.encode(), value.encode("latin-1")) for name, value in errand.headers]
        if errand.http is not None:
            headers.append((HTTP_PARAMS.encode(), http_params(errand.http).encode()))
        await answer(send, 200, errand.payload, (b"content-type", b"application/octet-stream"), *headers)

    async def _taken(self) -> Errand:
        async with self._news:
            await self._news.wait_for(lambda: self._waiting)
            return self._waiting.popleft()

    async def _take(self, request_id: str, outcome: str, scope: Any, receive: Any, send: Any) -> None:
        body = await self._body(receive)
        errand, answered = self._open.get(request_id, (None, None))
        if errand is None or answered is None or answered.done():
            await answer(send, 404, b'{"errorMessage":"no such invocation is open; it may have run out of time"}')
            return
        if body is None:
            answered.set_result(failed(errand.number, f"the response has more than {self.most_bytes} bytes"))
            await answer(send, 413, b'{"errorMessage":"the response is too large"}')
            return
        params = next((value for name, value in scope["headers"] if name == HTTP_PARAMS.encode()), b"")
        answered.set_result(result_of(errand, outcome, body, params.decode("latin-1")))
        await answer(send, 200, b"{}")

    async def _body(self, receive: Any) -> bytes | None:
        """None if there is too much of it."""
        pieces: list[bytes] = []
        more, size = True, 0
        while more:
            event = await receive()
            if event["type"] == "http.disconnect":
                return None
            size += len(event["body"])
            if size <= self.most_bytes:
                pieces.append(event["body"])
            more = event["more_body"]
        return b"".join(pieces) if size <= self.most_bytes else None


async def whole(errand: Errand, invocation: Invocation) -> Errand:
    """Who asks for its calls gets them with all of their body; a WebSocket isn't possible there."""
    payload = b""
    if invocation.body is not None and not invocation.upgrade:
        payload = b"".join([piece async for piece in invocation.body])
    return replace(errand, invocation=changed(invocation, payload=payload, body=None))


def result_of(errand: Errand, outcome: str, body: bytes, params: str) -> Answered:
    if outcome == "error":
        return Answered(Reply(id=errand.number, error=True), body)
    if errand.http is None or errand.kind is not Kind.INVOKE:
        return Answered(Reply(id=errand.number), body)
    try:
        reply = http_reply(errand.number, params) if params else Reply(id=errand.number, status=200)
    except ValueError as error:
        return failed(errand.number, f"the header {HTTP_PARAMS} of the response can't be read: {error}")
    return Answered(reply, body)


async def answer(send: Any, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    told = [*(headers or (JSON,)), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})

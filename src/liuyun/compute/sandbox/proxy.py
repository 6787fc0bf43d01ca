"""What listens on a sandbox's own 127.0.0.1: the platform under the vendor's names, and the way out for the rest.

`Outlet` is the application behind plain HTTP, on port 80 and on the proxy's port alike: the Host decides whether the
platform answers or the request goes out under the egress policy. `ProxyConnection` adds CONNECT: to a vendor's name the
platform answers itself, under its own authority's certificate; anything else becomes a tunnel, under the same policy.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx
import msgspec

from liuyun.compute.sandbox.egress import CONNECT_S, Caller, EgressPolicy, choose, split_port
from liuyun.compute.sandbox.names import is_vendor_host
from liuyun.compute.sandbox.tunnel import join, tunnel
from liuyun.errors import Denied, Invalid, PlatformError
from liuyun.serving import AsgiApp, Serving

HEAD_BYTES = 16 * 1024  # of a CONNECT request
CHUNK = 64 * 1024
READ_S = 300
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
HOP_BY_HOP = frozenset({
    b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection", b"te",
    b"trailer", b"transfer-encoding", b"upgrade",
})  # fmt: skip


class Outlet:
    """ASGI application of one sandbox."""

    def __init__(
        self, platform: AsgiApp | None, policy: EgressPolicy, caller: Caller, carrier: httpx.AsyncHTTPTransport
    ) -> None:
        self._platform = platform
        self._policy = policy
        self._caller = caller
        self._carrier = carrier

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        authority = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), "")
        try:
            host, port = split_port(authority, 80)
        except Invalid:
            host, port = "", 80
        if self._platform is not None and is_ours(host):
            scope["liuyun.instance"] = self._caller
            await self._platform(scope, receive, send)
        elif scope["type"] == "http":
            await self._forward(scope, receive, send, host, port)

    async def _forward(self, scope: Any, receive: Any, send: Any, host: str, port: int) -> None:
        try:
            address, port = await choose(self._policy, self._caller, host, port)
            answer = await self._carrier.handle_async_request(request(scope, receive, address, port))
            try:
                await relay(answer, send)
            finally:
                await answer.aclose()
        except PlatformError as error:
            await refuse(send, 403 if isinstance(error, Denied) else 502, error.message)
        except httpx.HTTPError as error:
            await refuse(send, 502, f"{host} port {port} didn't answer as HTTP should: {type(error).__name__}.")


def is_ours(host: str) -> bool:
    return not host or is_vendor_host(host.lower()) or host in {"127.0.0.1", "localhost"}


def request(scope: Any, receive: Any, address: str, port: int) -> httpx.Request:
    headers = [(name, value) for name, value in scope["headers"] if name not in HOP_BY_HOP]
    names = {name for name, _ in scope["headers"]}
    has_body = b"content-length" in names or b"transfer-encoding" in names
    target = f"[{address}]" if ":" in address else address
    return httpx.Request(
        scope["method"],
        httpx.URL(scheme="http", host=target, port=port, raw_path=raw_target(scope)),
        headers=headers,
        content=chunks(receive) if has_body else None,
        extensions={"timeout": httpx.Timeout(READ_S, connect=CONNECT_S).as_dict()},
    )


def raw_target(scope: Any) -> bytes:
    return scope["raw_path"] + (b"?" + scope["query_string"] if scope["query_string"] else b"")


async def chunks(receive: Any) -> AsyncIterator[bytes]:
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            return
        yield event.get("body", b"")
        more = event.get("more_body", False)


async def relay(answer: httpx.Response, send: Any) -> None:
    headers = [(name.lower(), value) for name, value in answer.headers.raw if name.lower() not in HOP_BY_HOP]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    async for chunk in answer.aiter_raw(CHUNK):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body"})


async def refuse(send: Any, status: int, message: str) -> None:
    body = msgspec.json.encode({"Code": "EgressDenied" if status == 403 else "BadGateway", "Message": message})
    headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Keeper(asyncio.Protocol):
    """Keeps what arrives after a TLS handshake until somebody is there to read it."""

    def __init__(self) -> None:
        self.early = bytearray()
        self.lost = False

    def data_received(self, data: bytes) -> None:
        self.early += data

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self.lost = True


def hand_over(transport: asyncio.Transport, protocol: asyncio.Protocol, early: bytes) -> None:
    transport.set_protocol(protocol)
    protocol.connection_made(transport)
    if early:
        protocol.data_received(early)


class ProxyConnection(asyncio.Protocol):
    """One connection to the proxy's port. Whatever isn't CONNECT is handed to `serving` from its first byte on.

    `opened` holds the connections that `serving` doesn't know, for whoever must close them all.
    """

    def __init__(
        self,
        serving: Serving,
        tls: ssl.SSLContext,
        policy: EgressPolicy,
        caller: Caller,
        opened: set[asyncio.Transport],
    ) -> None:
        self._serving = serving
        self._tls = tls
        self._policy = policy
        self._caller = caller
        self._opened = opened
        self._head = bytearray()
        self._transport: asyncio.Transport | None = None
        self._work: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's are no subclasses
        self._opened.add(self._transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        if self._transport is not None:
            self._opened.discard(self._transport)
        if self._work is not None:
            self._work.cancel()

    def data_received(self, data: bytes) -> None:
        assert self._transport is not None
        self._head += data
        if not b"CONNECT ".startswith(self._head[:8]):
            self._opened.discard(self._transport)
            hand_over(self._transport, self._serving.protocol(), bytes(self._head))
        elif b"\r\n\r\n" in self._head:
            self._transport.pause_reading()
            self._work = asyncio.create_task(self._connect())
        elif len(self._head) > HEAD_BYTES:
            self._transport.close()

    async def _connect(self) -> None:
        head, _, early = bytes(self._head).partition(b"\r\n\r\n")
        assert self._transport is not None
        try:
            host, port = split_port(head.split(None, 2)[1].decode("latin-1"), 443)
            if is_vendor_host(host.lower()):
                await self._answer_ourselves(self._transport)
            else:
                far = await tunnel(*await choose(self._policy, self._caller, host, port))
                self._transport.write(ESTABLISHED)
                join(self._transport, far, early, self._opened)
        except PlatformError as error:
            self._close("403 Forbidden" if isinstance(error, Denied) else "502 Bad Gateway", error.message)
        except (OSError, IndexError):
            self._close("400 Bad Request", "The CONNECT request can't be read.")

    async def _answer_ourselves(self, transport: asyncio.Transport) -> None:
        transport.write(ESTABLISHED)
        keeper = Keeper()
        secure = await asyncio.get_running_loop().start_tls(transport, keeper, self._tls, server_side=True)
        self._opened.discard(transport)
        if secure is not None and not keeper.lost:
            hand_over(secure, self._serving.protocol(), bytes(keeper.early))

    def _close(self, status: str, message: str) -> None:
        assert self._transport is not None
        body = msgspec.json.encode({"Message": message})
        head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)
        self._transport.close()


def new_carrier() -> httpx.AsyncHTTPTransport:
    """What carries forwarded requests, one for all sandboxes. Not a client: that would keep cookies."""
    return httpx.AsyncHTTPTransport(trust_env=False, limits=httpx.Limits(max_connections=1000))

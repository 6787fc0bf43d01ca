"""The platform's side of the sockets that sandboxes hand out: the platform itself, and the way out through it."""

import asyncio
import socket
import ssl
from collections.abc import Sequence

import httpx

from liuyun.compute.sandbox.egress import Caller, EgressPolicy
from liuyun.compute.sandbox.proxy import Outlet, ProxyConnection
from liuyun.compute.sandbox.tunnel import Passage
from liuyun.serving import AsgiApp, Refusal, Serving

CONNECTIONS = 512  # of one sandbox, so that none can take all descriptors of the platform


class Doors:
    """Of one sandbox."""

    def __init__(self, serving: Serving, proxy: asyncio.Server, opened: set[asyncio.Transport]) -> None:
        self._serving = serving
        self._proxy = proxy
        self._opened = opened

    async def close(self) -> None:
        self._proxy.close()
        for transport in list(self._opened):
            transport.abort()
        await self._serving.close(0)


class Doorkeeper:
    """Opens doors. `app` is the platform's own application; without it, the doors lead out alone.

    `beyond` is another proxy, the operator's: it takes what comes to the proxy's port as it is, and decides for us.
    """

    def __init__(
        self,
        *,
        app: AsgiApp | None,
        policy: EgressPolicy,
        tls: ssl.SSLContext,
        carrier: httpx.AsyncHTTPTransport,
        beyond: tuple[str, int] | None = None,
    ) -> None:
        self._app = app
        self._policy = policy
        self._tls = tls
        self._carrier = carrier
        self._beyond = beyond

    async def open(self, sockets: Sequence[socket.socket], caller: Caller) -> Doors:
        """`sockets` listen for HTTP, HTTPS and proxy requests; the last one alone may be there."""
        serving = Serving(Outlet(self._app, self._policy, caller, self._carrier), connections=CONNECTIONS)
        *plain_and_tls, proxy = sockets
        for sock, tls in zip(plain_and_tls, (None, self._tls), strict=False):
            await serving.listen(sock, tls)
        opened: set[asyncio.Transport] = set()

        def connection() -> asyncio.Protocol:
            if len(opened) >= CONNECTIONS:
                return Refusal()
            if self._beyond is not None:
                return Passage(*self._beyond, opened)
            return ProxyConnection(serving, self._tls, self._policy, caller, opened)

        return Doors(serving, await asyncio.get_running_loop().create_server(connection, sock=proxy), opened)

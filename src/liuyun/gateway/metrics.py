"""`GET /metrics`: the platform's numbers in Prometheus' text format.

With `metrics_token` set, to whoever sends it (`Authorization: Bearer TOKEN`); else to this machine alone: not to
functions, whose requests come over loopback sockets of their own, and not by way of a proxy.
"""

import hmac
from collections.abc import Awaitable, Callable

from liuyun.errors import Denied, PlatformError
from liuyun.gateway.http import Request, Response
from liuyun.model.account import Principal
from liuyun.observability.metrics import Metrics

TEXT = ("Content-Type", "text/plain; charset=utf-8")
PROMETHEUS = ("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
LOOPBACK = frozenset({"127.0.0.1", "::1"})
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")


class MetricsProduct:
    """`refresh` counts what has happened up to now."""

    name = "metrics"

    def __init__(self, metrics: Metrics, token: str, refresh: Callable[[], Awaitable[None]]) -> None:
        self._metrics = metrics
        self._token = token
        self._refresh = refresh

    def matches(self, request: Request) -> bool:
        return request.raw_path == "/metrics"

    def max_body(self, request: Request) -> int:  # noqa: ARG002
        return 0

    async def authenticate(self, request: Request) -> Principal | None:
        if self._token:
            given = request.headers.get("authorization").removeprefix("Bearer ")
            if not hmac.compare_digest(given.encode(), self._token.encode()):
                raise Denied("send the platform's metrics_token: Authorization: Bearer TOKEN")
        elif not local(request):
            raise Denied("metrics are shown to this machine alone; set metrics_token to read them from elsewhere")
        return None

    async def handle(self, request: Request, principal: Principal | None) -> Response:  # noqa: ARG002
        if request.method not in {"GET", "HEAD"}:
            return Response(405, b"", [("Allow", "GET, HEAD")])
        await self._refresh()
        return Response(200, self._metrics.text(), [PROMETHEUS])

    def render_error(self, error: PlatformError, request: Request) -> Response:  # noqa: ARG002
        status = 403 if isinstance(error, Denied) else 400
        return Response(status, f"{error.message}\n".encode(), [TEXT])

    def render_fault(self, request: Request) -> Response:  # noqa: ARG002
        return Response(500, b"an internal error has occurred\n", [TEXT])


def local(request: Request) -> bool:
    forwarded = any(name in request.headers for name in FORWARDED)
    return request.instance is None and request.client_ip in LOOPBACK and not forwarded

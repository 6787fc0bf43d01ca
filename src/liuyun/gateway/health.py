"""`GET /healthz`: whether this process serves. Open to everybody, so it says nothing else."""

import msgspec

from liuyun import __version__
from liuyun.errors import PlatformError
from liuyun.gateway.http import Request, Response
from liuyun.model.account import Principal

JSON = [("Content-Type", "application/json")]


class HealthProduct:
    name = "health"

    def matches(self, request: Request) -> bool:
        return request.raw_path == "/healthz"

    def max_body(self, request: Request) -> int:  # noqa: ARG002
        return 0

    async def authenticate(self, request: Request) -> Principal | None:  # noqa: ARG002 - open, see above
        return None

    async def handle(self, request: Request, principal: Principal | None) -> Response:  # noqa: ARG002
        if request.method not in {"GET", "HEAD"}:
            return Response(405, b"", [("Allow", "GET, HEAD")])
        return Response(200, msgspec.json.encode({"status": "ok", "version": __version__}), list(JSON))

    def render_error(self, error: PlatformError, request: Request) -> Response:  # noqa: ARG002
        return Response(400, msgspec.json.encode({"status": "error", "message": error.message}), list(JSON))

    def render_fault(self, request: Request) -> Response:  # noqa: ARG002
        return Response(500, msgspec.json.encode({"status": "error"}), list(JSON))

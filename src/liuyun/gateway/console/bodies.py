"""The bound of what a request's body may have, whatever its headers say of it."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Receive, Scope, Send


class BoundedBodies:
    """Whoever reads more than `limit` bytes of a body gets an HTTPException with 413."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = self._limit

        async def bounded() -> Any:
            nonlocal left
            event = await receive()
            left -= len(event.get("body", b""))
            if left < 0:
                raise HTTPException(413, f"the body may have {self._limit} bytes")
            return event

        await self._app(scope, bounded, send)

"""What is answered where a request fails."""

from typing import Protocol

import structlog

from liuyun.errors import PlatformError
from liuyun.gateway.http import Request, Response

log = structlog.get_logger()


class Renderer(Protocol):
    """What a product says in its own words."""

    name: str

    def render_error(self, error: PlatformError, request: Request) -> Response: ...

    def render_fault(self, request: Request) -> Response:
        """The product's internal error, for what nobody expected."""
        ...


def failed(product: Renderer, request: Request, error: Exception) -> Response:
    """An unexpected error is logged, and hidden."""
    if isinstance(error, PlatformError):
        return product.render_error(error, request)
    log.error(
        "request failed", product=product.name, request_id=request.request_id, method=request.method, exc_info=error
    )
    return product.render_fault(request)

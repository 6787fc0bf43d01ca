"""The console's API: an ASGI application of its own behind the gateway, described by OpenAPI.

The console's pages use nothing else, so whatever they can do, a program can. `guard.authenticate` runs before every
route.
"""

from collections.abc import Awaitable, Callable
from functools import cache

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.routing import BaseRoute

from liuyun import __version__
from liuyun.gateway.console import (
    audit_routes,
    config_readers,
    config_routes,
    errors,
    exchange_routes,
    execution_routes,
    flow_routes,
    function_routes,
    invocation_routes,
    key_routes,
    log_routes,
    metric_routes,
    news_routes,
    overview_routes,
    pages,
    playground_routes,
    queue_routes,
    release_routes,
    rollout_routes,
    session_routes,
    settings_routes,
    template_routes,
    topic_routes,
    trigger_routes,
)
from liuyun.gateway.console.bodies import BoundedBodies
from liuyun.gateway.console.openapi import ConsoleApi
from liuyun.gateway.console.parts import Parts

SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",  # pages have their own
    "Cache-Control": "no-store",
}
ROUTERS = (
    session_routes,
    key_routes,
    news_routes,
    overview_routes,
    config_routes,
    rollout_routes,
    config_readers,
    exchange_routes,
    flow_routes,
    execution_routes,
    function_routes,
    template_routes,
    invocation_routes,
    metric_routes,
    log_routes,
    release_routes,
    trigger_routes,
    queue_routes,
    topic_routes,
    audit_routes,
    settings_routes,
    playground_routes,
    pages,
)


def console_app(parts: Parts) -> FastAPI:
    app = described()
    app.state.parts = parts
    errors.install(app)
    app.add_middleware(BoundedBodies, limit=parts.body_bytes)

    @app.middleware("http")
    async def frame(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:  # pyright: ignore[reportUnusedFunction]
        request.state.request_id = parts.ids.uuid()
        response = await call_next(request)
        response.headers["X-Request-Id"] = request.state.request_id
        for name, value in SAFE_HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    return app


def described() -> FastAPI:
    """All routes, with nothing behind them yet: what the OpenAPI document is made from."""
    return ConsoleApi(
        title="Liuyun console API",
        version=__version__,
        description="Everything that the console shows and does.",
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        routes=all_routes(),
    )


@cache
def all_routes() -> list[BaseRoute]:
    """Shared by the applications of a process: they hold nothing of one, and making them takes a second."""
    together = APIRouter(responses=errors.RESPONSES)
    for routes in ROUTERS:
        together.include_router(routes.router)
    return together.routes

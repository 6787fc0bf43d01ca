"""The addresses of the order service. Customers' ones are open; functions and operators show the token."""

import hmac
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from order_service.asked import Asked, Handler
from order_service.merchants import Merchants
from order_service.office import Office
from order_service.refusals import Forbidden, Refusal, TooLarge, Unfit
from order_service.service import OrderService
from order_service.web_pages import Hardened, page_routes

MAX_BODY = 64 * 1024
Endpoint = Callable[[Request], Awaitable[Response]]

INDEX = """\
The order service of Liuyun's order application. / is the shop, /order/{order} an order's page, /office the merchants'.

GET  /startFNF/{flow}/{execution}/{input}      start an order; input is JSON: merchant, products, address
GET  /orders/{order}                           how it stands
GET  /orders/{order}/progress                  the same with the steps of its flow
GET  /orders/{order}/payment-methods           what its customer may choose from
POST /orders/{order}/payment                   choose: {"method": "zhifubao"}
GET  /merchants                                who sells
GET  /merchants/{merchant}/goods               what the shop shows of them
GET  /merchants/{merchant}/payment-methods     how they are paid
PUT  /merchants/{merchant}/payment-methods     change it (needs the token)
"""


def build_app(service: OrderService, merchants: Merchants, office: Office, token: str) -> Starlette:
    def open_(path: str, method: str, handler: Handler) -> Route:
        return Route(path, answering(handler), methods=[method])

    def guarded(path: str, method: str, handler: Handler) -> Route:
        return Route(path, answering(handler, token), methods=[method])

    return Starlette(
        routes=[
            *page_routes(),
            Route("/help", index),
            Route("/healthz", health),
            Route("/startFNF/{flow}/{execution}/{input:path}", starting(service.start)),
            open_("/orders/{order}", "GET", service.order),
            open_("/orders/{order}/progress", "GET", service.progress),
            open_("/orders/{order}/payment-methods", "GET", service.offered),
            open_("/orders/{order}/payment", "POST", service.choose),
            open_("/merchants", "GET", merchants.all),
            open_("/merchants/{merchant}/goods", "GET", merchants.goods),
            open_("/merchants/{merchant}/payment-methods", "GET", merchants.methods),
            guarded("/orders/{order}", "PUT", service.register),
            guarded("/orders/{order}/payment-methods", "PUT", service.offer),
            guarded("/orders/{order}/price", "PUT", service.set_price),
            guarded("/orders/{order}/status", "PUT", service.finish),
            guarded("/merchants/{merchant}/payment-methods", "PUT", merchants.replace_methods),
            guarded("/office/session", "GET", office.admitted),
            guarded("/office/merchants/{merchant}/methods", "GET", office.methods),
            guarded("/office/merchants/{merchant}/methods", "PUT", office.change),
        ],
        middleware=[Middleware(Hardened)],
    )


async def index(request: Request) -> Response:
    del request
    return PlainTextResponse(INDEX)


async def health(request: Request) -> Response:
    del request
    return JSONResponse({"status": "ok"})


def answering(handler: Handler, token: str | None = None) -> Endpoint:
    async def respond(request: Request) -> Response:
        try:
            if token is not None:
                check_token(request, token)
            body = await read_body(request) if request.method in {"PUT", "POST"} else None
            status, document = await run_in_threadpool(handler, Asked(dict(request.path_params), body))
        except Refusal as refusal:
            return refused(refusal)
        return JSONResponse(document, status)

    return respond


def refused(refusal: Refusal) -> Response:
    fields = {"fields": refusal.fields} if isinstance(refusal, Unfit) else {}
    return JSONResponse({"error": str(refusal), **fields}, refusal.status)


def starting(handler: Handler) -> Endpoint:
    """The order stands in the address, since a page starts it with a plain GET."""

    async def respond(request: Request) -> Response:
        try:
            body = parsed(request.path_params["input"])
            status, document = await run_in_threadpool(handler, Asked(dict(request.path_params), body))
        except Refusal as refusal:
            return refused(refusal)
        return JSONResponse(document, status)

    return respond


def check_token(request: Request, token: str) -> None:
    shown = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(shown.encode(), token.encode()):
        raise Forbidden("This needs the order service's token: Authorization: Bearer ...")


async def read_body(request: Request) -> Any:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise TooLarge(f"A body may have {MAX_BODY} bytes.")
    return parsed(bytes(body))


def parsed(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise Refusal("That is not JSON.") from None

"""The one ASGI application: every request, from the network or out of a sandbox, goes down the same list of steps.

1  take    the request line and headers; a request id
2  route   which product speaks here: by vendor host name, else by path or headers
3  read    the body, bounded by the product
4  who     authenticate; a product's open endpoints are in its own visible list
5  handle  the product's handler
6  render  what went wrong, in the product's own words; an unexpected error is logged and hidden

A request that is whole, and may be answered without waiting for anything but a function, needs no task: `begin` takes
it through the same steps, and whoever has the answer sends it.

What no product takes goes to the console, an application of its own with the same duties, if its address begins with
one of the console's prefixes.
"""

from collections.abc import Callable
from email.utils import formatdate
from functools import partial
from typing import Any, Protocol, runtime_checkable

import msgspec
import structlog
from msgspec.structs import replace

from liuyun.clock import Clock
from liuyun.errors import PlatformError
from liuyun.gateway.http import QUERY, Answer, AsgiApp, Disconnected, Headers, Receive, Request, Response, Scope, Send
from liuyun.http1.exchange import Exchange
from liuyun.http1.heads import Varied
from liuyun.ids import Ids
from liuyun.model.account import Principal

log = structlog.get_logger()
SAME = "request"  # in the memory of a head: the request that it makes, which nobody has touched
CONSOLE_PREFIXES = ("/api/", "/console", "/playground")


class Product(Protocol):
    """One API on the shared port. `authenticate` returns None only for endpoints that the product declares open."""

    name: str

    def matches(self, request: Request) -> bool: ...

    def max_body(self, request: Request) -> int | None:
        """None leaves the body unread: the handler takes its parts as they arrive, within a bound of its own."""
        ...

    async def authenticate(self, request: Request) -> Principal | None: ...

    async def handle(self, request: Request, principal: Principal | None) -> Response: ...

    def render_error(self, error: PlatformError, request: Request) -> Response: ...

    def render_fault(self, request: Request) -> Response:
        """The product's internal error, for what nobody expected."""
        ...


@runtime_checkable
class PromptProduct(Product, Protocol):
    """One that can begin requests; there is one at the most."""

    def knows(self, request: Request) -> bool:
        """Whether `matches` would say yes, since it did of a request with the same head and nothing has changed."""
        ...

    def begin(self, request: Request, answer: Callable[[Response], None]) -> bool:
        """Answers a whole request, now or later, without a task; False if it needs one. Raises nothing."""
        ...


class Gateway:
    def __init__(self, clock: Clock, ids: Ids) -> None:
        self._products: tuple[Product, ...] = ()
        self._console: AsgiApp | None = None
        self._ids = ids
        self._clock = clock
        self._date = (0, "")
        self._prompt: PromptProduct | None = None

    def mount(self, *products: Product) -> None:
        """Says who answers, in the order in which they are asked. Functions need the gateway before products do."""
        self._products = products
        self._prompt = next((product for product in products if isinstance(product, PromptProduct)), None)

    def mount_console(self, app: AsgiApp) -> None:
        """Who answers under CONSOLE_PREFIXES, unless a host name makes it a product's request."""
        self._console = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await refuse(scope, send)
            return
        request: Request = scope.get("liuyun.begun") or take(scope, receive, self._ids)
        request.task = scope.get("liuyun.task")
        product = self._product_of(request)
        if product is None and self._console is not None and request.raw_path.startswith(CONSOLE_PREFIXES):
            await self._console(scope, receive, send)
            return
        try:
            response = await self._respond(request, product)
        except Disconnected:
            return
        answer: Answer | None = scope.get("liuyun.answer")
        if answer is None or not response.at_once(answer, self._today()):
            await response.send(send, self._today())

    def begin(self, exchange: Exchange) -> bool:
        """See `Begin` of the server."""
        body, prompt = exchange.whole(), self._prompt
        if body is None or prompt is None:
            return False
        request = exchange.scope["liuyun.begun"] = take(exchange.scope, exchange.receive, self._ids)
        if not prompt.knows(request) and self._product_of(request) is not prompt:
            return False
        request.whole = body
        return prompt.begin(request, partial(self._answer, exchange))

    def _answer(self, exchange: Exchange, response: Response) -> None:
        """Without a task, if the server takes it so."""
        if not response.at_once(exchange.answer, self._today()):
            exchange.line.carry(exchange, response.send(exchange.send, self._today()))

    def _product_of(self, request: Request) -> Product | None:
        for product in self._products:  # by hand: a generator costs more than the questions do
            if product.matches(request):
                return product
        return None

    def _today(self) -> str:
        """The Date header, made once a second."""
        second = self._clock.now() // 1000
        if second != self._date[0]:
            self._date = (second, formatdate(second, usegmt=True))
        return self._date[1]

    async def _respond(self, request: Request, product: Product | None) -> Response:
        if product is None:
            return unknown(request)
        try:
            limit = product.max_body(request)
            if limit is not None:
                await request.read(limit)
            principal = await product.authenticate(request)
            return await product.handle(request, principal)
        except PlatformError as error:
            return product.render_error(error, request)
        except Disconnected:
            raise
        except Exception:
            log.exception("request failed", product=product.name, request_id=request.request_id, method=request.method)
            return product.render_fault(request)


def take(scope: Scope, receive: Receive, ids: Ids) -> Request:
    memory: dict[str, Any] | None = scope.get("liuyun.memory")
    if memory is None:
        return read(scope, receive, ids)
    varied: Varied | None = scope.get("liuyun.varied")
    same: Request | None = memory.get(SAME)
    if same is None:
        same = memory[SAME] = read({**scope, **varied.of} if varied else scope, receive, ids)
        same.memory = memory
    gone = scope.get("liuyun.when_gone")
    request = replace(same, request_id=ids.uuid(), receive=receive, facts={}, when_gone=gone)
    if varied is not None:
        differ(request, varied)
    return request


def differ(request: Request, varied: Varied) -> None:
    """Makes of a request the one that has this query and these values."""
    raw = list(request.headers.raw)
    names: list[str] = []
    for place, value in varied.values:
        name = raw[place][0]
        raw[place] = (name, value.decode("latin-1"))
        names.append(name)
    if varied.query is not None:
        request.query = varied.query.decode("latin-1")
        names.append(QUERY)
    request.headers = Headers(raw)
    request.varied = names


def read(scope: Scope, receive: Receive, ids: Ids) -> Request:
    client: tuple[str, int] | None = scope.get("client")
    server: tuple[str, int | None] | None = scope.get("server")
    return Request(
        method=scope["method"],
        raw_path=scope.get("raw_path", b"").decode("latin-1") or scope["path"],
        query=scope["query_string"].decode("latin-1"),
        headers=Headers([(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]),
        request_id=ids.uuid(),
        client_ip=client[0] if client else "",
        receive=receive,
        instance=scope.get("liuyun.instance"),
        port=(server[1] or 0) if server else 0,
        scheme=scope.get("scheme", "http"),
        when_gone=scope.get("liuyun.when_gone"),
        raw=scope.get("liuyun.raw"),
    )


def unknown(request: Request) -> Response:
    """Nobody speaks at this address. The text says what would have been understood."""
    body: dict[str, Any] = {
        "Code": "PathNotSupported",
        "Message": f"Nothing of this platform answers at {request.path}. It serves function compute under "
        "/2016-08-15/, message service under /queues and /topics, and workflow by the parameter Action.",
        "RequestId": request.request_id,
    }
    return Response(404, msgspec.json.encode(body), [("Content-Type", "application/json")])


async def refuse(scope: Scope, send: Send) -> None:
    """Only HTTP is spoken here."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})

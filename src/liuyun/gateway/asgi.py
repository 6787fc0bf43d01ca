"""The one ASGI application: every request, from the network or out of a sandbox, goes down the same list of steps.

1  take    the request line and headers; a request id
2  route   which product speaks here: by vendor host name, else by path or headers
3  read    the body, bounded by the product
4  who     authenticate; a product's open endpoints are in its own visible list
5  handle  the product's handler; a change is written to the audit log before it is answered
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
from msgspec.structs import replace

from liuyun.clock import Clock
from liuyun.gateway.failing import Renderer, failed
from liuyun.gateway.http import QUERY, Answer, AsgiApp, Disconnected, Headers, Receive, Request, Response, Scope, Send
from liuyun.http1.exchange import Exchange
from liuyun.http1.heads import Varied
from liuyun.identity.audit import Audit
from liuyun.ids import Ids
from liuyun.model.account import Principal, PrincipalKind

SAME = "request"  # in the memory of a head: the request that it makes, which nobody has touched
EPOCH, PROMPT = "epoch", "prompt"  # of what is there; the product that begins the request
ROUTING = frozenset({"host", "authorization", "x-acs-action", QUERY})  # by which products know theirs, beside the path
CONSOLE_PREFIXES = ("/api/", "/console", "/playground")


class Product(Renderer, Protocol):
    """One API on the shared port. `authenticate` returns None only for endpoints that the product declares open."""

    def matches(self, request: Request) -> bool: ...

    def max_body(self, request: Request) -> int | None:
        """None leaves the body unread: the handler takes its parts as they arrive, within a bound of its own."""
        ...

    async def authenticate(self, request: Request) -> Principal | None: ...

    async def handle(self, request: Request, principal: Principal | None) -> Response: ...


@runtime_checkable
class PromptProduct(Product, Protocol):
    """One that can begin requests."""

    def begin(self, request: Request, answer: Callable[[Response | None], None]) -> bool:
        """Answers a whole request, now or later, without a task; False, or None for its answer, if it needs one after
        all and nothing has been done. Raises nothing.
        """
        ...


class Gateway:
    def __init__(self, clock: Clock, ids: Ids, audit: Audit | None = None) -> None:
        """Without an audit log, changes are told to nobody."""
        self._products: tuple[Product, ...] = ()
        self._console: AsgiApp | None = None
        self._ids = ids
        self._clock = clock
        self._audit = audit
        self._date = (0, "")
        self._prompt: tuple[PromptProduct, ...] = ()
        self._epoch: Callable[[], int] = lambda: 0

    def mount(self, *products: Product, epoch: Callable[[], int] = lambda: 0) -> None:
        """Says who answers, in the order in which they are asked. Functions need the gateway before products do.

        `epoch` counts the changes of what products know their requests by, beside the head.
        """
        self._products = products
        self._prompt = tuple(product for product in products if isinstance(product, PromptProduct))
        self._epoch = epoch

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
        body = exchange.whole()
        if body is None:
            return False
        request = exchange.scope["liuyun.begun"] = take(exchange.scope, exchange.receive, self._ids)
        prompt = self._prompt_of(request)
        if prompt is None:
            return False
        request.whole = body
        return prompt.begin(request, partial(self._answer, exchange))

    def _answer(self, exchange: Exchange, response: Response | None) -> None:
        """Without a task, if the server takes it so."""
        if response is None:
            exchange.line.carry(exchange, self(exchange.scope, exchange.receive, exchange.send))
        elif not response.at_once(exchange.answer, self._today()):
            exchange.line.carry(exchange, response.send(exchange.send, self._today()))

    def _prompt_of(self, request: Request) -> PromptProduct | None:
        """The product, if it can begin requests. Of heads of the same kind it is remembered, as all that products have
        found out from them, until products may know their requests by something else.
        """
        memory = request.memory
        if memory is None:
            return self._find_prompt(request)
        epoch = self._epoch()
        if memory.setdefault(EPOCH, epoch) != epoch:
            memory.clear()
            memory[EPOCH] = epoch
        if not ROUTING.isdisjoint(request.varied):
            return self._find_prompt(request)
        if PROMPT not in memory:
            memory[PROMPT] = self._find_prompt(request)
        return memory[PROMPT]

    def _find_prompt(self, request: Request) -> PromptProduct | None:
        found = self._product_of(request)
        return next((prompt for prompt in self._prompt if prompt is found), None)

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
            response = await product.handle(request, principal)
            if request.change is not None and principal is not None and self._audit is not None:
                await note(self._audit, request, principal, *request.change)
            return response  # noqa: TRY300 - what writing that down raises is answered as all else
        except Disconnected:
            raise
        except Exception as error:  # noqa: BLE001 - what nobody expected is logged
            return failed(product, request, error)


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


async def note(audit: Audit, request: Request, principal: Principal, action: str, resource: str) -> None:
    """Into the audit log, in the name of whoever asked."""
    actor, facts = principal.access_key_id, dict[str, str]()
    if principal.kind is PrincipalKind.USER:
        actor, facts = principal.user, {"byKey": principal.access_key_id}
    elif principal.kind is PrincipalKind.FUNCTION:
        actor = principal.resource
    await audit.record(actor, action, resource, request_id=request.request_id, ip=request.client_ip, **facts)


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

"""The pipeline, with a product of the test's own."""

import asyncio
from typing import Any

import pytest

from liuyun.errors import Denied, PlatformError, TooLarge
from liuyun.gateway.asgi import Gateway
from liuyun.gateway.http import Disconnected, Request, Response
from liuyun.model.account import Principal
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds
from tests.conftest import run


class Echo:
    """Answers under /echo with the body; `/echo/open` needs no credentials."""

    name = "echo"

    def matches(self, request: Request) -> bool:
        return request.path.startswith("/echo")

    def max_body(self, request: Request) -> int:
        return 10

    async def authenticate(self, request: Request) -> Principal | None:
        if request.path == "/echo/open":
            return None
        if request.headers.get("authorization") != "me":
            raise Denied("Who are you?")
        return Principal("1", "me")

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        if request.path == "/echo/bug":
            raise RuntimeError("secret detail")
        if request.path == "/echo/wait":
            await request.unless_disconnected(asyncio.Event().wait())
        return Response(200, request.body, [("X-Who", principal.account_id if principal else "-")])

    def render_error(self, error: PlatformError, request: Request) -> Response:
        return Response(413 if isinstance(error, TooLarge) else 403, error.message.encode())

    def render_fault(self, request: Request) -> Response:
        return Response(500, b"internal")


def call(path: str, *chunks: bytes, headers: dict[str, str] | None = None, gone: bool = False) -> tuple[int, bytes]:
    """Status and body of one request to the echo product."""
    events: list[dict[str, Any]] = [
        {"type": "http.request", "body": chunk, "more_body": i + 1 < len(chunks)}
        for i, chunk in enumerate(chunks or (b"",))
    ]
    if gone:
        events.append({"type": "http.disconnect"})
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return events.pop(0) if events else await asyncio.Future()

    async def send(event: Any) -> None:
        sent.append(event)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(k.encode(), v.encode()) for k, v in (headers or {"authorization": "me"}).items()],
    }  # fmt: skip
    gateway = Gateway(FakeClock(), CountingIds())
    gateway.mount(Echo())
    run(gateway(scope, receive, send))
    return (sent[0]["status"], sent[1]["body"]) if sent else (0, b"")


def test_a_request_reaches_its_product():
    """The product that claims a path answers it, with the whole body."""
    assert call("/echo", b"ab", b"cd") == (200, b"abcd")


def test_strangers_are_refused():
    """What the product raises on authentication is rendered by the product."""
    assert call("/echo", headers={"x": "y"}) == (403, b"Who are you?")


def test_a_declared_open_endpoint_needs_no_credentials():
    """A product may leave an endpoint open, by its own decision."""
    assert call("/echo/open", b"hi", headers={"x": "y"}) == (200, b"hi")


@pytest.mark.parametrize("chunks", [(b"x" * 11,), (b"x" * 6, b"x" * 6)])
def test_a_body_over_the_limit_is_refused(chunks: tuple[bytes, ...]):
    """The limit holds for the sum of what arrives."""
    assert call("/echo", *chunks)[0] == 413


def test_a_declared_length_over_the_limit_is_refused_unread():
    """A client that says it will send too much is stopped before it does."""
    assert call("/echo", headers={"authorization": "me", "content-length": "11"})[0] == 413


def test_a_bug_is_hidden():
    """The answer to an unexpected error shows nothing of it."""
    assert call("/echo/bug") == (500, b"internal")


def test_an_address_of_nobody_is_explained():
    """Where no product answers, the error says what is served."""
    status, body = call("/nowhere")
    assert status == 404
    assert b"/2016-08-15/" in body


def test_nobody_is_answered_after_they_left():
    """A long wait ends when its client goes away, and nothing is sent."""
    assert call("/echo/wait", b"", gone=True) == (0, b"")


def test_a_result_beats_a_disconnect():
    """Work that is done before the client leaves gives its result."""

    async def main() -> int:
        request = Request("GET", "/", "", None, "", "", asyncio.Future)  # type: ignore[arg-type]
        return await request.unless_disconnected(asyncio.sleep(0, 7))

    assert run(main()) == 7
    assert issubclass(Disconnected, Exception)

import asyncio

import httpx

from liuyun.serving import Serving, bind
from tests.conftest import run


async def hello(scope, receive, send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


def test_a_handed_in_socket_is_served():
    """Requests to the socket reach the application, and the answer has no header but the application's own."""

    async def main():
        sock = bind("127.0.0.1", 0)
        serving = Serving(hello)
        await serving.listen(sock)
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://127.0.0.1:{sock.getsockname()[1]}/")
        assert (answer.text, dict(answer.headers)) == ("hello", {"content-length": "5"})
        await serving.close(1)

    run(main())


def test_closing_waits_for_running_requests():
    """A request that is being handled when the server closes still gets its answer."""

    async def main():
        begun, go = asyncio.Event(), asyncio.Event()

        async def slow(scope, receive, send) -> None:
            begun.set()
            await go.wait()
            await hello(scope, receive, send)

        sock = bind("127.0.0.1", 0)
        serving = Serving(slow)
        await serving.listen(sock)
        async with httpx.AsyncClient() as client:
            pending = asyncio.ensure_future(client.get(f"http://127.0.0.1:{sock.getsockname()[1]}/"))
            await begun.wait()
            closing = asyncio.ensure_future(serving.close(10))
            go.set()
            await closing
            assert (await pending).text == "hello"

    run(main())

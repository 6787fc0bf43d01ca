"""The message product on a loopback port, and a subscriber that it can push to."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any, TypeVar

from mns.account import Account

from liuyun.clock import Clock, SystemClock
from liuyun.gateway.asgi import Gateway
from liuyun.gateway.mns.product import MnsProduct
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.keyring import Keyring
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.ids import SystemIds
from liuyun.messaging.service import Messaging
from liuyun.model.account import AccessKey
from liuyun.serving import Serving, bind
from liuyun.storage.database import Database
from liuyun.storage.sqlite import MemoryDatabase, SqliteDatabase
from liuyun.testing.clock import FakeClock
from tests.unit.messaging.stage import Functions, PlainVault

T = TypeVar("T")
ACCOUNT, KEY, SECRET = "1234567890123456", "LTAItestkey", "test-secret"


@dataclass(slots=True)
class MessageServer:
    port: int
    loop: asyncio.AbstractEventLoop
    clock: Clock
    messaging: Messaging
    temporary: TemporaryCredentials
    functions: Functions
    clients: list[Account] = field(default_factory=list)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, key: str = KEY, secret: str = SECRET, token: str = "") -> Account:
        """aliyun-mns-sdk, with a connection of its own."""
        self.clients.append(Account(self.endpoint, key, secret, token))
        return self.clients[-1]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)

    def advance(self, seconds: int) -> None:
        """Lets time pass second by second: what is under way ends before the next one begins."""
        self.run(self._advance(seconds))

    async def _advance(self, seconds: int) -> None:
        assert isinstance(self.clock, FakeClock)
        for second in [0, *[1] * seconds]:
            await self.clock.advance(second)
            await self.messaging.deliveries.idle()


@contextmanager
def message_server(
    data: Path | None = None, clock: Clock | None = None, *, functions: Functions | None = None
) -> Iterator[MessageServer]:
    """Without `data` all is kept in memory; without `clock` time stands still until it is advanced."""
    clock = clock or FakeClock(start=time.time_ns() // 1_000_000)
    ids, functions = SystemIds(), functions or Functions()
    temporary = TemporaryCredentials(b"t" * 32, clock, ids)
    authenticator = Authenticator(Keyring([AccessKey(ACCOUNT, KEY, SECRET)]), temporary, clock, max_nonces=10_000)
    ready: threading.Event = threading.Event()
    started: list[MessageServer] = []
    stop = asyncio.Event()

    async def serve() -> None:
        db: Database = SqliteDatabase(data / "messages.db") if data else MemoryDatabase()
        sock = bind("127.0.0.1", 0)
        port = sock.getsockname()[1]
        messaging = Messaging(
            db=db,
            clock=clock,
            ids=ids,
            vault=PlainVault(),
            invoke=functions,
            base_url=lambda: f"http://127.0.0.1:{port}",
        )
        gateway = Gateway(clock, ids)
        gateway.mount(MnsProduct(messaging=messaging, authenticator=authenticator))
        serving = Serving(gateway, begin=gateway.begin)
        await messaging.start()
        await serving.listen(sock)
        started.append(MessageServer(port, asyncio.get_running_loop(), clock, messaging, temporary, functions))
        ready.set()
        await stop.wait()
        messaging.end_waits()
        await serving.close(0)
        await messaging.close()
        await db.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(30), "the server did not start"
    try:
        yield started[0]
    finally:
        for client in started[0].clients:
            client.get_client().close_connection()
        started[0].loop.call_soon_threadsafe(stop.set)
        thread.join()


def in_real_time() -> Clock:
    return SystemClock()


@dataclass(frozen=True, slots=True)
class Pushed:
    path: str
    headers: Mapping[str, str]  # in the case in which they came
    body: bytes


@dataclass(slots=True)
class Subscriber:
    """Answers pushes with the given statuses, then with 204."""

    url: str = ""
    statuses: list[int] = field(default_factory=list)
    pushes: "Queue[Pushed]" = field(default_factory=Queue)

    def next(self) -> Pushed:
        return self.pushes.get(timeout=20)


@contextmanager
def subscriber() -> Iterator[Subscriber]:
    one = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = one.statuses.pop(0) if one.statuses else 204
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{one.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
            one.pushes.put(Pushed(self.path, dict(self.headers.items()), body))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    one.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield one
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""A whole platform for tests: in this process, on a loopback port, in a thread with a loop of its own.

SDKs block, so the test's thread is theirs; `Running.run` reaches into the platform's loop. With a FakeClock, time
passes only by `Running.advance`, however long the SDK waits.
"""

import asyncio
import io
import socket
import threading
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from liuyun.app import Platform, open_platform
from liuyun.clock import Clock, SystemClock
from liuyun.serving import Serving, bind
from liuyun.settings import Settings, load
from liuyun.testing.clock import FakeClock

T = TypeVar("T")
STOP_S = 60
ACCOUNT, KEY, SECRET = "1234567890123456", "LTAItestkey", "test-secret"


@dataclass(frozen=True, slots=True)
class Running:
    platform: Platform
    loop: asyncio.AbstractEventLoop
    port: int
    clock: Clock
    account_id: str = ACCOUNT
    access_key_id: str = KEY
    access_key_secret: str = SECRET
    tls_port: int = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, work: Coroutine[Any, Any, T], timeout_s: float = 60) -> T:
        """The result of `work`, run on the platform's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout_s)

    def advance(self, seconds: float) -> None:
        assert isinstance(self.clock, FakeClock), "only a fake clock can be moved"
        self.run(self.clock.advance(seconds))


@dataclass(frozen=True, slots=True)
class Ports:
    plain: socket.socket
    secure: socket.socket | None

    async def serve(self, platform: Platform) -> Serving:
        serving = Serving(platform.app, begin=platform.app.begin)
        await serving.listen(self.plain)
        if self.secure is not None:
            serving.listen_secure(self.secure, platform.certificates.context)
        return serving


def prepared(data: Path, options: dict[str, Any], *, tls: bool) -> tuple[Settings, Ports]:
    ports = Ports(bind("127.0.0.1", 0), bind("127.0.0.1", 0) if tls else None)
    options["port"] = ports.plain.getsockname()[1]
    if ports.secure is not None:
        options["tls_port"] = ports.secure.getsockname()[1]
    return load(data=data, account_id=ACCOUNT, access_key_id=KEY, access_key_secret=SECRET, **options), ports


@contextmanager
def running_platform(
    data: Path, *, clock: Clock | None = None, tls: bool = False, **options: Any
) -> Generator[Running]:
    """A platform with preset keys on the data in `data`; stops cleanly at the end. `options` are settings; with `tls`
    it has HTTPS.
    """
    settings, ports = prepared(data, options, tls=tls)
    chosen = clock or SystemClock()
    started: list[Running] = []
    failed: list[BaseException] = []
    ready = threading.Event()

    async def main(stop: asyncio.Event) -> None:
        async with open_platform(settings, clock=chosen) as platform:
            serving = await ports.serve(platform)
            loop = asyncio.get_running_loop()
            started.append(Running(platform, loop, settings.port, chosen, tls_port=settings.tls_port))
            ready.set()
            await stop.wait()
            platform.end_waits()
            await serving.close(settings.drain_s)

    stop = asyncio.Event()

    def serve() -> None:
        try:
            uvloop.run(main(stop))
        except BaseException as error:  # noqa: BLE001 - raised again in the test's thread
            failed.append(error)
        finally:
            ready.set()

    thread = threading.Thread(target=serve, name="platform", daemon=True)
    thread.start()
    ready.wait()
    try:
        if started:
            yield started[0]
    finally:
        if started:
            started[0].loop.call_soon_threadsafe(stop.set)
        join(thread, started)
    if failed:
        raise failed[0]


def join(thread: threading.Thread, started: list[Running]) -> None:
    """A platform that doesn't stop would hold up all tests behind it without a word."""
    thread.join(STOP_S)
    if thread.is_alive():
        where = tasks_of(started[0].loop) if started else "it never started"
        raise AssertionError(f"The platform did not stop within {STOP_S} s. It waits here:\n{where}")


def tasks_of(loop: asyncio.AbstractEventLoop) -> str:
    """What every task of a loop is waiting for, from the outside in."""
    text = io.StringIO()
    for task in asyncio.all_tasks(loop):
        text.write(f"{task.get_name()}:\n")
        waiting: Any = task.get_coro()
        while waiting is not None and getattr(waiting, "cr_frame", None) is not None:
            text.write(f"  {waiting.cr_frame.f_code.co_filename}:{waiting.cr_frame.f_lineno} {waiting.__qualname__}\n")
            waiting = waiting.cr_await
    return text.getvalue()

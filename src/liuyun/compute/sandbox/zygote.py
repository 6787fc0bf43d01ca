"""A zygote seen from the platform: started once for an interpreter, asked for processes. Its rules stand in
`bootstrap/zygote.py`.
"""

import asyncio
import os
import signal
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import structlog

import liuyun
from liuyun.compute.interpreters import Interpreter
from liuyun.errors import Unavailable

T = TypeVar("T")
log = structlog.get_logger()

PACKAGE_ROOT = str(Path(liuyun.__file__).parent.parent)
# At the end of the path: among the neighbours of an installed package none may hide a standard module.
BOOT = (
    "import sys; sys.path.append(sys.argv[1]); from liuyun.compute.bootstrap.zygote import main; main(int(sys.argv[2]))"
)
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/tmp"}  # noqa: S108 - the sandbox's
ADVICE = "`liuyun doctor` shows what this machine can isolate, and what to do where it can't."
START_S, SPAWN_S, KILL_S = 20, 10, 5
SPAWNS_AT_ONCE = 16  # packets that the socket's buffer surely holds
PACKET_BYTES = 64 * 1024


class Told(msgspec.Struct):
    id: int
    pid: int = 0
    exit: int | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Process:
    """The first process of a sandbox. `exited` resolves to its exit code, which is the worker's (128 + n after signal
    n), or to -n if signal n ended the first process itself, which in a namespace nobody inside can do to it.
    """

    pid: int
    pidfd: int
    exited: asyncio.Future[int]


class Zygote:
    def __init__(self, interpreter: Interpreter, process: asyncio.subprocess.Process, control: socket.socket) -> None:
        self.interpreter = interpreter
        self._process = process
        self._control = control
        self._ids = count(1)
        self._turn = asyncio.Semaphore(SPAWNS_AT_ONCE)
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[None] = self._loop.create_future()
        self._spawning: dict[int, asyncio.Future[Process]] = {}
        self._running: dict[int, asyncio.Future[int]] = {}
        self._complaints = asyncio.ensure_future(self._listen())
        self._loop.add_reader(control, self._receive)

    @property
    def alive(self) -> bool:
        return self._control.fileno() >= 0

    @classmethod
    async def start(cls, interpreter: Interpreter) -> "Zygote":
        """Raises Unavailable."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            try:
                process = await asyncio.create_subprocess_exec(
                    interpreter.path, "-I", "-S", "-X", "utf8", "-c", BOOT, PACKAGE_ROOT, str(theirs.fileno()),
                    pass_fds=[theirs.fileno()], env=ENVIRONMENT, cwd="/", start_new_session=True,
                    stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
                )  # fmt: skip
            except OSError as error:
                ours.close()
                raise Unavailable(
                    "interpreter_not_started",
                    "{path} can't be started: {detail}",
                    path=interpreter.path,
                    detail=error.strerror,
                ) from None
            except BaseException:
                ours.close()
                raise
        zygote = cls(interpreter, process, ours)
        try:
            async with asyncio.timeout(START_S):
                await zygote._ready
        except TimeoutError:
            await zygote.close()
            raise Unavailable(
                "zygote_not_started",
                "The zygote of {interpreter} did not start within {seconds} s.",
                interpreter=interpreter,
                seconds=START_S,
            ) from None
        except BaseException:
            await zygote.close()
            raise
        return zygote

    async def spawn(self, spec: Mapping[str, Any], descriptors: Sequence[int]) -> Process:
        """A new sandbox's first process, which gets copies of the descriptors. Raises Unavailable."""
        async with self._turn:
            if not self.alive:
                raise self._gone()
            number = next(self._ids)
            spawned = self._spawning[number] = self._loop.create_future()
            self._running[number] = self._loop.create_future()
            packet = msgspec.json.encode({**spec, "id": number})
            assert len(packet) < PACKET_BYTES, "a sandbox's specification fits into one packet"
            socket.send_fds(self._control, [packet], descriptors)
            try:
                async with asyncio.timeout(SPAWN_S):
                    return await spawned
            except asyncio.CancelledError:
                let_go(spawned)
                raise
            except TimeoutError:
                raise Unavailable(
                    "zygote_silent",
                    "The zygote of {interpreter} did not answer within {seconds} s.",
                    interpreter=self.interpreter,
                    seconds=SPAWN_S,
                ) from None
            finally:
                del self._spawning[number]

    async def close(self) -> None:
        """All its processes end with it."""
        self._lose()
        gone = asyncio.ensure_future(self._process.wait())
        await asyncio.wait({gone}, timeout=SPAWN_S)
        if not gone.done():
            self._process.kill()
        # Whoever has left its keeping may hold its standard error open.
        await asyncio.wait({gone, self._complaints}, timeout=KILL_S)
        gone.cancel()
        self._complaints.cancel()

    def _receive(self) -> None:
        while True:
            try:
                packet, descriptors, _, _ = socket.recv_fds(self._control, PACKET_BYTES, 1)
            except BlockingIOError:
                return
            except ConnectionResetError:
                packet, descriptors = b"", []
            if not packet:
                self._lose()
                return
            self._take(msgspec.json.decode(packet, type=Told), descriptors)

    def _take(self, told: Told, descriptors: list[int]) -> None:
        spawned = self._spawning.get(told.id)
        if told.id == 0:
            settle(self._ready, None)
        elif told.exit is not None:
            if exited := self._running.pop(told.id, None):  # none when its start had failed
                settle(exited, told.exit)
        elif told.error:
            del self._running[told.id]
            if spawned is not None and not spawned.done():
                spawned.set_exception(
                    Unavailable(
                        "sandbox_not_started",
                        "No sandbox can be started: {error}. {advice}",
                        error=told.error,
                        advice=ADVICE,
                    )
                )
        elif spawned is None or spawned.done():  # nobody waits any more; without its channel it goes by itself
            for descriptor in descriptors:
                os.close(descriptor)
        else:
            spawned.set_result(Process(told.pid, descriptors[0], self._running[told.id]))

    def _lose(self) -> None:
        if not self.alive:
            return
        self._loop.remove_reader(self._control)
        self._control.close()
        for waiting in (self._ready, *self._spawning.values()):
            if not waiting.done():
                waiting.set_exception(self._gone())
        for exited in self._running.values():
            settle(exited, -signal.SIGKILL)
        self._running.clear()

    def _gone(self) -> Unavailable:
        return Unavailable(
            "zygote_gone",
            "The zygote of {interpreter} is gone; the platform's log says why.",
            interpreter=self.interpreter,
        )

    async def _listen(self) -> None:
        assert self._process.stderr is not None, "it was asked for"
        async for line in self._process.stderr:
            log.error("zygote", interpreter=str(self.interpreter), text=line.decode("utf-8", "replace").rstrip())


def settle(future: asyncio.Future[T], result: T) -> None:
    if not future.done():
        future.set_result(result)


def let_go(spawned: asyncio.Future[Process]) -> None:
    """Of a process that came when nobody waited for it any more: without its channel it goes by itself."""
    if spawned.done() and not spawned.cancelled() and spawned.exception() is None:
        os.close(spawned.result().pidfd)


class Zygotes:
    """One for each interpreter, started when first needed and again should it die."""

    def __init__(self) -> None:
        self._zygotes: dict[str, Zygote] = {}
        self._starting: dict[str, asyncio.Task[Zygote]] = {}

    async def of(self, interpreter: Interpreter) -> Zygote:
        """Raises Unavailable."""
        known = self._zygotes.get(interpreter.path)
        if known is not None and known.alive:
            return known
        starting = self._starting.get(interpreter.path)
        if starting is None:
            starting = self._starting[interpreter.path] = asyncio.ensure_future(self._start(interpreter))
        return await asyncio.shield(starting)  # a process that is half-way there can't be called off

    async def _start(self, interpreter: Interpreter) -> Zygote:
        try:
            started = self._zygotes[interpreter.path] = await Zygote.start(interpreter)
        finally:
            del self._starting[interpreter.path]
        return started

    async def close(self) -> None:
        if self._starting:
            await asyncio.wait(self._starting.values(), timeout=START_S)
        for zygote in self._zygotes.values():
            await zygote.close()
        self._zygotes.clear()

"""A worker that is a command of the function's own: an HTTP server, or a program that asks for its calls.

Which of the two it is shows when it has started: whether something listens on its port or asks the runtime API first.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from liuyun.clock import Clock
from liuyun.compute.core.lifecycle import Phase, hooks_of
from liuyun.compute.outcome import START, Answered, Reply
from liuyun.compute.runtimes.channel import forget
from liuyun.compute.runtimes.command_channel import CommandChannel
from liuyun.compute.runtimes.errands import PHASES, Errand, Errands, Kind, failed
from liuyun.compute.runtimes.http_server import HttpServer, ServerStream
from liuyun.compute.runtimes.runtime_api import RuntimeApi
from liuyun.http1.client import Broken
from liuyun.model.invocation import Invocation
from liuyun.serving import Serving

FIRST_LOOK_S, LONGEST_LOOK_S = 0.002, 0.1  # how soon one asks again whether something listens
DEATH_S = 0.3  # how long a server that hung up may take to show that it has died
log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """customHealthCheckConfig: what must be answered before the first call comes."""

    path: str
    delay_s: float = 0
    period_s: float = 3
    timeout_s: float = 1
    successes: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """`limit_s`: how long it may take until the command listens or asks."""

    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    port: int
    limit_s: int
    health: HealthCheck | None = None


class Speaker(Protocol):
    """How the function is spoken to."""

    async def call(self, errand: Errand) -> Answered:
        """Raises OSError when it hangs up."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """`serving` serves `api` in the sandbox; `peak_kb` tells how much memory that has used."""

    launch: Launch
    errands: Errands
    api: RuntimeApi
    serving: Serving
    clock: Clock
    peak_kb: Callable[[], int]


class CommandWorker:
    """`started`: the function listens or asks."""

    def __init__(self, parts: Parts) -> None:
        self.started = False
        self._launch = parts.launch
        self._errands = parts.errands
        self._api = parts.api
        self._clock = parts.clock
        self._peak_kb = parts.peak_kb
        self._serving = parts.serving
        self._loop = asyncio.get_running_loop()
        self._channel: CommandChannel | None = None
        self._speaker: Speaker = parts.api
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._ended = asyncio.Event()

    async def open(
        self, channel: socket.socket, on_answers: Callable[[Sequence[Answered]], None], on_end: Callable[[], None]
    ) -> None:
        def ended() -> None:
            self._ended.set()
            on_end()

        self._on_answers = on_answers
        self._channel = CommandChannel(channel, ended)

    def begin(self) -> None:
        assert self._channel is not None, "opened before it is used"
        launch = self._launch
        self._channel.run(launch.command, launch.environment, launch.folder)
        self._spawn(START, self._begin(self._channel))

    def call(self, number: int, invocation: Invocation, *, ahead: bool = False) -> None:  # noqa: ARG002 - never is
        deadline = self._clock.now() + self._errands.deployed.function.timeout_s * 1000
        self._spawn(number, self._run(self._errands.of_call(number, invocation, deadline)))

    def enter(self, number: int, phase: Phase, request_id: str) -> None:
        deadline = self._clock.now() + hooks_of(self._errands.deployed.function)[phase].timeout_s * 1000
        self._spawn(number, self._run(self._errands.of(number, PHASES[phase], request_id, deadline)))

    def drop(self, number: int) -> None:
        task = self._tasks.pop(number, None)
        if task is not None:
            task.cancel()

    def close(self) -> None:
        for task in list(self._tasks.values()):
            task.cancel()
        self._speaker.close()
        if self._channel is not None:
            self._channel.close()
        self._on_answers = forget
        self._closing = asyncio.ensure_future(self._serving.close(0))

    def _spawn(self, number: int, work: Coroutine[Any, Any, None]) -> None:
        task = self._tasks[number] = self._loop.create_task(work)
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    async def _begin(self, channel: CommandChannel) -> None:
        try:
            async with asyncio.timeout(self._launch.limit_s):
                await self._wait_started(channel)
        except TimeoutError:
            self._on_answers([failed(START, f"it did not start within {self._launch.limit_s} seconds")])
            return
        self.started = True
        function = self._errands.deployed.function
        if not function.initializer:
            self._tell(Answered(Reply(id=START), b""), 0)
            return
        deadline = self._clock.now() + function.initialization_timeout_s * 1000
        request_id = dict(self._errands.fixed)["x-fc-instance-id"]
        await self._run(self._errands.of(START, Kind.INITIALIZE, request_id, deadline))

    async def _wait_started(self, channel: CommandChannel) -> None:
        server = HttpServer(channel, self._launch.port, most_bytes=self._api.most_bytes)
        pause = FIRST_LOOK_S
        while not self._api.asked.is_set():
            if await server.listens():
                self._speaker = server
                await self._wait_healthy(server)
                return
            try:
                async with asyncio.timeout(pause):
                    await self._api.asked.wait()
            except TimeoutError:
                pause = min(2 * pause, LONGEST_LOOK_S)

    async def _wait_healthy(self, server: HttpServer) -> None:
        health = self._launch.health
        if health is None:
            return
        await asyncio.sleep(health.delay_s)
        successes = 0
        while True:
            try:
                async with asyncio.timeout(health.timeout_s):
                    healthy = await server.healthy(health.path)
            except TimeoutError:
                healthy = False
            successes = successes + 1 if healthy else 0
            if successes >= health.successes:
                return
            await asyncio.sleep(health.period_s)

    async def _run(self, errand: Errand) -> None:
        began = self._loop.time()
        try:
            answered = await self._speaker.call(errand)
        except OSError as error:
            await self._broken(errand.number, str(error), began)
            return
        except Exception as error:  # noqa: BLE001 - the caller's own body, say, came to no end
            log.info("call of a command not made", error=repr(error))
            answered = failed(errand.number, f"the request could not be handed over: {error}")
        if isinstance(answered.stream, ServerStream):
            answered.stream.over = lambda broken: self._over(errand.number, broken, began)
        self._tell(answered, began)

    def _over(self, number: int, broken: Broken | None, began: float) -> None:
        """A streamed answer has come to its end."""
        if broken is None:
            self._tell(Answered(Reply(id=number), b""), began)
        elif number not in self._tasks:
            self._spawn(number, self._broken(number, str(broken), began))

    async def _broken(self, number: int, why: str, began: float) -> None:
        """If the process has died, the end of the instance tells that better."""
        try:
            async with asyncio.timeout(DEATH_S):
                await self._ended.wait()
        except TimeoutError:
            self._tell(failed(number, f"the function's server did not answer: {why}"), began)

    def _tell(self, answered: Answered, began: float) -> None:
        answered.reply.ms = (self._loop.time() - began) * 1000 if began else 0
        answered.reply.rss_kb = self._peak_kb()
        self._on_answers([answered])

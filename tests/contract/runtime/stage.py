"""Functions on a real Compute with real sandboxes: code in, results and log lines out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeVar

from liuyun.clock import SystemClock
from liuyun.compute.compute import Compute
from liuyun.errors import FunctionNotFound
from liuyun.identity.temporary import Credentials
from liuyun.ids import SystemIds
from liuyun.model.function import Deployed, Function, Service
from liuyun.model.invocation import HttpCall, Invocation, InvocationResult
from liuyun.model.log import LogLine
from liuyun.settings import load

T = TypeVar("T")
ACCOUNT = "1234567890123456"


@dataclass
class Stage:
    """Deploys functions by hand and calls them. `asked` is what the platform was asked from inside of sandboxes.

    Calls begin without a task where they can, as those of the gateway do, or each have one with `tasks`.
    """

    folder: Path
    compute: Compute = field(init=False)
    deployed: dict[str, Deployed] = field(default_factory=dict)
    lines: list[LogLine] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    calls: int = 0
    tasks: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def deploy(
        self,
        code: str,
        *,
        name: str = "f",
        http: bool = False,
        internet: bool = True,
        files: Mapping[str, str] | None = None,
        layers_dir: str = "",
        **options: Any,
    ) -> None:
        """`code` is the text of index.py, `files` are further ones."""
        revision = str(len(self.deployed) + 1)
        code_dir = self.folder / f"data/code/{name}-{revision}"
        code_dir.mkdir(parents=True)
        code_dir.chmod(0o755)
        for path, text in {"index.py": dedent(code), **(files or {})}.items():
            (code_dir / path).parent.mkdir(parents=True, exist_ok=True)
            (code_dir / path).write_text(text)
        options = {"runtime": "python3", "handler": "index.handler", "timeout_s": 10, "memory_mb": 128, **options}
        function = Function(ACCOUNT, "s", name, "id", code_checksum="42", **options)
        service = Service(ACCOUNT, "s", "sid", internet_access=internet)
        self.deployed[name] = Deployed(
            service, function, "LATEST", str(code_dir), f"{name}-{revision}", http, layers_dir=layers_dir
        )

    async def invoke(
        self, payload: bytes = b"", *, name: str = "f", http: HttpCall | None = None, **options: Any
    ) -> InvocationResult:
        self.calls += 1
        invocation = Invocation(ACCOUNT, "s", name, payload, f"request-{self.calls}", http=http, **options)
        told: asyncio.Future[InvocationResult | Exception] = asyncio.get_running_loop().create_future()
        begun = None if self.tasks else self.compute.begin(invocation, told.set_result)
        if begun is None:
            return await self.compute.invoke(invocation)
        try:
            came_to = await told
        except asyncio.CancelledError:
            begun.abandon()
            raise
        if isinstance(came_to, Exception):
            raise came_to
        return came_to

    def at_hand(self, account_id: str, service: str, qualifier: str, function: str) -> Deployed | None:
        return self.deployed.get(function)

    async def resolve(
        self, account_id: str, service: str, qualifier: str, function: str, *, http: HttpCall | None = None
    ) -> Deployed:
        del http
        if function not in self.deployed:
            raise FunctionNotFound(service, function)
        return self.deployed[function]

    async def release(self, *names: str) -> list[tuple[Deployed, float]]:
        return [(await self.resolve(*names), 1.0)]

    async def platform(self, scope: Any, receive: Any, send: Any) -> None:
        """Stands for the platform: says who asked."""
        body = (await receive())["body"]
        host = dict(scope["headers"]).get(b"host", b"").decode()
        self.asked.append({"host": host, "path": scope["path"], "body": body, "by": scope["liuyun.instance"]})
        await send({"type": "http.response.start", "status": 200, "headers": [(b"x-served-by", b"platform")]})
        await send({"type": "http.response.body", "body": b"platform:" + host.encode()})

    def record(self, line: LogLine) -> None:
        self.lines.append(line)
        self.news.set()

    async def printed(self, text: str) -> None:
        """Waits for a line of some function's log."""
        async with asyncio.timeout(10):
            while not any(text in line.text for line in self.lines):
                self.news.clear()
                await self.news.wait()

    def texts(self, request_id: str) -> list[str]:
        return [line.text for line in self.lines if line.request_id == request_id]


@asynccontextmanager
async def staged(folder: Path, **options: Any) -> AsyncIterator[Stage]:
    stage = Stage(folder)
    options = {"standard_layer": False, **options, "limits": {"stem_cells": 0, **options.get("limits", {})}}
    clock = options.pop("clock", None) or SystemClock()
    stage.compute = Compute(
        settings=load(data=folder / "data", **options),
        clock=clock,
        ids=SystemIds(),
        account_id=ACCOUNT,
        resolve=stage.resolve,
        at_hand=stage.at_hand,
        release=stage.release,
        record_log=stage.record,
        platform_app=stage.platform,
        credentials=lambda _: Credentials("STS.key", "secret", "token"),
    )
    await stage.compute.start()
    try:
        yield stage
    finally:
        await stage.compute.close(5)


def on_stage(folder: Path, act: Callable[[Stage], Awaitable[T]], **options: Any) -> T:
    """Runs one scene and takes everything down."""

    async def main() -> T:
        async with staged(folder, **options) as stage:
            return await act(stage)

    return asyncio.run(main())


def call(folder: Path, code: str, payload: bytes = b"", **options: Any) -> InvocationResult:
    """Deploys one function and calls it once."""

    async def act(stage: Stage) -> InvocationResult:
        stage.deploy(code, **options)
        return await stage.invoke(payload, tail_log=True)

    return on_stage(folder, act)


async def outside(scope: Any, receive: Any, send: Any) -> None:
    """An application that stands for a service beside the platform."""
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"outside"})

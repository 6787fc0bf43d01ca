"""Restate: its server and SDK from npm, on ports of its own, driven over HTTP like us."""

import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.harness import Absent, Measure, Sample
from benchmarks.load import Client, crowded
from benchmarks.processes import NODE, free_port, node_modules_with, process, wait_ready
from benchmarks.signed import raw

SERVICE = Path(__file__).parent / "restate_service.mjs"
CLIENTS = 64
JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Restate:
    port: int

    def measure(self, question: str) -> Measure:
        """`steps N`, `runs N` or `latency N`, as of the other peers."""
        name, amount = question.split()
        act = {"steps": self.steps, "runs": self.runs, "latency": self.latency}[name]
        return lambda: act(int(amount))

    def steps(self, steps: int) -> Sample:
        async def act(client: Client, _: int) -> None:
            await call(client, "chain", steps)

        return Sample(steps / crowded(self.port, 1, act))

    def runs(self, total: int) -> Sample:
        left = iter(range(total))

        async def act(client: Client, _: int) -> None:
            for _ in left:
                await call(client, "chain", 3)

        return Sample(total / crowded(self.port, CLIENTS, act))

    def latency(self, times: int) -> Sample:
        spent: list[float] = []

        async def act(client: Client, _: int) -> None:
            for _ in range(times):
                start = time.perf_counter()
                await call(client, "nothing", 1)
                spent.append((time.perf_counter() - start) * 1000)

        crowded(self.port, 1, act)
        return Sample(median(spent))


async def call(client: Client, handler: str, argument: int) -> None:
    (await client.exchange(raw("POST", f"/bench/{handler}", JSON, json.dumps(argument).encode()))).expect(200)


def started(stack: ExitStack) -> Mapping[str, Restate | Absent]:
    modules = node_modules_with("restate", "@restatedev/restate-server", "@restatedev/restate-sdk")
    if isinstance(modules, Absent):
        return {"Restate": modules}
    try:
        return {"Restate": stack.enter_context(running(modules))}
    except RuntimeError as error:
        return {"Restate": Absent(str(error))}


@contextmanager
def running(modules: Path) -> Iterator[Restate]:
    ingress, admin, node, service = (free_port() for _ in range(4))
    shutil.copy(SERVICE, modules / SERVICE.name)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="liuyun-restate-")))
        env = {
            "RESTATE_BASE_DIR": str(data / "data"),
            "RESTATE_LISTEN_MODE": "tcp",
            "RESTATE_BIND_IP": "127.0.0.1",
            "RESTATE_BIND_PORT": str(node),
            "RESTATE_INGRESS__BIND_PORT": str(ingress),
            "RESTATE_ADMIN__BIND_PORT": str(admin),
            "RESTATE_DISABLE_TELEMETRY": "true",
            "RUST_LOG": "warn",
        }
        server = stack.enter_context(
            process(
                [str(NODE), str(modules / "node_modules/.bin/restate-server"), "--no-logo"],
                env=env,
                cwd=data,
                log=data / "server.log",
            )
        )
        stack.enter_context(
            process(
                [str(NODE), str(modules / SERVICE.name)],
                env={"PORT": str(service), "RESTATE_LOGGING": "ERROR"},
                log=data / "service.log",
            )
        )
        wait_ready(f"http://127.0.0.1:{admin}/health", server)
        wait_ready(f"http://127.0.0.1:{ingress}/restate/health", server)
        register(admin, service)
        yield Restate(ingress)


def register(admin: int, service: int) -> None:
    """Tells the server where the service is; tried until the service listens."""
    body = json.dumps({"uri": f"http://127.0.0.1:{service}"}).encode()
    deadline = time.monotonic() + 30

    async def act(client: Client, _: int) -> None:
        answer = await client.exchange(raw("POST", "/deployments", JSON, body))
        while answer.status not in {200, 201}:
            if time.monotonic() > deadline:
                answer.expect(201)
            answer = await client.exchange(raw("POST", "/deployments", JSON, body))

    crowded(admin, 1, act)

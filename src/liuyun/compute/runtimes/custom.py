"""Custom runtimes: a function is whatever its bootstrap starts, an HTTP server or a program that asks for its calls.

Source: fc contract 3.3 (model 2) and 3.5. Go functions on the vendor's library are of the second kind.
"""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from liuyun.compute.instance import Instance
from liuyun.compute.interpreters import own
from liuyun.compute.outcome import Answered, FunctionNotStarted, StartFailed
from liuyun.compute.runtimes.command_channel import free_port
from liuyun.compute.runtimes.command_worker import CommandWorker, HealthCheck, Launch, Parts
from liuyun.compute.runtimes.errands import Errands, fixed_headers
from liuyun.compute.runtimes.runtime_api import RuntimeApi
from liuyun.compute.runtimes.workshop import Furnished, Workshop
from liuyun.compute.sandbox.sandbox import HTTP, HTTPS, PROXY, RUNTIME_API, Sandbox
from liuyun.errors import Phrase, phrase
from liuyun.model.function import Deployed
from liuyun.serving import Serving, bind

NAME = re.compile(r"custom(?:\.debian\d+)?|go1")
PORT = 9000
TAKEN = frozenset({HTTP, HTTPS, PROXY, RUNTIME_API})
WAIT_S = 86_400  # a program that asks for its next call may have to wait long
CONNECTIONS = 256


class CustomRuntime:
    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop

    def offers(self, runtime: str) -> bool:
        return NAME.fullmatch(runtime) is not None

    async def start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        """Raises FunctionNotStarted when nothing listens or asks in time, beside what a runtime's start raises."""
        port = port_of(deployed)
        if port in TAKEN:
            template = "The port {port} is the platform's own in an instance; let the function take another."
            raise FunctionNotStarted("port_taken", template, port=port)
        interpreter = await asyncio.to_thread(own)
        wish = self._workshop.wish(deployed, instance_id, interpreter, None, commands=True)
        furnished = await self._workshop.furnish(deployed, wish)
        worker = await self._worker(furnished, port if self._workshop.isolated else free_port(port))
        limit_s = self._workshop.settings.limits.custom_start_s
        try:
            return await self._workshop.begin(furnished, worker, request_id, extra_s=limit_s)
        except StartFailed as failed:
            if worker.started:
                raise
            raise FunctionNotStarted(told(failed, port, limit_s)) from None

    async def _worker(self, furnished: Furnished, port: int) -> CommandWorker:
        deployed, settings = furnished.instance.deployed, self._workshop.settings
        api = RuntimeApi(most_bytes=settings.limits.invocation_bytes)
        door = furnished.sandbox.doors[-1] if self._workshop.isolated else bind("127.0.0.1", 0)
        serving = Serving(api, keep_alive_s=WAIT_S, patience_s=WAIT_S, connections=CONNECTIONS)
        environment = {**with_python(furnished), **announced(deployed, port, door.getsockname()[1])}
        await serving.listen(door)
        launch = Launch(
            command=command_of(deployed, furnished.code_dir),
            environment=environment,
            folder=furnished.code_dir,
            port=port,
            limit_s=settings.limits.custom_start_s,
            health=health_of(deployed),
        )
        instance_id, sandbox = furnished.instance.instance_id, furnished.sandbox
        errands = Errands(deployed, fixed_headers(deployed, settings.region, instance_id, furnished.credentials))
        return CommandWorker(
            Parts(
                launch=launch,
                errands=errands,
                api=api,
                serving=serving,
                clock=self._workshop.clock,
                peak_kb=lambda: peak_kb(sandbox),
            )
        )


def with_python(furnished: Furnished) -> Mapping[str, str]:
    """`python3` is the interpreter that a package's requirements are installed for, and finds them."""
    folder = str(Path(own().path).parent)
    path = furnished.environment.get("PATH", "")
    return {
        "PYTHONPATH": f"{furnished.code_dir}:/opt/python",
        **furnished.environment,
        "PATH": path if folder in path.split(":") else f"{folder}:{path}",
    }


def config_of(deployed: Deployed, name: str) -> dict[str, Any]:
    return cast(dict[str, Any], deployed.function.config.get(name) or {})


def port_of(deployed: Deployed) -> int:
    """customRuntimeConfig's, which FC 3.0 has, or caPort."""
    for given in (config_of(deployed, "customRuntimeConfig").get("port"), deployed.function.config.get("caPort")):
        if isinstance(given, int) and 0 < given < 65536:
            return given
    return PORT


def command_of(deployed: Deployed, code_dir: str) -> tuple[str, ...]:
    config = config_of(deployed, "customRuntimeConfig")
    command, arguments = words(config.get("command")), words(config.get("args"))
    if command:
        return (*command, *arguments)
    name = deployed.function.handler if deployed.function.runtime == "go1" else "bootstrap"
    return (str(Path(code_dir) / name), *arguments)


def words(given: Any) -> list[str]:
    """A list of words, or a single one."""
    return [given] if isinstance(given, str) and given else [str(word) for word in given or ()]


def announced(deployed: Deployed, port: int, api_port: int) -> dict[str, str]:
    return {
        "FC_CUSTOM_LISTEN_PORT": str(port),
        "FC_SERVER_PORT": str(port),
        "FC_RUNTIME_API": f"127.0.0.1:{api_port}",
        "FC_FUNCTION_VERSION": deployed.version_id,
    }


def health_of(deployed: Deployed) -> HealthCheck | None:
    config = (
        config_of(deployed, "customHealthCheckConfig")
        or config_of(deployed, "customRuntimeConfig").get("healthCheckConfig")
        or {}
    )
    path = config.get("httpGetUrl")
    if not path:
        return None
    return HealthCheck(
        path=path if str(path).startswith("/") else f"/{path}",
        delay_s=number(config, "initialDelaySeconds", 0),
        period_s=number(config, "periodSeconds", 3),
        timeout_s=number(config, "timeoutSeconds", 1),
        successes=number(config, "successThreshold", 1),
    )


def number(config: dict[str, Any], name: str, default: int) -> int:
    given = config.get(name)
    return given if isinstance(given, int) and 0 <= given <= 120 else default


def told(failed: StartFailed, port: int, limit_s: int) -> Phrase:
    """Why nothing came up, and what it printed."""
    printed = failed.output.tail("").strip()
    logs = phrase("printed", " Logs: {logs}", logs=printed) if printed else phrase("silent", " It printed nothing.")
    if isinstance(failed.outcome, Answered):
        template = "Function instance health check failed on port {port} in {limit_s} seconds.{logs}"
        return phrase("function_unhealthy", template, port=port, limit_s=limit_s, logs=logs)
    template = "Failed to start function instance: its command ended before it listened on port {port}.{logs}"
    return phrase("function_ended_early", template, port=port, logs=logs)


def peak_kb(sandbox: Sandbox) -> int:
    """Where no control group counts, what the largest of the first processes has used."""
    if peak := sandbox.group.peak_bytes():
        return peak // 1024
    return max((high_water_kb(pid) for pid in children(sandbox.process.pid)), default=0)


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def high_water_kb(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)

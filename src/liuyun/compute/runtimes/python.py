"""Python functions: event handlers and WSGI applications, in forks of a zygote."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from liuyun.compute.instance import Instance
from liuyun.compute.interpreters import NAME, Interpreter, interpreter_for
from liuyun.compute.runtimes.environment import Credentials
from liuyun.compute.runtimes.frame_worker import FrameWorker
from liuyun.compute.runtimes.workshop import Furnished, Workshop
from liuyun.compute.sandbox.root import STANDARD_LAYER
from liuyun.compute.sandbox.zygote import PACKAGE_ROOT
from liuyun.model.function import Deployed

MODERN = (3, 12)  # from this runtime on handlers get the vendor's newer context
NO_CREDENTIALS = {"access_key_id": "", "access_key_secret": "", "security_token": ""}
OWN_FRAMES = (f'  File "{PACKAGE_ROOT}/liuyun/compute/', '  File "<string>", line 1 in <module>')  # of a hanging worker


class PythonRuntime:
    """`layer` gives the standard layer of an interpreter, if there is to be one."""

    def __init__(self, workshop: Workshop, layer: Callable[[Interpreter], Awaitable[Path | None]]) -> None:
        self._workshop = workshop
        self._layer = layer

    def offers(self, runtime: str) -> bool:
        return NAME.fullmatch(runtime) is not None

    async def start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        interpreter = await asyncio.to_thread(interpreter_for, deployed.function.runtime)
        layer = await self._layer(interpreter)
        wish = self._workshop.wish(deployed, instance_id, interpreter, layer)
        furnished = await self._workshop.furnish(deployed, wish, hidden=OWN_FRAMES)
        worker = FrameWorker(self._start_header(furnished, request_id, layer))
        return await self._workshop.begin(furnished.instance, worker, request_id)

    def _start_header(self, furnished: Furnished, request_id: str, layer: Path | None) -> bytes:
        deployed, workshop = furnished.instance.deployed, self._workshop
        function = deployed.function
        return msgspec.json.encode(
            {
                "environment": furnished.environment,
                "code_dir": furnished.code_dir,
                "package_root": PACKAGE_ROOT,
                "last_paths": last_paths(layer, isolated=workshop.isolated),
                "request_id": request_id,
                "runtime": function.runtime,
                "handler": function.handler,
                "initializer": function.initializer,
                "concurrency": function.instance_concurrency,
                "response_bytes": workshop.settings.limits.invocation_bytes,
                "modern": is_modern(function.runtime),
                "context": context_facts(deployed, workshop.settings.region, furnished.credentials),
            }
        )


def last_paths(layer: Path | None, *, isolated: bool) -> Sequence[str]:
    """The standard layer comes after everything else, so that a package's own copy of a library wins."""
    if layer is None:
        return ()
    return (STANDARD_LAYER if isolated else str(layer),)


def is_modern(runtime: str) -> bool:
    match = NAME.fullmatch(runtime)
    return match is not None and match[1] is not None and int(match[1]) >= MODERN[1]


def context_facts(deployed: Deployed, region: str, credentials: Credentials | None) -> dict[str, Any]:
    function = deployed.function
    log_config: Any = deployed.service.config.get("logConfig") or {}
    secrets = NO_CREDENTIALS
    if credentials is not None:
        secrets = {name: getattr(credentials, name) for name in NO_CREDENTIALS}
    return {
        "credentials": secrets,
        "function": {
            "name": function.name,
            "handler": function.handler,
            "memory": function.memory_mb,
            "timeout": function.timeout_s,
            "initializer": function.initializer,
            "initialization_timeout": function.initialization_timeout_s,
        },
        "service": {
            "name": function.service,
            "log_project": log_config.get("project", ""),
            "log_store": log_config.get("logstore", ""),
        },
        "version_id": deployed.version_id,
        "region": region,
        "account_id": function.account_id,
    }

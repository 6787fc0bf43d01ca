"""Python functions: event handlers and WSGI applications, in forks of a zygote."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from liuyun.clock import Clock
from liuyun.compute.instance import Instance
from liuyun.compute.interpreters import NAME, Interpreter, interpreter_for
from liuyun.compute.outcome import Answered, StartFailed
from liuyun.compute.output import Output
from liuyun.compute.runtimes.environment import Credentials, Surroundings, variables
from liuyun.compute.runtimes.frames import PAYLOAD_BYTES
from liuyun.compute.sandbox.doors import Doorkeeper
from liuyun.compute.sandbox.egress import Caller
from liuyun.compute.sandbox.root import AUTHORITY, BUNDLE, CODE, STANDARD_LAYER
from liuyun.compute.sandbox.sandbox import PROXY, Sandbox, Sandboxes, Wish
from liuyun.compute.sandbox.zygote import PACKAGE_ROOT
from liuyun.model.function import Deployed
from liuyun.model.log import LogLine
from liuyun.serving import bind
from liuyun.settings import Settings

MODERN = (3, 12)  # from this runtime on handlers get the vendor's newer context
NO_CREDENTIALS = {"access_key_id": "", "access_key_secret": "", "security_token": ""}
MB = 1024 * 1024
OWN_FRAMES = (f'  File "{PACKAGE_ROOT}/liuyun/compute/', '  File "<string>", line 1 in <module>')  # of a hanging worker


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonParts:
    """What the runtime is built from. `trust` are the certificate files outside of sandboxes: bundle, authority."""

    settings: Settings
    clock: Clock
    sandboxes: Sandboxes
    doorkeeper: Doorkeeper
    layer: Callable[[Interpreter], Awaitable[Path | None]]
    credentials: Callable[[Deployed], Credentials | None]
    record_log: Callable[[LogLine], None]
    trust: tuple[str, str]


class PythonRuntime:
    def __init__(self, parts: PythonParts) -> None:
        self._parts = parts
        self._isolated = parts.settings.isolation == "namespaces"

    def offers(self, runtime: str) -> bool:
        return NAME.fullmatch(runtime) is not None

    async def start(self, deployed: Deployed, instance_id: str, request_id: str) -> Instance:
        interpreter = await asyncio.to_thread(interpreter_for, deployed.function.runtime)
        layer = await self._parts.layer(interpreter)
        sandbox = await self._parts.sandboxes.start(self._wish(deployed, instance_id, interpreter, layer))
        try:
            instance, proxy = await self._furnish(deployed, instance_id, sandbox)
        except BaseException:
            await sandbox.abandon()
            raise
        invocation = instance.output.begin(request_id, tail=True)
        await instance.connect(payload_bytes=PAYLOAD_BYTES)
        header = self._start_header(deployed, instance_id, request_id, layer=layer, proxy=proxy)
        outcome = await self._begin(instance, header, request_id)
        instance.output.end(invocation)
        if isinstance(outcome, Answered) and not outcome.reply.error:
            return instance
        instance.stop()
        raise StartFailed(outcome, instance_id, invocation)

    async def _begin(self, instance: Instance, header: bytes, request_id: str) -> Any:
        """Loading and initializing are bounded by a watch of their own: the pool doesn't know this instance yet."""
        clock, function = self._parts.clock, instance.deployed.function
        seconds = function.initialization_timeout_s + (0 if function.initializer else function.timeout_s)
        deadline = clock.now() + seconds * 1000

        async def watch() -> None:
            await clock.sleep_until(deadline)
            instance.expire(deadline)

        watching = asyncio.ensure_future(watch())
        try:
            return await instance.begin(header, request_id, deadline)
        except asyncio.CancelledError:
            instance.stop()
            raise
        finally:
            watching.cancel()

    def _wish(self, deployed: Deployed, instance_id: str, interpreter: Interpreter, layer: Path | None) -> Wish:
        return Wish(
            name=instance_id,
            interpreter=interpreter,
            code_dir=deployed.code_dir,
            standard_layer=layer,
            memory_bytes=deployed.function.memory_mb * MB,
            tmp_bytes=self._parts.settings.limits.tmp_bytes,
        )

    async def _furnish(self, deployed: Deployed, instance_id: str, sandbox: Sandbox) -> tuple[Instance, str]:
        """Output, doors and the address of the proxy as the function sees it."""
        function = deployed.function
        caller = Caller(
            function.account_id, function.service, function.name, instance_id, deployed.service.internet_access
        )
        sockets = sandbox.doors if self._isolated else [bind("127.0.0.1", 0)]
        port = PROXY if self._isolated else sockets[0].getsockname()[1]
        doors = await self._parts.doorkeeper.open(sockets, caller)
        output = Output(
            sandbox.output,
            self._recorder(deployed, instance_id),
            room=self._parts.settings.limits.invocation_log_bytes,
            hidden=OWN_FRAMES,
        )
        return Instance(deployed, instance_id, sandbox, output, doors), f"http://127.0.0.1:{port}"

    def _recorder(self, deployed: Deployed, instance_id: str) -> Callable[[str, str, str], None]:
        function, clock, record_log = deployed.function, self._parts.clock, self._parts.record_log

        def record(request_id: str, text: str, stream: str) -> None:
            record_log(
                LogLine(
                    function.account_id,
                    function.service,
                    function.name,
                    deployed.version_id,
                    instance_id,
                    request_id,
                    clock.now(),
                    text,
                    stream,
                )
            )

        return record

    def _start_header(
        self, deployed: Deployed, instance_id: str, request_id: str, *, layer: Path | None, proxy: str
    ) -> bytes:
        function = deployed.function
        settings = self._parts.settings
        credentials = self._parts.credentials(deployed)
        may_go_out = deployed.service.internet_access or bool(settings.egress.hosts) or not self._isolated
        bundle, authority = (BUNDLE, AUTHORITY) if self._isolated else self._parts.trust
        code_dir = CODE if self._isolated else deployed.code_dir
        around = Surroundings(
            code_dir=code_dir,
            region=settings.region,
            instance_id=instance_id,
            bundle=bundle,
            authority=authority,
            proxy=proxy if may_go_out else "",
        )
        return msgspec.json.encode(
            {
                "environment": variables(deployed, around, credentials),
                "code_dir": code_dir,
                "package_root": PACKAGE_ROOT,
                "last_paths": last_paths(layer, isolated=self._isolated),
                "request_id": request_id,
                "runtime": function.runtime,
                "handler": function.handler,
                "initializer": function.initializer,
                "concurrency": function.instance_concurrency,
                "response_bytes": settings.limits.invocation_bytes,
                "modern": is_modern(function.runtime),
                "context": context_facts(deployed, settings.region, credentials),
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

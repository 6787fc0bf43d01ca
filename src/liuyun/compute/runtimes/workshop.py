"""Where all runtimes make instances: sandbox, output, doors, environment, and the wait until the code is loaded."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from liuyun.clock import Clock
from liuyun.compute.core.cpus import cpus_of
from liuyun.compute.instance import Instance, Worker
from liuyun.compute.interpreters import Interpreter
from liuyun.compute.outcome import Answered, Outcome, StartFailed
from liuyun.compute.output import Output
from liuyun.compute.runtimes.environment import Credentials, Surroundings, variables
from liuyun.compute.runtimes.revealing import Reveal, revealed
from liuyun.compute.sandbox.doors import Doorkeeper
from liuyun.compute.sandbox.egress import Caller
from liuyun.compute.sandbox.interface import attach
from liuyun.compute.sandbox.root import AUTHORITY, BUNDLE, CODE
from liuyun.compute.sandbox.sandbox import PROXY, Sandbox, Wish
from liuyun.compute.sandbox.stems import Stems
from liuyun.errors import SandboxLost
from liuyun.model.function import Deployed
from liuyun.model.log import LogLine
from liuyun.serving import bind
from liuyun.settings import Settings

MB = 1024 * 1024
DOORS = 3  # HTTP, HTTPS, PROXY
BOOST_S = 0.01  # in which most first calls are over: so long an instance goes on with the CPU that it started with


@dataclass(frozen=True, slots=True, kw_only=True)
class Furnished:
    """An instance that nothing runs in yet. `code_dir` and `environment` are as the function sees them."""

    instance: Instance
    sandbox: Sandbox
    code_dir: str
    environment: Mapping[str, str]
    credentials: Credentials | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """`trust` are the certificate files outside of sandboxes: bundle, authority."""

    settings: Settings
    clock: Clock
    sandboxes: Stems
    doorkeeper: Doorkeeper
    credentials: Callable[[Deployed], Credentials | None]
    reveal: Reveal
    record_log: Callable[[LogLine], None]
    trust: tuple[str, str]

    @property
    def isolated(self) -> bool:
        return self.settings.isolation == "namespaces"

    def wish(
        self,
        deployed: Deployed,
        instance_id: str,
        interpreter: Interpreter,
        layer: Path | None,
        *,
        commands: bool = False,
    ) -> Wish:
        cpus = cpus_of(deployed.function)
        return Wish(
            name=instance_id,
            interpreter=interpreter,
            code_dir=deployed.code_dir,
            standard_layer=layer,
            memory_bytes=deployed.function.memory_mb * MB,
            tmp_bytes=self.settings.limits.tmp_bytes,
            layers_dir=deployed.layers_dir,
            cpus=cpus,
            most_cpus=max(cpus, self.settings.limits.cpu_burst),
            commands=commands,
        )

    async def furnish(self, deployed: Deployed, wish: Wish, *, hidden: tuple[str, ...] = ()) -> Furnished:
        """Lines of output that begin with one of `hidden` are dropped. Raises Unavailable or FunctionNotStarted."""
        secrets = revealed(deployed, self.reveal)
        sandbox = await self.sandboxes.start(wish)
        try:
            return await self._furnish(deployed, wish.name, sandbox, hidden, secrets=secrets)
        except BaseException:
            await sandbox.abandon()
            raise

    async def begin(
        self, furnished: Furnished, worker: Worker, request_id: str, *, extra_s: int = 0, waits: bool = False
    ) -> Instance:
        """The instance, ready. It may take `extra_s` beside what its initializer may. `waits`: the worker itself does
        nothing of the function's before the code is there. Raises StartFailed or SandboxLost.
        """
        instance = furnished.instance
        invocation = instance.output.begin(request_id, tail=True)
        try:
            outcome = await self._watched(instance, worker, request_id, extra_s, waits=waits)
            await furnished.sandbox.placed()
        except SandboxLost:
            instance.stop()
            raise
        finally:
            instance.output.end(invocation)
        if isinstance(outcome, Answered) and not outcome.reply.error:
            asyncio.get_running_loop().call_later(BOOST_S, furnished.sandbox.restrain)
            return instance
        instance.stop()
        raise StartFailed(outcome, instance.instance_id, invocation)

    async def _watched(
        self, instance: Instance, worker: Worker, request_id: str, extra_s: int, *, waits: bool
    ) -> Outcome:
        """Loading and initializing are bounded by a watch of their own: the pool doesn't know this instance yet."""
        clock, function = self.clock, instance.deployed.function
        seconds = function.initialization_timeout_s + (0 if function.initializer else function.timeout_s) + extra_s
        deadline = clock.steady() + seconds * 1000

        async def watch() -> None:
            await clock.sleep(seconds * 1000)
            instance.expire(deadline)

        watching = asyncio.ensure_future(watch())
        try:
            return await instance.begin(worker, request_id, deadline, waits=waits)
        except asyncio.CancelledError:
            instance.stop()
            await instance.wait_gone()
            raise
        finally:
            watching.cancel()

    async def _furnish(
        self,
        deployed: Deployed,
        instance_id: str,
        sandbox: Sandbox,
        hidden: tuple[str, ...],
        *,
        secrets: Mapping[str, str],
    ) -> Furnished:
        function = deployed.function
        if self._has_interface(deployed):
            sandbox.interface = await attach(sandbox.process.pid)
        sockets = sandbox.doors[:DOORS] if self.isolated else [bind("127.0.0.1", 0)]
        port = PROXY if self.isolated else sockets[0].getsockname()[1]
        caller = Caller(
            function.account_id,
            function.service,
            function.name,
            instance_id,
            deployed.service.internet_access,
            requests=lambda: output.requests(),  # noqa: PLW0108 - there is none yet
            tell=lambda text: output.tell(text),  # noqa: PLW0108
        )
        doors = await self.doorkeeper.open(sockets, caller)
        room = self.settings.limits.invocation_log_bytes
        output = Output(sandbox.output, self._recorder(deployed, instance_id), room=room, hidden=hidden)
        around = self._surroundings(deployed, instance_id, f"http://127.0.0.1:{port}")
        credentials = self.credentials(deployed)
        return Furnished(
            instance=Instance(deployed, instance_id, sandbox, output, doors),
            sandbox=sandbox,
            code_dir=around.code_dir,
            environment=variables(deployed, around, credentials, secrets),
            credentials=credentials,
        )

    def _surroundings(self, deployed: Deployed, instance_id: str, proxy: str) -> Surroundings:
        settings = self.settings
        may_go_out = deployed.service.internet_access or bool(settings.egress.hosts) or not self.isolated
        needs_proxy = may_go_out and not self._has_interface(deployed)
        bundle, authority = (BUNDLE, AUTHORITY) if self.isolated else self.trust
        return Surroundings(
            code_dir=CODE if self.isolated else deployed.code_dir,
            region=settings.region,
            instance_id=instance_id,
            bundle=bundle,
            authority=authority,
            proxy=proxy if needs_proxy else "",
        )

    def _has_interface(self, deployed: Deployed) -> bool:
        egress = self.settings.egress
        return self.isolated and egress.mode == "full" and egress.internet and deployed.service.internet_access

    def _recorder(self, deployed: Deployed, instance_id: str) -> Callable[[str, str, str], None]:
        function, clock, record_log = deployed.function, self.clock, self.record_log

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

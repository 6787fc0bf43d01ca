"""Function compute as the rest of the platform sees it, and what it is built from."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

import httpx
import structlog

from liuyun.clock import Clock
from liuyun.compute.builder import Builder
from liuyun.compute.clients import client_files
from liuyun.compute.core.stems import StemLimits
from liuyun.compute.interpreters import Interpreter
from liuyun.compute.invoke import AtHand, Invoker, Resolve
from liuyun.compute.layers import StandardLayers
from liuyun.compute.pip_settings import PipSettings
from liuyun.compute.provisioner import Provisioner, Release
from liuyun.compute.runtimes.custom import CustomRuntime
from liuyun.compute.runtimes.environment import Credentials
from liuyun.compute.runtimes.node import SCRIPTS, NodeRuntime
from liuyun.compute.runtimes.python import PythonRuntime
from liuyun.compute.runtimes.revealing import Reveal, no_secrets
from liuyun.compute.runtimes.workshop import Workshop
from liuyun.compute.sandbox import cgroups
from liuyun.compute.sandbox.authority import Authority
from liuyun.compute.sandbox.doors import Doorkeeper
from liuyun.compute.sandbox.egress import EgressPolicy, for_packages
from liuyun.compute.sandbox.interface import RESOLVER, denied, machines_addresses
from liuyun.compute.sandbox.names import is_vendor_host, vendor_hosts
from liuyun.compute.sandbox.proxy import new_carrier
from liuyun.compute.sandbox.root import (
    AUTHORITY,
    BUNDLE,
    HOSTNAME,
    NODE_BOOTSTRAP,
    RESOLVER_FILE,
    Bind,
    Root,
    make_root,
    sweep,
)
from liuyun.compute.sandbox.sandbox import Sandboxes
from liuyun.compute.sandbox.stems import Stems
from liuyun.compute.sandbox.zygote import Zygotes
from liuyun.compute.scaling import Scaling
from liuyun.errors import Phrase
from liuyun.ids import Ids
from liuyun.model.function import Deployed, Function
from liuyun.model.instance import ShownInstance
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.log import LogLine
from liuyun.serving import AsgiApp
from liuyun.settings import Egress, Limits, Settings

log = structlog.get_logger()
BUNDLES = ("/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem")


class Compute:
    """Runs functions in sandboxes on this machine. `platform_app` answers them when they call the vendor's names."""

    def __init__(
        self,
        *,
        settings: Settings,
        clock: Clock,
        ids: Ids,
        account_id: str,
        resolve: Resolve,
        at_hand: AtHand,
        release: Release,
        record_log: Callable[[LogLine], None],
        platform_app: AsgiApp,
        credentials: Callable[[Deployed], Credentials | None],
        reveal: Reveal = no_secrets,
    ) -> None:
        self._settings = settings
        self._zygotes = Zygotes()
        self._cgroups = cgroups.detect()
        self._carrier = new_carrier()
        policy = EgressPolicy(settings.egress)
        authority = Authority(settings.data / "authority", clock, is_vendor_host)
        self._roots = Roots(settings, (*vendor_hosts(account_id, settings.region), *policy.names), authority)
        sandboxes = Sandboxes(
            zygotes=self._zygotes,
            cgroups=self._cgroups,
            roots=self._roots.of if settings.isolation == "namespaces" else None,
            denied=denied(settings.egress.allow, machines_addresses()) if settings.egress.mode == "full" else (),
        )
        self._stores = {"code": settings.data / "code"}
        self.stems = Stems(
            sandboxes=sandboxes, stores=self._stores, limits=stem_limits(settings.limits), clock=clock, ids=ids
        )
        tls = authority.server_context()
        self.install = Builder(
            sandboxes=sandboxes,
            roots=self._roots.widened,
            doorkeepers=partial(ways_to_packages, settings.egress, tls, self._carrier),
            limits=settings.limits,
            ids=ids,
        ).install_requirements
        workshop = Workshop(
            settings=settings,
            clock=clock,
            sandboxes=self.stems,
            doorkeeper=Doorkeeper(app=platform_app, policy=policy, tls=tls, carrier=self._carrier),
            credentials=credentials,
            reveal=reveal,
            record_log=record_log,
            trust=(str(self._roots.bundle_file), str(authority.certificate_file)),
        )
        python = PythonRuntime(workshop, StandardLayers(wanted=settings.standard_layer, clock=clock).of)
        runtimes = [python, NodeRuntime(workshop), CustomRuntime(workshop)]
        self._invoker = Invoker(
            resolve=resolve, at_hand=at_hand, runtimes=runtimes, limits=settings.limits, clock=clock, ids=ids
        )
        self.begin = self._invoker.begin
        self._provisioner = Provisioner(pool=self._invoker.pool, release=release, clock=clock)
        self.scaling = Scaling(self._invoker.pool, self._provisioner)

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        """A failing function is a result. Raises what resolving does, Throttled, Unavailable or Unsupported."""
        return await self._invoker.invoke(invocation)

    async def start(self) -> None:
        await asyncio.to_thread(self._prepare)
        self.stems.open()
        await self._invoker.pool.open()
        self._provisioner.start()
        limits = self._cgroups.kind, *sorted(self._cgroups.controllers)
        log.info("function compute is ready", isolation=self._settings.isolation, limits=" ".join(limits))

    async def close(self, drain_s: float) -> None:
        """Lets running invocations finish for `drain_s`, then ends every instance."""
        await self._provisioner.close()
        await self._invoker.pool.close(drain_s)
        await self.stems.close()
        await self._zygotes.close()
        await self._carrier.aclose()

    async def replaced(self, account_id: str, service: str, function: str) -> None:
        """Code or configuration changed, or the function is gone: its instances finish what they do and go."""
        self._invoker.pool.replaced(account_id, service, function)
        self._provisioner.look()

    def renew(self, concerned: Callable[[Function], bool]) -> None:
        """What these functions were started with has changed: their instances, of all versions, finish and go."""
        self._invoker.pool.renew(concerned)
        self._provisioner.look()

    def led(self, account_id: str, service: str, qualifier: str, versions: Collection[str]) -> None:
        """An alias leads to these versions now, or a version is gone: what nobody can be sent to any more goes."""
        self._invoker.pool.led(account_id, service, qualifier, versions)
        self._provisioner.look()

    def abort(self, account_id: str, service: str, function: str, why: Phrase) -> None:
        """Nobody may call the function any more, and its calls that run or wait end now, with FunctionDisabled."""
        self._invoker.pool.abort((account_id, service, function), why)

    def instances(self, account_id: str, service: str, function: str) -> list[ShownInstance]:
        """Those of this node that take calls, of all versions."""
        return [
            ShownInstance(instance.instance_id, lane.deployed.version_id, instance.created_at)
            for lane in self._invoker.pool.lanes.of_function((account_id, service, function))
            for instance in lane.instances.values()
        ]

    def census(self) -> Counter[tuple[str, str]]:
        """How many of them each function has, by service and name."""
        found: Counter[tuple[str, str]] = Counter()
        for lane in self._invoker.pool.lanes:
            found[lane.function[1:]] += len(lane.instances)
        return found

    def statistics(self) -> dict[str, int]:
        return {**self._invoker.pool.statistics(), **self.stems.statistics()}

    def _prepare(self) -> None:
        self._cgroups.sweep()
        self._roots.prepare()
        for store in self._stores.values():
            store.mkdir(parents=True, exist_ok=True)


def ways_to_packages(
    egress: Egress, tls: ssl.SSLContext, carrier: httpx.AsyncHTTPTransport, pip: PipSettings
) -> Doorkeeper:
    """For what installs a function's requirements: out to the hosts that have them, and nowhere else."""
    policy = EgressPolicy(for_packages(egress, pip.hosts))
    return Doorkeeper(app=None, policy=policy, tls=tls, carrier=carrier, beyond=pip.proxy_address)


def stem_limits(limits: Limits) -> StemLimits:
    return StemLimits(each=limits.stem_cells, kinds=limits.stem_cell_kinds, idle_ms=limits.stem_cell_idle_s * 1000)


class Roots:
    """The root folders of this platform's sandboxes, one for each interpreter, and the certificates that they trust."""

    def __init__(self, settings: Settings, names: tuple[str, ...], authority: Authority) -> None:
        self._folder = settings.data / "sandbox"
        self._names = names
        self._authority = authority
        self._full_network = settings.egress.mode == "full"
        self._made: dict[Interpreter, Root] = {}
        self._files: dict[str, bytes] = {}
        self._making = asyncio.Lock()
        self.bundle_file = self._folder / "bundle.pem"

    def prepare(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        sweep(self._folder)
        certificate = self._authority.certificate_file.read_bytes()
        bundle = system_bundle() + certificate
        self.bundle_file.write_bytes(bundle)
        self._files = {
            "/etc/hosts": hosts_file(self._names).encode(),
            BUNDLE: bundle,
            AUTHORITY: certificate,
            **({RESOLVER_FILE: f"nameserver {RESOLVER}\n".encode()} if self._full_network else {}),
            **{f"{NODE_BOOTSTRAP}/{script.name}": script.read_bytes() for script in SCRIPTS.iterdir()},
            **client_files(),
        }

    async def of(self, interpreter: Interpreter) -> Root:
        if interpreter in self._made:
            return self._made[interpreter]
        async with self._making:  # first calls that come together make one root
            if interpreter not in self._made:
                self._made[interpreter] = await asyncio.to_thread(make_root, self._folder, interpreter, self._files)
        return self._made[interpreter]

    async def widened(self, interpreter: Interpreter, files: Mapping[str, bytes], binds: Sequence[Bind]) -> Root:
        """A root that shows more than an interpreter's."""
        make = partial(make_root, files={**self._files, **files}, further=binds)
        async with self._making:
            return await asyncio.to_thread(make, self._folder, interpreter)


def hosts_file(names: tuple[str, ...]) -> str:
    """All names lead to the sandbox's own loopback, where the platform listens."""
    return "".join(f"127.0.0.1 {name}\n" for name in ("localhost", HOSTNAME, *names)) + "::1 localhost\n"


def system_bundle() -> bytes:
    found = ssl.get_default_verify_paths().cafile
    for path in (*([found] if found else []), *BUNDLES):
        if Path(path).is_file():
            return Path(path).read_bytes().rstrip() + b"\n"
    return b""

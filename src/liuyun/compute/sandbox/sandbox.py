"""Sandboxes: from a wish (which code, how much memory) to a running, isolated process with its channel and doors."""

import asyncio
import contextlib
import os
import select
import signal
import socket
from collections.abc import Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import structlog

from liuyun.compute.bootstrap.init import USER
from liuyun.compute.bootstrap.isolation import SHARED_MEMORY_BYTES
from liuyun.compute.interpreters import Interpreter
from liuyun.compute.runtimes.frames import PREFIX, Decoder, FrameTooLarge
from liuyun.compute.sandbox.cgroups import Cgroups, Group, Limits
from liuyun.compute.sandbox.interface import Interface
from liuyun.compute.sandbox.root import CODE, HOSTNAME, LAYERS, STANDARD_LAYER, Bind, Root
from liuyun.compute.sandbox.zygote import ADVICE, Process, Zygotes
from liuyun.errors import SandboxLost, Unavailable

log = structlog.get_logger()

HTTP, HTTPS, PROXY = 80, 443, 3128  # where a sandbox listens on its own loopback
RUNTIME_API = 3129  # there too, for functions that are a command: what they ask for their calls
PREPARE_S, KILL_S = 10, 5
MESSAGE_BYTES = 16 * 1024
DESCRIPTORS = 100_000  # files, processes and threads: the vendor's limits
PROCESSES = 1024
START_CPUS = 1.0
STACKS_BYTES = 64 * 1024 * 1024  # address space that threads reserve and hardly use
UIDS = 1_879_048_192  # a range that neither users, services nor containers are given (systemd's UIDS-GIDS)
UID_COUNT = 100_000_000
NOBODY = 65_534
PAGE = 4096


@dataclass(frozen=True, slots=True)
class Program:
    """What is executed in a sandbox; its channel is the descriptor 3. `binds` are what it needs to see.

    `reserved_bytes` is address space that it takes at its start and hardly uses: room beside a bound on that.
    """

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    binds: tuple[Bind, ...] = ()
    reserved_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """`interpreter` is whose zygote the sandbox is a fork of; its worker runs there, if there is no `program`.
    With `commands` its first process runs what it is told and hands out sockets: `runtimes/command_channel.py`.

    `root` is another one than the interpreter's.
    `cpus` is the share that the instance gets of a busy machine, `most_cpus` what it may take of an idle one.
    """

    name: str
    interpreter: Interpreter
    code_dir: str
    standard_layer: Path | None
    memory_bytes: int
    tmp_bytes: int
    program: Program | None = None
    layers_dir: str = ""
    cpus: float = 1.0
    most_cpus: float = 1.0
    commands: bool = False
    root: Root | None = None


@dataclass(frozen=True, slots=True)
class Stemming:
    """What a sandbox needs that gets its code later: the socket for orders, and the stores of code."""

    orders: int
    binds: tuple[Bind, ...]


@dataclass(slots=True)
class Sandbox:
    """`channel` leads to the worker, `output` is what it prints, `doors` listen inside on HTTP, HTTPS and PROXY.

    With commands, `channel` leads to the first process, and the last door is that of the runtime API.
    `restrain` gives it its share of the CPU, for when it is ready.
    One that was a stem cell is `placing` its code while the platform makes ready what it needs outside.
    """

    process: Process
    channel: socket.socket
    output: int
    doors: Sequence[socket.socket]
    group: Group
    isolated: bool
    restrain: Callable[[], None]
    interface: Interface | None = None
    placing: asyncio.Task[None] | None = None

    async def placed(self) -> None:
        """Waits until its code is there. Raises SandboxLost."""
        if self.placing is not None:
            await asyncio.shield(self.placing)

    def terminate(self) -> None:
        """Asks the worker to show where it is and to end."""
        self._signal(signal.SIGTERM)

    def kill(self) -> None:
        # Without namespaces the first process must do it, who alone knows all the others.
        self._signal(signal.SIGKILL if self.isolated else signal.SIGUSR1)

    def ended(self) -> bool:
        """Whether its first process is gone, be that told of or not."""
        poll = select.poll()
        poll.register(self.process.pidfd, select.POLLIN)
        return bool(poll.poll(0))

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.process.pidfd, number)

    async def close(self) -> None:
        """Kills what still runs and gives everything back. `channel` and `output` belong to who reads them."""
        self.kill()
        if self.placing is not None:
            self.placing.cancel()
        if self.interface is not None:
            await self.interface.close()
        await asyncio.wait({self.process.exited}, timeout=KILL_S)
        os.close(self.process.pidfd)
        for door in self.doors:
            door.close()
        if self.group.paths:
            await asyncio.to_thread(self.group.remove)

    async def abandon(self) -> None:
        """For one that nobody has begun to use: `channel` and `output` are closed too."""
        self.channel.close()
        os.close(self.output)
        await self.close()


class Sandboxes:
    """`roots` gives the root folder for an interpreter; None means no isolation. `denied` networks lead nowhere."""

    def __init__(
        self,
        *,
        zygotes: Zygotes,
        cgroups: Cgroups,
        roots: Callable[[Interpreter], Awaitable[Root]] | None,
        denied: Sequence[str] = (),
    ) -> None:
        self._zygotes = zygotes
        self._cgroups = cgroups
        self._roots = roots
        self._denied = denied
        self._started = 0

    @property
    def isolated(self) -> bool:
        return self._roots is not None

    async def start(self, wish: Wish, stemming: Stemming | None = None) -> Sandbox:
        """Raises Unavailable saying which step failed."""
        zygote = await self._zygotes.of(wish.interpreter)
        spec = await self._spec(wish)
        further: tuple[int, ...] = ()
        if stemming is not None:
            spec |= {"is_stem": True, "binds": [*spec["binds"], *stemming.binds]}
            further = (stemming.orders,)
        group = self._group(wish)
        channel, theirs = socket.socketpair()
        output, outputs = os.pipe()
        groups = [str(path) for path in group.paths]
        try:
            process = await zygote.spawn({**spec, "cgroups": groups}, (theirs.fileno(), outputs, *further))
        except BaseException:
            channel.close()
            os.close(output)
            group.remove()
            raise
        finally:
            theirs.close()
            os.close(outputs)
        channel.setblocking(False)
        os.set_blocking(output, False)
        sandbox = Sandbox(
            process, channel, output, (), group, spec["isolated"], partial(self.restrain, wish.name, wish)
        )
        try:
            async with asyncio.timeout(PREPARE_S):
                sandbox.doors = await receive_doors(channel)
        except BaseException as error:
            await sandbox.abandon()
            if isinstance(error, TimeoutError):
                raise Unavailable(
                    "sandbox_not_ready", "A sandbox was not ready after {seconds} s.", seconds=PREPARE_S
                ) from None
            raise
        return sandbox

    def limit(self, name: str, wish: Wish) -> None:
        """Gives a stem cell the memory of a wish. Raises Unavailable."""
        with told():
            self._cgroups.change(name, "memory", limits_of(wish))

    def restrain(self, name: str, wish: Wish) -> None:
        """To its share of the machine: while a function starts somebody waits, and it may have a whole CPU."""
        try:
            self._cgroups.change(name, "cpu", limits_of(wish))
        except FileNotFoundError:
            pass  # it has ended meanwhile
        except OSError as error:
            log.warning("a function has more of the machine than its share", reason=str(error))

    def kept_bytes(self, wish: Wish) -> int:
        """What a stem cell must bound each of its processes to, where no control group does; else 0."""
        return data_bytes(wish) if self._cgroups.kind == "none" else 0

    def _group(self, wish: Wish) -> Group:
        with told():
            return self._cgroups.create(wish.name, replace(limits_of(wish), cpus=START_CPUS, most_cpus=START_CPUS))

    async def _spec(self, wish: Wish) -> dict[str, Any]:
        limits = {"core": 0, "nofile": DESCRIPTORS}
        if self._cgroups.kind == "none":
            # No file is larger than what could be in a folder, so that none that is memory alone is either.
            limits |= {"data": data_bytes(wish), "fsize": max(wish.tmp_bytes, SHARED_MEMORY_BYTES) + PAGE}
        program = program_spec(wish.program)
        if self._roots is None:
            return {"isolated": False, "limits": limits, "commands": wish.commands, **program}
        root = wish.root or await self._roots(wish.interpreter)
        uid, gid = self._user()
        return {
            **program,
            "isolated": True,
            "limits": limits if "pids" in self._cgroups.controllers else {**limits, "nproc": PROCESSES},
            "uid": uid,
            "gid": gid,
            "root": root.path,
            "binds": [*root.binds, *tools_of(wish), *code_of(wish)],
            "tmp_bytes": wish.tmp_bytes,
            "hostname": HOSTNAME,
            "denied": self._denied,
            "ports": [HTTP, HTTPS, PROXY, *([RUNTIME_API] if wish.commands else [])],
            "commands": wish.commands,
        }

    def _user(self) -> tuple[int, int]:
        """Whom the sandbox's user is outside: for root somebody who exists nowhere else, each time another."""
        if os.getuid() != 0:
            return os.getuid(), os.getgid()
        self._started += 1
        uid = UIDS + self._started % UID_COUNT
        if mapped(uid):
            return uid, uid
        # A root beside whom nobody exists is an ordinary user, outside of the user namespace that it is root of.
        other = next((user for user in (NOBODY, USER) if mapped(user)), 0)
        return other, other


def program_spec(program: Program | None) -> dict[str, Any]:
    if program is None:
        return {}
    return {"program": {"command": program.command, "environment": dict(program.environment)}}


@contextlib.contextmanager
def told() -> Generator[None]:
    """Raises Unavailable where the kernel refuses a control group or its limits."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            "sandbox_no_group", "No control group can be made for a sandbox: {error}.", error=error
        ) from None


def limits_of(wish: Wish) -> Limits:
    # Pages of /tmp are memory to the kernel but not to the function's limit.
    return Limits(wish.memory_bytes + wish.tmp_bytes, PROCESSES, wish.cpus, wish.most_cpus)


def data_bytes(wish: Wish) -> int:
    """The bound on address space where there are no control groups."""
    return wish.memory_bytes + STACKS_BYTES + (wish.program.reserved_bytes if wish.program else 0)


def code_of(wish: Wish) -> list[Bind]:
    """What only this function may see."""
    return [(source, target) for source, target in ((wish.code_dir, CODE), (wish.layers_dir, LAYERS)) if source]


def tools_of(wish: Wish) -> list[Bind]:
    """What all functions of its kind see."""
    binds = [] if wish.standard_layer is None else [(str(wish.standard_layer), STANDARD_LAYER)]
    return [*binds, *(wish.program.binds if wish.program else ())]


def mapped(uid: int, path: Path = Path("/proc/self/uid_map")) -> bool:
    """Whether a user id exists here: in a container only some may."""
    for line in path.read_text().splitlines():
        first, _, length = map(int, line.split())
        if first <= uid < first + length:
            return True
    return False


class Preparation(msgspec.Struct):
    error: str = ""


async def receive_doors(channel: socket.socket) -> list[socket.socket]:
    """The first frame on the channel, by which the sandbox says that it stands. Raises Unavailable."""
    loop = asyncio.get_running_loop()
    readable = loop.create_future()
    loop.add_reader(channel, lambda: readable.done() or readable.set_result(None))
    try:
        await readable
    finally:
        loop.remove_reader(channel)
    # Exactly the frame and no more: what follows belongs to the worker.
    message, descriptors, _, _ = socket.recv_fds(channel, PREFIX.size + 2, 8)
    doors = [socket.socket(fileno=descriptor) for descriptor in descriptors]
    with contextlib.suppress(BlockingIOError):
        if message and not doors and PREFIX.unpack_from(message)[0] != 2:
            message += channel.recv(MESSAGE_BYTES)
    try:
        told = [msgspec.json.decode(header, type=Preparation) for header, _ in Decoder().feed(message)]
    except (FrameTooLarge, msgspec.DecodeError):
        told = []
    if not told or told[0].error:
        for door in doors:
            door.close()
        if not told:
            raise SandboxLost("sandbox_ended", "A sandbox can't be prepared: it ended at once. {advice}", advice=ADVICE)
        raise Unavailable(
            "sandbox_not_prepared", "A sandbox can't be prepared: {error}. {advice}", error=told[0].error, advice=ADVICE
        )
    for door in doors:
        door.setblocking(False)
    return doors

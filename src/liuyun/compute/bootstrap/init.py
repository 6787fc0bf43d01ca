"""The first process of a sandbox: builds it from inside, starts the worker, and reaps what the worker leaves behind.

The worker itself isn't the first process because the kernel shields that one from its own signals: a handler that kills
its process, or aborts, must really end it.
"""

import contextlib
import json
import os
import resource
import select
import signal
import socket
from types import FrameType
from typing import Any, NamedTuple

from liuyun.compute.bootstrap import commands, isolation, kernel, program, seccomp, stem, worker
from liuyun.compute.runtimes.frames import encode

USER = 1000  # whom a function runs as, seen from inside
SIGNALLED = 128


class Inherited(NamedTuple):
    """Descriptors that the zygote handed down."""

    channel: int
    output: int
    orders: int = -1  # of a stem cell: where it is told what code to show
    gate: int = -1  # readable once the zygote has mapped the user; closed if it could not
    lifeline: int = -1  # closed when the zygote is gone


def run(spec: dict[str, Any], inherited: Inherited) -> None:
    """Never returns."""
    channel = socket.socket(fileno=inherited.channel)
    if not os.read(inherited.gate, 1):
        os._exit(70)
    os.close(inherited.gate)
    keeper = stem.Keeper(inherited.orders)
    try:
        listeners = prepare(spec, keeper)
    except OSError as error:
        channel.sendall(encode(json.dumps({"error": str(error)}).encode()))
        os._exit(71)
    socket.send_fds(channel, [encode(b"{}")], [listener.fileno() for listener in listeners])
    for listener in listeners:
        listener.close()
    redirect(inherited.output)
    if spec.get("commands"):
        keeper.wait()
        pid = commands.start(channel, isolated=spec["isolated"])
        supervise(pid, inherited.lifeline, keeper, isolated=spec["isolated"], channel=channel)
    pid = os.fork()
    if pid == 0:
        os.close(inherited.lifeline)
        if "program" in spec:
            keeper.let_go()
            program.execute(spec["program"], channel, isolated=spec["isolated"])
        keeper.become_waiting()
        worker.main(channel, isolated=spec["isolated"], keeper=keeper if spec.get("is_stem") else None)
    channel.close()
    supervise(pid, inherited.lifeline, keeper, isolated=spec["isolated"])


def prepare(spec: dict[str, Any], keeper: stem.Keeper) -> list[socket.socket]:
    os.setsid()
    leave_keeper = keeper.fork if spec.get("is_stem") else keeper.let_go
    listeners = isolation.enter(spec, USER, leave_keeper) if spec["isolated"] else []
    # Only now: the kernel forgets this setting when a process changes its user.
    if spec["isolated"]:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)
        kernel.drop_capabilities()
    else:
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)
        kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    for name, limit in spec["limits"].items():
        lower(getattr(resource, f"RLIMIT_{name.upper()}"), limit)
    if spec["isolated"]:
        seccomp.load_filter()  # last: it refuses what the steps above do
    return listeners


def lower(what: int, limit: int) -> None:
    _, hard = resource.getrlimit(what)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(what, (limit, limit))


def redirect(output: int) -> None:
    null = os.open("/dev/null", os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(null)
    os.close(output)


def supervise(
    worker_pid: int, lifeline: int, keeper: stem.Keeper, *, isolated: bool, channel: socket.socket | None = None
) -> None:
    """Lives as long as the worker and the platform do, and ends as the worker ended. Never returns.

    With a `channel` it gives sockets to the platform meanwhile.
    """
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)

    def pass_on(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        if number != signal.SIGCHLD:
            os.kill(worker_pid, signal.SIGTERM if number == signal.SIGTERM else signal.SIGKILL)

    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1):
        signal.signal(number, pass_on)
    signal.raise_signal(signal.SIGCHLD)  # a rehearsal, as in `rehearsal.py`: somebody may wait when the next one comes
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    poll.register(woken, select.POLLIN)
    if channel is not None:
        poll.register(channel, select.POLLIN)
    while (status := reap(worker_pid, keeper)) is None:
        if not attend(poll, woken, lifeline, channel):
            status = signal.SIGKILL + SIGNALLED
            break
    if not isolated:
        kill_descendants()  # in namespaces the kernel does it when this process ends
    os._exit(status)


def attend(poll: select.poll, woken: int, lifeline: int, channel: socket.socket | None) -> bool:
    """Waits until something happens. False when the platform is gone."""
    ready = {descriptor for descriptor, _ in poll.poll()}
    if lifeline in ready:
        return False
    if woken in ready:
        os.read(woken, 4096)
    if channel is not None and channel.fileno() in ready:
        return commands.hand_out(channel)
    return True


def reap(worker_pid: int, keeper: stem.Keeper) -> int | None:
    """Collects the dead; how the worker ended, if it is among them."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return None
            code = os.waitstatus_to_exitcode(status)
            keeper.buried(pid, code)
            if pid == worker_pid:
                return code if code >= 0 else SIGNALLED - code
    return SIGNALLED


def kill_descendants() -> None:
    """As subreaper this process is the parent of all orphans, so it only has to go on until it has no children."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while children := child_pids():
        for pid in children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in children:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, 0)


def child_pids() -> list[int]:
    with open(f"/proc/self/task/{os.getpid()}/children") as file:  # noqa: PTH123
        return [int(pid) for pid in file.read().split()]

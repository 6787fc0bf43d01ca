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
    cell = stem.Stem(inherited.orders, lambda: give_up_rights(spec)) if spec.get("is_stem") else None
    try:
        listeners = prepare(spec)
        if cell is None:
            give_up_rights(spec)
    except OSError as error:
        channel.sendall(encode(json.dumps({"error": str(error)}).encode()))
        os._exit(71)
    socket.send_fds(channel, [encode(b"{}")], [listener.fileno() for listener in listeners])
    for listener in listeners:
        listener.close()
    redirect(inherited.output)
    go_on = run_command if spec.get("commands") else run_worker
    go_on(spec, channel, inherited.lifeline, cell)


def run_command(spec: dict[str, Any], channel: socket.socket, lifeline: int, cell: stem.Stem | None) -> None:
    """Never returns."""
    if cell is not None and not cell.obey():
        os._exit(0)
    pid = commands.start(channel, isolated=spec["isolated"])
    supervise(pid, lifeline, isolated=spec["isolated"], channel=channel)


def run_worker(spec: dict[str, Any], channel: socket.socket, lifeline: int, cell: stem.Stem | None) -> None:
    """Never returns."""
    pid = os.fork()
    if pid == 0:
        os.close(lifeline)
        if cell is not None:
            cell.become_worker()
        if "program" in spec:
            program.execute(spec["program"], channel, isolated=spec["isolated"])
        worker.main(channel, isolated=spec["isolated"], cell=cell)
    channel.close()
    supervise(pid, lifeline, isolated=spec["isolated"], cell=cell)


def prepare(spec: dict[str, Any]) -> list[socket.socket]:
    os.setsid()
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL if spec["isolated"] else signal.SIGTERM)
    if spec["isolated"]:
        return isolation.enter(spec, USER)
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    return []


def give_up_rights(spec: dict[str, Any]) -> None:
    """For good. Raises OSError."""
    if spec["isolated"]:
        isolation.become(USER)
        kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)  # the kernel forgets it when a process changes its user
        kernel.drop_capabilities()
    else:
        kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    for name, limit in spec["limits"].items():
        lower(getattr(resource, f"RLIMIT_{name.upper()}"), limit)
    if spec["isolated"]:
        seccomp.load_filter()  # last: it refuses what the steps above do


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
    worker_pid: int,
    lifeline: int,
    *,
    isolated: bool,
    channel: socket.socket | None = None,
    cell: stem.Stem | None = None,
) -> None:
    """Lives as long as the worker and the platform do, and ends as the worker ended. Never returns.

    With a `channel` it gives sockets to the platform meanwhile; of a stem cell it waits for the order.
    """
    woken = hear_signals(worker_pid)
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    poll.register(woken, select.POLLIN)
    if channel is not None:
        poll.register(channel, select.POLLIN)
    if cell is not None:
        stem.rehearse()
        poll.register(cell.orders, select.POLLIN)
    while (status := reap(worker_pid)) is None:
        if not attend(poll, woken, lifeline, channel, cell):
            status = signal.SIGKILL + SIGNALLED
            break
    if not isolated:
        kill_descendants()  # in namespaces the kernel does it when this process ends
    os._exit(status)


def hear_signals(worker_pid: int) -> int:
    """Passes on what is for the worker. The descriptor is readable after each signal."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)

    def pass_on(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - a signal handler's signature
        if number != signal.SIGCHLD:
            os.kill(worker_pid, signal.SIGTERM if number == signal.SIGTERM else signal.SIGKILL)

    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGUSR1):
        signal.signal(number, pass_on)
    return woken


def attend(poll: select.poll, woken: int, lifeline: int, channel: socket.socket | None, cell: stem.Stem | None) -> bool:
    """Waits until something happens. False when the platform is gone, or wants this sandbox no more."""
    ready = {descriptor for descriptor, _ in poll.poll()}
    if lifeline in ready:
        return False
    if woken in ready:
        os.read(woken, 4096)
    if channel is not None and channel.fileno() in ready:
        return commands.hand_out(channel)
    if cell is not None and cell.orders in ready:
        poll.unregister(cell.orders)
        return cell.obey()
    return True


def reap(worker_pid: int) -> int | None:
    """Collects the dead; how the worker ended, if it is among them."""
    with contextlib.suppress(ChildProcessError):
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return None
            if pid == worker_pid:
                code = os.waitstatus_to_exitcode(status)
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

"""The zygote: a process that has imported what every Python function needs, and forks when a sandbox is wanted.

    platform ──control socket──> zygote ──fork──> init (process 1 of its own namespaces) ──fork──> worker

Rules
- It is executed afresh with an empty environment and no descriptors but the control socket, so there is nothing in it
  that a function must not see: every sandbox starts as a copy of this memory.
- It has one thread, for a fork copies only the thread that forks. Nothing here may start another.
- It does the least that only it can do: fork, write the child's user map (which must be done from outside), put the
  child under its cgroups. All the rest of a start happens in the child, beside other starts.
- Nothing outlives the platform. The platform's end of the control socket closes when it dies, however it dies; the
  zygote then exits, and each init dies with the zygote: by the parent-death signal, and by the lifeline, a pipe that
  only the zygote can write to, should the zygote die before that signal is set.
- Requests and answers are one packet each. `{"id", …spec}` with two descriptors (the worker's channel, its output) is
  answered by `{"id", "pid"}` with a pidfd, and `{"id", "exit"}` follows when init is gone; or by `{"id", "error"}`, the
  last word about that id, even if there is a process already: it goes away without one.
"""

import contextlib
import gc
import importlib
import json
import os
import select
import signal
import site
import socket
import sys
import traceback
from types import FrameType
from typing import Any

from liuyun.compute.bootstrap import init, kernel

# What handlers and SDKs import most: forked workers find it done.
COMMON = (
    "base64", "datetime", "decimal", "email.parser", "hashlib", "hmac", "http.client", "logging.handlers", "random",
    "ssl", "tempfile", "threading", "typing", "urllib.request", "uuid", "xml.etree.ElementTree", "xml.dom.minidom",
)  # fmt: skip
PACKET_BYTES = 256 * 1024


class Zygote:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._spawned: dict[int, int] = {}  # process id -> the platform's id
        self._lifeline, self._life = os.pipe()
        self._woken, self._wakes = os.pipe()
        os.set_blocking(self._wakes, False)
        os.set_blocking(self._woken, False)
        signal.set_wakeup_fd(self._wakes, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, only_wake)

    def run(self) -> None:
        self._tell({"id": 0, "version": list(sys.version_info[:3])})
        poll = select.poll()
        poll.register(self._control, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        while True:
            ready = {descriptor for descriptor, _ in poll.poll()}
            if self._woken in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._woken, 4096)
                self._reap()
            if self._control.fileno() in ready and not self._take():
                return

    def _take(self) -> bool:
        """False when the platform is gone."""
        packet, descriptors, _, _ = socket.recv_fds(self._control, PACKET_BYTES, 8)
        if not packet:
            return False
        spec = json.loads(packet)
        try:
            self._spawn(spec, descriptors)
        except OSError as error:
            self._tell({"id": spec["id"], "error": str(error)})
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        return True

    def _spawn(self, spec: dict[str, Any], descriptors: list[int]) -> None:
        gate, opens = os.pipe()
        try:
            isolated = spec["isolated"]
            pid = kernel.fork_into(kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID) if isolated else os.fork()
            if pid == 0:
                os.close(opens)
                self._become(spec, init.Inherited(*descriptors, gate=gate, lifeline=self._lifeline))
            if isolated:
                map_user(pid, spec["uid"], spec["gid"])
            for cgroup in spec["cgroups"]:
                write(f"{cgroup}/cgroup.procs", str(pid))
            pidfd = os.pidfd_open(pid)
            self._spawned[pid] = spec["id"]
            self._tell({"id": spec["id"], "pid": pid}, pidfd)
            os.close(pidfd)
            os.write(opens, b"!")
        finally:
            # A child whose gate closes unopened goes away by itself.
            os.close(gate)
            os.close(opens)

    def _become(self, spec: dict[str, Any], inherited: init.Inherited) -> None:
        """Never returns."""
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self._control.close()
            for descriptor in (self._life, self._woken, self._wakes):
                os.close(descriptor)
            init.run(spec, inherited)
        except BaseException:  # noqa: BLE001 - whatever it was, the copy of the zygote must not go on as a zygote
            traceback.print_exc()
        finally:
            os._exit(70)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if (number := self._spawned.pop(pid, None)) is not None:
                    self._tell({"id": number, "exit": os.waitstatus_to_exitcode(status)})

    def _tell(self, answer: dict[str, Any], *descriptors: int) -> None:
        with contextlib.suppress(BrokenPipeError):  # the platform is gone: the next read says so
            socket.send_fds(self._control, [json.dumps(answer).encode()], descriptors)


def only_wake(number: int, frame: FrameType | None) -> None:
    """For signals whose arrival is told by the wake-up descriptor."""


def map_user(pid: int, uid: int, gid: int) -> None:
    write(f"/proc/{pid}/setgroups", "deny")  # an ordinary user may map groups only so
    write(f"/proc/{pid}/uid_map", f"{init.USER} {uid} 1")
    write(f"/proc/{pid}/gid_map", f"{init.USER} {gid} 1")


def write(path: str, text: str) -> None:
    with open(path, "w") as file:  # noqa: PTH123 - pathlib would be one more import in every sandbox
        file.write(text)


def main(control: int) -> None:
    # Whoever executed this may have left more open than it says (uvloop does), and sandboxes would inherit it.
    os.closerange(3, control)
    os.closerange(control + 1, os.sysconf("SC_OPEN_MAX"))
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # Ctrl-C in a terminal is for the platform, which then closes the socket
    if os.getuid() == 0:
        with contextlib.suppress(PermissionError):  # root of a user namespace that an ordinary user made can't
            os.setgroups([])
    for name in COMMON:
        importlib.import_module(name)
    for builtin in (site.setquit, site.setcopyright, site.sethelper):  # -S left them out with the site packages
        builtin()
    gc.collect()
    gc.freeze()  # what is here already is never collected, so collecting doesn't copy its pages
    Zygote(socket.socket(fileno=control)).run()

"""What this machine can isolate: each ability is tried, in a process of its own, and named in words."""

import subprocess
import sys
from dataclasses import dataclass

from liuyun.compute.sandbox.cgroups import Cgroups

TRY_S = 20
TRIALS = {
    "user": ("own users (user namespaces)", "kernel.CLONE_NEWUSER"),
    "mount": ("an own file system (mount namespaces)", "kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS"),
    "pid": ("own processes (pid namespaces)", "kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID"),
    "net": ("an own network (network namespaces)", "kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET"),
    "ipc": ("own shared memory and host name (ipc and uts namespaces)",
            "kernel.CLONE_NEWUSER | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS"),
}  # fmt: skip
FILTER = "a list of allowed system calls (seccomp)"
FILTER_SCRIPT = """
from liuyun.compute.bootstrap import kernel, seccomp
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
seccomp.load_filter()
"""
DELEGATION = (
    "run the platform as root, as a systemd service with Delegate=yes, or in a container with a writable /sys/fs/cgroup"
)
SCRIPT = """
import os, sys
from liuyun.compute.bootstrap import kernel
pid = kernel.fork_into({flags})
if pid == 0:
    os._exit(0)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
"""


@dataclass(frozen=True, slots=True)
class Ability:
    name: str
    works: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    abilities: tuple[Ability, ...]

    @property
    def can_isolate(self) -> bool:
        return all(ability.works for ability in self.abilities)

    @property
    def missing(self) -> str:
        return "; ".join(f"{a.name}: {a.detail}" for a in self.abilities if not a.works)


def probe() -> Report:
    """Takes about half a second; blocks."""
    trials = [*((name, SCRIPT.format(flags=flags)) for name, flags in TRIALS.values()), (FILTER, FILTER_SCRIPT)]
    return Report(tuple(attempt(name, script) for name, script in trials))


def limits_in_force(groups: Cgroups) -> tuple[Ability, ...]:
    """What bounds an instance here, and by what; and what to do where the kernel's groups don't."""
    by = f"control groups, version {groups.kind[1:]}"
    known = groups.controllers
    memory = (by, "rlimits only: each process by itself, not all of an instance together")
    processes = (by, "rlimits only")
    processors = (by, "nothing bounds them")
    return tuple(
        Ability(name, works=controller in known, detail=yes if controller in known else f"{no}; {DELEGATION}")
        for name, controller, (yes, no) in (
            ("memory", "memory", memory),
            ("processes", "pids", processes),
            ("processors", "cpu", processors),
        )
    )


def attempt(name: str, script: str) -> Ability:
    try:
        tried = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            timeout=TRY_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ability(name, works=False, detail="no answer in time")
    last = tried.stderr.strip().splitlines()[-1:] or [f"exit status {tried.returncode}"]
    return Ability(name, works=tried.returncode == 0, detail="" if tried.returncode == 0 else last[0])

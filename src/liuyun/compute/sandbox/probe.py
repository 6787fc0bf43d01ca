"""What this machine can isolate: each ability is tried, in a process of its own, and named in words."""

import subprocess
import sys
from dataclasses import dataclass

from liuyun.compute.sandbox.cgroups import Cgroups
from liuyun.errors import Phrase, phrase

TRY_S = 20
TRIALS = {
    "user": (phrase("own_users", "own users (user namespaces)"), "kernel.CLONE_NEWUSER"),
    "mount": (phrase("own_files", "an own file system (mount namespaces)"),
              "kernel.CLONE_NEWUSER | kernel.CLONE_NEWNS"),
    "pid": (phrase("own_processes", "own processes (pid namespaces)"), "kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID"),
    "net": (phrase("own_network", "an own network (network namespaces)"), "kernel.CLONE_NEWUSER | kernel.CLONE_NEWNET"),
    "ipc": (phrase("own_memory", "own shared memory and host name (ipc and uts namespaces)"),
            "kernel.CLONE_NEWUSER | kernel.CLONE_NEWIPC | kernel.CLONE_NEWUTS"),
}  # fmt: skip
FILTER = phrase("allowed_calls", "a list of allowed system calls (seccomp)")
FILTER_SCRIPT = """
from liuyun.compute.bootstrap import kernel, seccomp
kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
seccomp.load_filter()
"""
DELEGATION = phrase(
    "delegation",
    "run the platform as root, as a systemd service with Delegate=yes, or in a container with a writable "
    "/sys/fs/cgroup",
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
    name: Phrase
    works: bool
    detail: Phrase | None = None


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
    by = phrase("by_groups", "control groups, version {version}", version=groups.kind[1:])
    alone = phrase("by_rlimits_alone", "rlimits only: each process by itself, not all of an instance together")
    return tuple(
        Ability(name, works=True, detail=by)
        if controller in groups.controllers
        else Ability(name, works=False, detail=phrase("else_do", "{no}; {advice}", no=no, advice=DELEGATION))
        for name, controller, no in (
            (phrase("of_memory", "memory"), "memory", alone),
            (phrase("of_processes", "processes"), "pids", phrase("by_rlimits", "rlimits only")),
            (phrase("of_processors", "processors"), "cpu", phrase("by_nothing", "nothing bounds them")),
        )
    )


def attempt(name: Phrase, script: str) -> Ability:
    try:
        tried = subprocess.run(  # noqa: S603 - our own interpreter and script
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            timeout=TRY_S,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Ability(name, works=False, detail=phrase("no_answer", "no answer in time"))
    if tried.returncode == 0:
        return Ability(name, works=True)
    if lines := tried.stderr.strip().splitlines():
        return Ability(name, works=False, detail=phrase("others_words", "{said}", said=lines[-1]))
    return Ability(name, works=False, detail=phrase("exit_status", "exit status {status}", status=tried.returncode))

"""Memory, process and CPU limits by control groups, version 2 or 1, where this process may make any.

Where it may not, rlimits bound the memory of each process and the number of processes, and nothing bounds the CPU.

Each sandbox gets a group of its own below the platform's. It is removed when the sandbox is gone, and what a killed
platform left behind is removed at the next start.
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

MOUNT = Path("/sys/fs/cgroup")
FOLDER = "liuyun"  # the platform's own groups all begin so
CONTROLLERS = ("memory", "pids", "cpu")
NEEDED = {"memory", "pids"}  # systemd hands these down to anybody's services, the CPU not everywhere
PERIOD_US = 100_000
LEAST_QUOTA_US = 1000  # the kernel's
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Limits:
    """`cpus` is the share of a busy machine, `most_cpus` the most of an idle one."""

    memory_bytes: int
    processes: int
    cpus: float = 1.0
    most_cpus: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """One sandbox's groups; several folders under version 1, one under version 2, none without."""

    paths: tuple[Path, ...] = ()

    def peak_bytes(self) -> int:
        """The most memory that was in use, 0 if nobody knows."""
        for path in self.paths:
            for name in ("memory.peak", "memory.max_usage_in_bytes"):
                with suppress(OSError):
                    return int((path / name).read_text())
        return 0

    def cpu_s(self) -> float:
        """Seconds of a core that the processes in it have used, without those that have ended; 0 if nobody knows."""
        for path in self.paths[:1]:
            with suppress(OSError):
                return sum(cpu_s(int(pid)) for pid in (path / "cgroup.procs").read_text().split())
        return 0.0

    def holds_over(self, limit_bytes: int) -> bool:
        """Whether its processes hold more than that: memory of their own, without files, those in /tmp among them."""
        for path in self.paths:
            for usage, held in (("memory.current", "anon"), ("memory.usage_in_bytes", "total_rss")):
                with suppress(OSError):
                    if int((path / usage).read_text()) <= limit_bytes:  # all together; nearly always so
                        return False
                    facts = dict(line.split(" ", 1) for line in (path / "memory.stat").read_text().splitlines())
                    return int(facts.get(held, "0")) > limit_bytes
        return False

    def out_of_memory(self) -> bool:
        """Whether the kernel killed anything in it for want of memory."""
        for path in self.paths:
            for name in ("memory.events", "memory.oom_control"):
                with suppress(OSError):
                    facts = dict(line.split(" ", 1) for line in (path / name).read_text().splitlines())
                    return int(facts.get("oom_kill", "0")) > 0
        return False

    def processes_refused(self) -> bool:
        """Whether it had as many as it may have when it wanted another."""
        for path in self.paths:
            with suppress(OSError):
                return (path / "pids.events").read_text().split()[:2] not in ([], ["max", "0"])
        return False

    def remove(self) -> None:
        """Blocks for as long as the kernel takes."""
        for path in self.paths:
            with suppress(OSError):
                path.rmdir()


def cpu_s(pid: int, processes: Path = Path("/proc")) -> float:
    try:
        fields = (processes / str(pid) / "stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return 0.0  # it has ended meanwhile
    return (int(fields[11]) + int(fields[12])) / TICKS


class Cgroups:
    """`kind` is `v2`, `v1` or `none`."""

    def __init__(self, kind: str, parents: Mapping[str, Path]) -> None:
        self.kind = kind
        self.controllers = frozenset(parents)
        self._parents = parents  # controller -> folder in which groups are made

    def create(self, name: str, limits: Limits) -> Group:
        """A new group with its limits set. Raises OSError."""
        group = Group(tuple(dict.fromkeys(parent / folder_of(name) for parent in self._parents.values())))
        try:
            for path in group.paths:
                path.mkdir(exist_ok=True)
            for controller in self._parents:
                self.change(name, controller, limits)
        except OSError:
            group.remove()
            raise
        return group

    def change(self, name: str, controller: str, limits: Limits) -> None:
        """What one controller bounds in a group that is there, if there is that controller. Raises OSError."""
        if (parent := self._parents.get(controller)) is not None:
            for file, value in settings_of(self.kind, controller, limits):
                (parent / folder_of(name) / file).write_text(value)

    def sweep(self, processes: Path = Path("/proc")) -> None:
        """Removes the groups of platforms that are gone; their names begin with the platform's process id."""
        for parent in set(self._parents.values()):
            for path in parent.glob(f"{FOLDER}-*"):
                platform = path.name.split("-")[1]
                if not (processes / platform).exists():
                    with suppress(OSError):
                        path.rmdir()


def folder_of(name: str) -> str:
    return f"{FOLDER}-{os.getpid()}-{name}"


def settings_of(kind: str, controller: str, limits: Limits) -> tuple[tuple[str, str], ...]:
    if controller == "pids":
        return (("pids.max", str(limits.processes)),)
    if controller == "cpu":
        return cpu_settings(kind, limits)
    if kind == "v2":
        return (("memory.max", str(limits.memory_bytes)), ("memory.oom.group", "1"))
    return (("memory.limit_in_bytes", str(limits.memory_bytes)),)


def cpu_settings(kind: str, limits: Limits) -> tuple[tuple[str, str], ...]:
    """One whole CPU has the weight that a group has by default."""
    quota = max(LEAST_QUOTA_US, round(limits.most_cpus * PERIOD_US))
    if kind == "v2":
        weight = min(10_000, max(1, round(limits.cpus * 100)))
        return (("cpu.weight", str(weight)), ("cpu.max", f"{quota} {PERIOD_US}"))
    shares = max(2, round(limits.cpus * 1024))
    return (("cpu.shares", str(shares)), ("cpu.cfs_quota_us", str(quota)))  # of a period that is the kernel's default


def detect(mount: Path = MOUNT, membership: Path = Path("/proc/self/cgroup")) -> Cgroups:
    """What this process may use."""
    try:
        own = dict(parse_membership(membership.read_text()))
    except OSError:
        return Cgroups("none", {})
    if (mount / "cgroup.controllers").is_file() and "" in own:
        return detect_v2(mount / own[""].lstrip("/"))
    parents = {
        controller: mount / controller / own[controller].lstrip("/")
        for controller in CONTROLLERS
        if controller in own and usable(mount / controller / own[controller].lstrip("/"))
    }
    return Cgroups("v1", parents) if "memory" in parents else Cgroups("none", {})


def parse_membership(text: str) -> list[tuple[str, str]]:
    """(controller, path) of each line; version 2 has an empty controller."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        found += [(controller, path) for controller in controllers.split(",")]
    return found


def detect_v2(own: Path) -> Cgroups:
    """Only a group without processes may hand controllers down, so the platform first steps into a group of its own."""
    try:
        wanted = handed_down((own / "cgroup.controllers").read_text())
        if not wanted:
            return Cgroups("none", {})
        if not set(wanted) <= set((own / "cgroup.subtree_control").read_text().split()):
            platform = own / f"{FOLDER}-{os.getpid()}-platform"
            platform.mkdir(exist_ok=True)
            (platform / "cgroup.procs").write_text(str(os.getpid()))
            (own / "cgroup.subtree_control").write_text(" ".join(f"+{name}" for name in wanted))
    except OSError:
        return Cgroups("none", {})
    return Cgroups("v2", dict.fromkeys(wanted, own)) if usable(own) else Cgroups("none", {})


def handed_down(available: str) -> list[str]:
    """Which controllers of version 2 are used, of those that there are; none if one is missing."""
    wanted = [name for name in CONTROLLERS if name in available.split()]
    return wanted if set(wanted) >= NEEDED else []


def usable(parent: Path) -> bool:
    """Whether a group can be made there and joined."""
    trial = parent / f"{FOLDER}-{os.getpid()}-trial"
    try:
        trial.mkdir(exist_ok=True)
        writable = os.access(trial / "cgroup.procs", os.W_OK)
        trial.rmdir()
    except OSError:
        return False
    return writable

"""What the processes of a program use, as /proc tells it."""

import os
from dataclasses import dataclass

PAGE_KB = os.sysconf("SC_PAGESIZE") // 1024


@dataclass(frozen=True)
class Usage:
    """`tasks` are processes and threads. `own_kb`: memory that no file backs, what forks share counted for each."""

    tasks: int = 0
    own_kb: int = 0
    largest_kb: int = 0

    @property
    def kb(self) -> int:
        """Whichever says more: programs that are loaded several times are in memory once."""
        return max(self.own_kb, self.largest_kb)


def everybody() -> set[int]:
    return {int(name) for name in os.listdir("/proc") if name.isdigit()}  # noqa: PTH208 - asked many times a second


def of_session(pids: set[int], leader: int) -> set[int]:
    """Those of them that a process has begun since it became the leader of a session."""
    return {pid for pid in pids if session(pid) == leader}


def session(pid: int) -> int:
    try:
        return int(words(f"/proc/{pid}/stat")[3])
    except (OSError, IndexError):
        return 0  # it has ended meanwhile


def usage(of: set[int]) -> Usage:
    tasks = own = largest = 0
    for pid in of:
        try:
            resident, shared = (int(text) for text in words(f"/proc/{pid}/statm")[1:3])
            tasks += int(words(f"/proc/{pid}/stat")[17])
        except (OSError, IndexError):  # it has ended meanwhile
            continue
        own += resident - shared
        largest = max(largest, resident)
    return Usage(tasks, own * PAGE_KB, largest * PAGE_KB)


def exact_kb(of: set[int], otherwise: int) -> int:
    """Memory of their own, where what forks share counts once. Takes longer; `otherwise` if the kernel doesn't tell."""
    total = 0
    for pid in of:
        try:
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:  # noqa: PTH123
                facts = dict(line.split(":", 1) for line in file.readlines()[1:])
            total += int(facts["Pss_Anon"].split()[0])
        except FileNotFoundError:
            continue
        except (OSError, KeyError):
            return otherwise
    return total


def words(path: str) -> list[str]:
    """Of a line, behind the name of a process if there is one, which may contain anything."""
    with open(path, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        return file.read().rpartition(") ")[2].split()

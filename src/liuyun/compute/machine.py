"""How large the machine is, as far as this process may use it."""

import os
from contextlib import suppress
from pathlib import Path

MB = 1024 * 1024
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")  # a container's own


def memory_mb(limits: tuple[str, ...] = LIMITS) -> int:
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in limits:
        with suppress(OSError, ValueError):  # not there, or "max"
            found.append(int(Path(path).read_text()))
    return min(found) // MB


def cores() -> int:
    return len(os.sched_getaffinity(0))

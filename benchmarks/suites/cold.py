"""The first call of a function that never ran, against starting a sandboxed interpreter by bubblewrap or unshare."""

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.harness import Absent, Duel, Measure, Sample, Suite
from benchmarks.load import Client, crowded
from benchmarks.platform import KEYS, Platform, invocation, platform
from benchmarks.signed import fc_request

CALLS = 12
NUMBERS = count()
PROGRAM = ["-I", "-c", "import os; os.write(1, b'x')"]


def first_calls(ours: Platform) -> Sample:
    """Milliseconds until the answer of a function's first call; deploying it is not counted."""
    names = [f"cold-{next(NUMBERS)}" for _ in range(CALLS)]
    for name in names:
        ours.function(name, "event")
    spent: list[float] = []

    async def act(client: Client, _: int) -> None:
        for name in names:
            request = fc_request(KEYS, "POST", invocation(name), b"{}")
            start = time.perf_counter()
            (await client.exchange(request)).expect(200)
            spent.append((time.perf_counter() - start) * 1000)

    crowded(ours.port, 1, act)
    return Sample(median(spent), {"max_ms": max(spent)})


def sandboxed(command: Sequence[str]) -> Measure:
    def measure() -> Sample:
        spent: list[float] = []
        for _ in range(CALLS):
            start = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, timeout=30)
            spent.append((time.perf_counter() - start) * 1000)
        return Sample(median(spent))

    return measure


def baselines() -> Mapping[str, Measure | Absent]:
    python = str(Path(sys.executable).resolve())
    bwrap = [
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        "/tmp",
        "--unshare-all",
        python,
    ]
    unshare = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts", "--net", "--fork", python]
    if shutil.which("bwrap"):
        return {"bwrap python": sandboxed([*bwrap, *PROGRAM])}
    if shutil.which("unshare"):
        return {"unshare python": sandboxed([*unshare, *PROGRAM]), "bwrap python": Absent("bwrap is not installed")}
    return {"bwrap python": Absent("neither bwrap nor unshare is installed")}


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as ours:
        what = "first call of an isolated Python function until its answer"
        yield [Duel("cold-python", what, "ms", lambda: first_calls(ours), baselines(), lower_is_better=True)]


SUITE = Suite("cold", ("cold-python",), duels)

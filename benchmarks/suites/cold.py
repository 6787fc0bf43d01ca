"""The first call of a function that never ran, against starting a sandboxed interpreter by bubblewrap or unshare."""

import asyncio
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
from liuyun.compute.nodes import installed

CALLS = 12
APART_S = (
    0.4  # Node.js: a stem cell that was used has been replaced by then; a stream of new functions runs out of them
)
NUMBERS = count()
PYTHON = [str(Path(sys.executable).resolve()), "-I", "-c", "import os; os.write(1, b'x')"]
SCRIPT = ["-e", "require('fs').writeSync(1, 'x')"]


def first_calls(ours: Platform, runtime: str, apart_s: float) -> Sample:
    """Milliseconds until the answer of a function's first call; deploying it is not counted."""
    names = [f"cold-{next(NUMBERS)}" for _ in range(CALLS)]
    for name in names:
        ours.function(name, "event", runtime)
    spent: list[float] = []

    async def act(client: Client, _: int) -> None:
        for name in names:
            await asyncio.sleep(apart_s)
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


def baselines(language: str, command: Sequence[str]) -> Mapping[str, Measure | Absent]:
    files = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    names = ["--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts", "--net", "--fork"]
    wanted = f"bwrap {language}"
    if shutil.which("bwrap"):
        return {wanted: sandboxed(["bwrap", *files, "--unshare-all", *command])}
    if shutil.which("unshare"):
        substitute = sandboxed(["unshare", *names, *command])
        return {f"unshare {language}": substitute, wanted: Absent("bwrap is not installed")}
    return {wanted: Absent("neither bwrap nor unshare is installed")}


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as ours:
        yield [python_duel(ours), node_duel(ours)]


def python_duel(ours: Platform) -> Duel:
    what = "first call of an isolated Python function until its answer"
    measure = lambda: first_calls(ours, "python3", 0)  # noqa: E731 - one of two alike
    return Duel("cold-python", what, "ms", measure, baselines("python", PYTHON), lower_is_better=True)


def node_duel(ours: Platform) -> Duel:
    what = "first call of an isolated Node.js function until its answer"
    node = installed()[0]
    measure = lambda: first_calls(ours, f"nodejs{node.version}", APART_S)  # noqa: E731 - one of two alike
    return Duel("cold-node", what, "ms", measure, baselines("node", [node.path, *SCRIPT]), lower_is_better=True)


SUITE = Suite("cold", ("cold-python", "cold-node"), duels)

"""The first call of a function that never ran, against starting a sandboxed interpreter by bubblewrap or unshare."""

import asyncio
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median

from benchmarks.harness import Absent, Duel, Measure, Sample, Suite
from benchmarks.load import Client, crowded
from benchmarks.platform import KEYS, Platform, invocation, platform
from benchmarks.signed import fc_request
from liuyun.compute.nodes import installed

CALLS = 8
APART_S = 0.4  # a stem cell that was used has been replaced by then; a stream of new functions runs out of them
APART_WITHOUT_S = 0.1  # where nothing is replaced: the call before has gone to rest
CROWD = 8
NUMBERS = count()
How = Callable[[Sequence[str]], Sample]
Theirs = Mapping[str, Measure | Absent]
PYTHON = [str(Path(sys.executable).resolve()), "-I", "-c", "import os; os.write(1, b'x')"]
SCRIPT = ["-e", "require('fs').writeSync(1, 'x')"]


def deployed(ours: Platform, runtime: str, functions: int) -> list[str]:
    """That is not counted."""
    names = [f"cold-{next(NUMBERS)}" for _ in range(functions)]
    for name in names:
        ours.function(name, "event", runtime)
    return names


def first_calls(ours: Platform, runtime: str, apart_s: float = APART_S) -> Sample:
    """Milliseconds until the answer of a function's first call, one at a time."""
    names = deployed(ours, runtime, CALLS)
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


def first_calls_at_once(ours: Platform) -> Sample:
    """First calls of so many functions in a second, by a crowd that pauses for nothing."""
    left = iter(deployed(ours, "python3", CROWD * CALLS))

    async def act(client: Client, _: int) -> None:
        for name in left:
            (await client.exchange(fc_request(KEYS, "POST", invocation(name), b"{}"))).expect(200)

    return Sample(CROWD * CALLS / crowded(ours.port, CROWD, act))


def started(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def one_by_one(command: Sequence[str]) -> Sample:
    spent: list[float] = []
    for _ in range(CALLS):
        start = time.perf_counter()
        started(command)
        spent.append((time.perf_counter() - start) * 1000)
    return Sample(median(spent))


def at_once(command: Sequence[str]) -> Sample:
    start = time.perf_counter()
    with ThreadPoolExecutor(CROWD) as crowd:
        list(crowd.map(started, [command] * CROWD * CALLS))
    return Sample(CROWD * CALLS / (time.perf_counter() - start))


def baselines(language: str, command: Sequence[str], measure: How) -> Theirs:
    files = ["--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--tmpfs", "/tmp"]
    names = ["--user", "--map-root-user", "--mount", "--pid", "--ipc", "--uts", "--net", "--fork"]
    wanted = f"bwrap {language}"
    if shutil.which("bwrap"):
        return {wanted: partial(measure, ["bwrap", *files, "--unshare-all", *command])}
    if shutil.which("unshare"):
        substitute = partial(measure, ["unshare", *names, *command])
        return {f"unshare {language}": substitute, wanted: Absent("bwrap is not installed")}
    return {wanted: Absent("neither bwrap nor unshare is installed")}


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as ours, platform({"LIUYUN_LIMITS__STEM_CELLS": "0"}) as unprepared:
        theirs = baselines("python", PYTHON, one_by_one)
        yield [python_duel(ours, theirs), anew_duel(unprepared, theirs), node_duel(ours), rate_duel(ours)]


def python_duel(ours: Platform, theirs: Theirs) -> Duel:
    what = "first call of an isolated Python function until its answer"
    return Duel("cold-python", what, "ms", partial(first_calls, ours, "python3"), theirs, lower_is_better=True)


def anew_duel(unprepared: Platform, theirs: Theirs) -> Duel:
    what = "the same for who finds no stem cell ready"
    ours = partial(first_calls, unprepared, "python3", APART_WITHOUT_S)
    return Duel("cold-anew", what, "ms", ours, theirs, lower_is_better=True)


def node_duel(ours: Platform) -> Duel:
    what = "first call of an isolated Node.js function until its answer"
    node = installed()[0]
    ours_once = partial(first_calls, ours, f"nodejs{node.version}")
    theirs = baselines("node", [node.path, *SCRIPT], one_by_one)
    return Duel("cold-node", what, "ms", ours_once, theirs, lower_is_better=True)


def rate_duel(ours: Platform) -> Duel:
    what = f"first calls of isolated Python functions, {CROWD} at a time"
    theirs = baselines("python", PYTHON, at_once)
    return Duel("cold-rate", what, "starts/s", partial(first_calls_at_once, ours), theirs)


SUITE = Suite("cold", ("cold-python", "cold-anew", "cold-node", "cold-rate"), duels)

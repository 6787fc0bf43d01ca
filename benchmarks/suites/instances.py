"""Many instances: a crowd of first calls, what an idle instance costs, and what a thousand idle functions cost."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.harness import Duel, Sample, Suite
from benchmarks.load import Client, burst, crowded
from benchmarks.platform import KEYS, Platform, invocation, platform, serve
from benchmarks.signed import fc_headers, fc_request
from benchmarks.stock import copy_function

CROWD = 200
IDLE_INSTANCES = 20
IDLE_FUNCTIONS = 1000
NUMBERS = count()
BODY = b"{}"


def call_once(ours: Platform, names: Sequence[str], clients: int) -> list[float]:
    """Each function once, by so many clients at a time: milliseconds from the beginning of all until each answer."""
    left = iter(names)
    answered: list[float] = []
    begin = time.perf_counter()

    async def act(client: Client, _: int) -> None:
        for name in left:
            (await client.exchange(fc_request(KEYS, "POST", invocation(name), BODY))).expect(200)
            answered.append((time.perf_counter() - begin) * 1000)

    crowded(ours.port, clients, act)
    return answered


def first_calls(ours: Platform) -> Sample:
    """Milliseconds until the last of a crowd has its answer from a function that nobody called before."""
    name = f"burst-{next(NUMBERS)}"
    ours.function(name, "slow")
    answered = sorted(call_once(ours, [name] * CROWD, CROWD))
    return Sample(answered[-1], {"median_ms": answered[len(answered) // 2]})


def idle_instance(ours: Platform) -> Sample:
    """Proportional memory in MB: what is shared, as with the zygote, is divided among those that share it."""
    name = f"idle-{next(NUMBERS)}"
    ours.function(name, "slow")
    before = set(sandboxes(ours.pid))
    call_once(ours, [name] * IDLE_INSTANCES, IDLE_INSTANCES)
    found = [pid for pid in sandboxes(ours.pid) if pid not in before]
    return Sample(sum(pss_mb(pid) for each in found for pid in family(each)) / len(found), {"instances": len(found)})


def sandboxes(platform_pid: int) -> list[int]:
    """First processes of sandboxes: children of the platform's children."""
    return [pid for zygote in children(platform_pid) for pid in children(zygote)]


def family(pid: int) -> list[int]:
    return [pid, *(below for child in children(pid) for below in family(child))]


def children(pid: int) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in path.read_text().split()]
    return found


def pss_mb(pid: int, part: str = "Pss") -> float:
    with suppress(OSError):
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        return int(text.partition(f"{part}:")[2].split()[0]) / 1024
    return 0.0


def warm(ours: Platform) -> Sample:
    path = invocation("warm")
    return burst(ours.url + path, fc_headers(KEYS, "POST", path, BODY), BODY)


@contextmanager
def asleep(functions: int) -> Iterator[Platform]:
    """A platform whose functions were called once."""
    with TemporaryDirectory(prefix="liuyun-bench-") as made:
        folder = Path(made)
        with serve(folder) as on:
            on.service()
            on.function("warm", "event")
            on.function("asleep", "event")
        copy_function(folder, "asleep", functions)
        with serve(folder) as on:
            call_once(on, [f"asleep-{number + 1}" for number in range(functions)], 8)
            yield on


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with platform() as ours, asleep(IDLE_FUNCTIONS) as crowded_one:
        ours.function("warm", "event")
        what = f"warm calls where {IDLE_FUNCTIONS} other functions were called once and idle"
        within = f"{CROWD} simultaneous first calls to one function that takes 100 ms, until the last answer"
        memory = "proportional memory of an idle Python instance"
        yield [
            Duel("burst", within, "ms", lambda: first_calls(ours), {"the goal": lambda: Sample(2000)}, True),
            Duel("density", memory, "MB", lambda: idle_instance(ours), {"the goal": lambda: Sample(6)}, True),
            Duel(
                "idle-functions", what, "/s", lambda: warm(crowded_one), {"the same without them": lambda: warm(ours)}
            ),
        ]


SUITE = Suite("instances", ("burst", "density", "idle-functions"), duels)

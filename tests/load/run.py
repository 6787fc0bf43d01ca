"""`python -m tests.load.run --clients 1000 --seconds 120`: a crowd of callers while everything around them changes.

Ten functions; their code is replaced, an alias moves from version to version, sandboxes are killed, and one function
leaks memory. No call may fail but the leaking function's own, and the platform's memory must be flat: what it holds of
its own when all instances have gone is measured after a warm-up of the same kind, and again at the end.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import quantiles

import uvloop

from tests.chaos.world import NEVER
from tests.load.world import FUNCTIONS, IDLE_S, LEAKING, Trouble, World, deploy_all, invocation, world

ANSWER_S = 120
SAMPLES = 12
WARM_UP = 0.25  # of the time, before it
REST_S = IDLE_S + 5  # in which instances that nobody calls go
FLAT = 1.1  # how much more the platform may hold at the end than after the warm-up
SLACK_MB = 4


@dataclass(frozen=True, kw_only=True)
class Plan:
    """`rest_s`: how long nothing is asked of the platform before it is measured."""

    clients: int
    seconds: float
    seed: int
    rest_s: float


@dataclass(frozen=True)
class Sample:
    """What the platform holds: memory of its own, sandboxes with stem cells among them, open descriptors."""

    memory_mb: float
    sandboxes: int
    descriptors: int

    def __str__(self) -> str:
        return f"{self.memory_mb:6.1f} MB, {self.sandboxes:4d} sandboxes, {self.descriptors:5d} descriptors"


def sample(made: World) -> Sample:
    return Sample(made.memory_mb(), len(made.sandboxes()), made.descriptors())


@dataclass
class Report:
    calls: int = 0
    failed: Counter[str] = field(default_factory=Counter[str])
    examples: dict[str, str] = field(default_factory=dict[str, str])
    spent: list[float] = field(default_factory=list[float])
    rested: list[Sample] = field(default_factory=list["Sample"])
    trouble: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def wrong(self) -> dict[str, int]:
        """Failed calls of functions that have no fault of their own."""
        return {name: count for name, count in self.failed.items() if name != LEAKING}

    @property
    def flat(self) -> bool:
        before, after = self.rested
        return after.memory_mb <= before.memory_mb * FLAT + SLACK_MB


class Caller:
    """One connection that is kept; opened again when the platform closed it between two calls."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def call(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Status, head and body."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length: ")[2].partition(b"\r\n")[0]
        body = await reader.readexactly(int(length or 0))
        if b"connection: close" in head:
            self.close()
        return int(head.split(b" ", 2)[1]), head, body

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def call_on(caller: Caller, name: str, request: bytes, end: float, report: Report) -> None:
    while (start := time.monotonic()) < end:
        try:
            async with asyncio.timeout(ANSWER_S):
                status, head, body = await caller.call(request)
            failure = "" if status == 200 and b"\r\nx-fc-error-type:" not in head else f"{status} {body[:200]!r}"
        except (OSError, EOFError, TimeoutError) as error:
            caller.close()
            failure = repr(error)
        report.calls += 1
        report.spent.append(time.monotonic() - start)
        if failure:
            report.failed[name] += 1
            report.examples.setdefault(name, failure)
    caller.close()


async def disturb(trouble: Trouble, every_s: float, end: float) -> None:
    while time.monotonic() < end:
        await asyncio.to_thread(trouble.make)
        await asyncio.to_thread(NEVER.wait, every_s)


async def watch(made: World, seconds: float, report: Report, say: Callable[[str], None]) -> None:
    for number in range(1, SAMPLES + 1):
        await asyncio.to_thread(NEVER.wait, seconds / SAMPLES)
        say(f"{number * seconds / SAMPLES:6.1f} s  {report.calls:8d} calls  {await asyncio.to_thread(sample, made)}")


async def load(made: World, plan: Plan, say: Callable[[str], None]) -> Report:
    warm_up, report = Report(), Report()
    trouble = Trouble(made, plan.seed)
    await phase(made, replace(plan, seconds=plan.seconds * WARM_UP), trouble, warm_up, say)
    await phase(made, plan, trouble, report, say)
    report.trouble = trouble.counts
    report.rested = [*warm_up.rested, *report.rested]
    return report


async def phase(made: World, plan: Plan, trouble: Trouble, report: Report, say: Callable[[str], None]) -> None:
    """The crowd, and a rest after it."""
    await crowd(made, plan, trouble, report, say)
    await asyncio.to_thread(NEVER.wait, plan.rest_s)
    report.rested.append(await asyncio.to_thread(sample, made))
    say(f"  rest                     {report.rested[-1]}")


async def crowd(made: World, plan: Plan, trouble: Trouble, report: Report, say: Callable[[str], None]) -> None:
    requests = {name: invocation(name) for name in FUNCTIONS}
    end = time.monotonic() + plan.seconds
    callers = [
        call_on(Caller(made.port), name, requests[name], end, report)
        for name in (FUNCTIONS[number % len(FUNCTIONS)] for number in range(plan.clients))
    ]
    pause_s = max(0.2, plan.seconds / 200)
    await asyncio.gather(*callers, disturb(trouble, pause_s, end), watch(made, plan.seconds, report, say))


def run(folder: Path, plan: Plan, say: Callable[[str], None]) -> Report:
    with world(folder) as made:
        deploy_all(made)
        return uvloop.run(load(made, plan, say))


def show(report: Report, seconds: float) -> str:
    cuts = quantiles(report.spent, n=100)
    p50, p99 = cuts[49] * 1000, cuts[98] * 1000
    before, after = report.rested
    lines = [
        f"{report.calls} calls, {report.calls / seconds:.0f}/s",
        f"p50 {p50:.0f} ms, p99 {p99:.0f} ms, longest {max(report.spent):.2f} s",
        ", ".join(f"{count} {what}" for what, count in report.trouble.items()),
        f"failed calls of the leaking function: {report.failed[LEAKING]}; of all others: {report.wrong or 'none'}",
        f"after the warm-up: {before}",
        f"at the end:        {after}: {'flat' if report.flat else 'NOT FLAT'}",
    ]
    return "\n".join([*lines, *(f"  {name}: {text}" for name, text in report.examples.items())])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liuyun-load-") as folder:
        plan = Plan(clients=chosen.clients, seconds=chosen.seconds, seed=chosen.seed, rest_s=REST_S)
        report = run(Path(folder), plan, lambda text: print(text, flush=True))
        print(show(report, chosen.seconds))
        log = (Path(folder) / "serve.log").read_text()
        if log:
            print(f"the platform's log ends so:\n{log[-2000:]}")
    return 0 if not report.wrong and report.flat else 1


if __name__ == "__main__":
    sys.exit(main())

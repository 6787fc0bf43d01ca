"""Durable flows through the signed API, against two engines that keep their steps durable too, and the bare disk.

A pass step is decided by us and stored; the peers' nearest thing is a step that runs a trivial function in the
worker's own process. A call step goes through the whole of function compute and has no twin there.

A standard flow is started by one request and waited for by another. An express flow is started and waited for by one,
as the peers' runs are (`-sync`); it is stored as durably.
"""

import json
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median, quantiles
from typing import Protocol
from uuid import uuid4

from benchmarks.anchors import durable_appends
from benchmarks.harness import Absent, Duel, Measure, Sample, Suite
from benchmarks.load import Client, crowded
from benchmarks.peers import dbos_peer, restate_peer
from benchmarks.platform import KEYS, SERVICE, Platform, platform
from benchmarks.signed import flow_request

Complete = Callable[[Client, str, str], Awaitable[None]]
STEPS = 200
RUNS = 640
RUNS_OF_DBOS = 320  # which completes 90 in a second: its rate is steady by then
CLIENTS = 64
CALL = f"{{type: task, name: s%d, resourceArn: 'acs:fc:::services/{SERVICE}/functions/event'}}"
PASS = "{type: pass, name: s%d}"


def definition(step: str, steps: int) -> str:
    lines = [f"  - {step % number}" for number in range(steps)]
    return "\n".join(["version: v1beta1", "type: flow", "steps:", *lines, ""])


def run_name() -> str:
    return f"run-{uuid4().hex}"


async def complete(client: Client, flow: str, name: str) -> None:
    """Starts an execution and waits for its end."""
    (await client.exchange(flow_request(KEYS, "StartExecution", FlowName=flow, ExecutionName=name, Input="{}"))).expect(
        200
    )
    while True:
        describe = flow_request(KEYS, "DescribeExecution", FlowName=flow, ExecutionName=name, WaitTimeSeconds="30")
        status = json.loads((await client.exchange(describe)).expect(200).body)["Status"]
        if status == "Succeeded":
            return
        if status not in {"Starting", "Running"}:
            raise RuntimeError(f"Execution {name} of {flow} ended as {status}.")


async def complete_sync(client: Client, flow: str, name: str) -> None:
    """The same by one request."""
    start = flow_request(KEYS, "StartSyncExecution", FlowName=flow, ExecutionName=name, Input="{}")
    status = json.loads((await client.exchange(start)).expect(200).body)["Status"]
    if status != "Succeeded":
        raise RuntimeError(f"Execution {name} of {flow} ended as {status}.")


def run_of(ours: Platform, flow: str, steps: int = STEPS) -> Sample:
    """Steps/s of one run."""

    async def act(client: Client, _: int) -> None:
        await complete(client, flow, run_name())

    return Sample(steps / crowded(ours.port, 1, act))


def runs(ours: Platform, flow: str, complete: Complete = complete) -> Sample:
    """Runs/s completed for a crowd."""
    left = iter(range(RUNS))

    async def act(client: Client, _: int) -> None:
        for _ in left:
            await complete(client, flow, run_name())

    return Sample(RUNS / crowded(ours.port, CLIENTS, act))


def latency(ours: Platform, flow: str, complete: Complete = complete) -> Sample:
    """Milliseconds from the start to the known result, one at a time."""
    spent: list[float] = []

    async def act(client: Client, _: int) -> None:
        for _ in range(200):
            start = time.perf_counter()
            await complete(client, flow, run_name())
            spent.append((time.perf_counter() - start) * 1000)

    crowded(ours.port, 1, act)
    return Sample(median(spent), {"p99_ms": quantiles(spent, n=100)[98]})


FLOWS = {
    "pass": definition(PASS, STEPS),
    "call": definition(CALL, STEPS),
    "three-pass": definition(PASS, 3),
    "three-call": definition(CALL, 3),
    "nothing": definition(PASS, 1),
}
EXPRESS = {f"{name}-sync": FLOWS[name] for name in ("three-pass", "three-call", "nothing")}


class Asked(Protocol):
    def measure(self, question: str) -> Measure: ...


def asked(peers: Mapping[str, Asked | Absent], question: str) -> dict[str, Measure | Absent]:
    return {name: peer if isinstance(peer, Absent) else peer.measure(question) for name, peer in peers.items()}


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with ExitStack() as stack:
        ours = stack.enter_context(platform())
        ours.function("event", "event")
        for name, text in FLOWS.items():
            ours.flow(name, text)
        for name, text in EXPRESS.items():
            ours.flow(name, text, mode="Express")
        disk = {"SQLite, one durable append each": stack.enter_context(durable_appends())}
        dbos, restate = dbos_peer.started(stack), restate_peer.started(stack)

        def theirs(question: str, of_dbos: str = "") -> dict[str, Measure | Absent]:
            return {**asked(dbos, of_dbos or question), **asked(restate, question)}

        steps, many = {**theirs(f"steps {STEPS}"), **disk}, theirs(f"runs {RUNS}", f"runs {RUNS_OF_DBOS}")
        alone = theirs("latency 200")
        yield [
            Duel("steps-pass", f"a run of {STEPS} pass steps", "steps/s", partial(run_of, ours, "pass"), steps),
            Duel("steps-call", f"a run of {STEPS} function calls", "steps/s", partial(run_of, ours, "call"), steps),
            Duel(
                "runs-pass", "runs of three pass steps, 64 clients", "runs/s", partial(runs, ours, "three-pass"), many
            ),
            Duel(
                "runs-call",
                "runs of three function calls, 64 clients",
                "runs/s",
                partial(runs, ours, "three-call"),
                many,
            ),
            Duel(
                "runs-pass-sync",
                "three pass steps, 64 clients, one request a run (express flow)",
                "runs/s",
                partial(runs, ours, "three-pass-sync", complete_sync),
                many,
            ),
            Duel(
                "runs-call-sync",
                "three function calls, 64 clients, one request a run (express flow)",
                "runs/s",
                partial(runs, ours, "three-call-sync", complete_sync),
                many,
            ),
            Duel(
                "latency",
                "start to result of a flow of one pass step, one client",
                "ms",
                partial(latency, ours, "nothing"),
                alone,
                lower_is_better=True,
            ),
            Duel(
                "latency-sync",
                "the same flow as express flow: one request",
                "ms",
                partial(latency, ours, "nothing-sync", complete_sync),
                alone,
                lower_is_better=True,
            ),
        ]


ROWS = (
    "steps-pass", "steps-call", "runs-pass", "runs-call", "runs-pass-sync", "runs-call-sync", "latency", "latency-sync",
)  # fmt: skip
SUITE = Suite("flows", ROWS, duels)

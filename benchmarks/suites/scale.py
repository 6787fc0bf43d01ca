"""What a platform costs that holds much: deployed functions, executions that wait, executions that are long over."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.harness import Duel, Measure, Sample, Suite
from benchmarks.load import Client, burst, crowded
from benchmarks.platform import KEYS, Platform, data_of, invocation, serve
from benchmarks.signed import fc_headers, fc_request, flow_request
from benchmarks.stock import copy_execution, copy_function, keys_of
from benchmarks.suites.flows import CALL, PASS, complete, definition, run_name, run_of
from benchmarks.suites.instances import pss_mb
from liuyun.identity.root import vault_of
from liuyun.workflow.tokens import TaskTokens

FUNCTIONS = 10_000
WAITING = 100_000
MANY, FEW = 1_000_000, 10_000
CALLBACKS = 20  # in each round
BODY = b"{}"
MODEL = "model"
RUN_STEPS, RUNS = 100, 50  # in each round where much is stored
WAIT = """version: v1beta1
type: flow
steps:
  - type: task
    name: wait
    resourceArn: acs:mns:::/queues/waiting/messages
    pattern: waitForCallback
    timeoutSeconds: 86400
    inputMappings: [{target: token, source: $context.task.token}]
    serviceParams: {MessageBody: $}
  - {type: pass, name: next}
"""


def goal(value: float) -> dict[str, Measure]:
    return {"the goal": lambda: Sample(value)}


def memory(on: Platform) -> Sample:
    """Proportional memory of the platform's own process, the cached pages of its database among it."""
    return Sample(pss_mb(on.pid), {"anonymous_mb": pss_mb(on.pid, "Pss_Anon")})


@contextmanager
def folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="liuyun-bench-") as made:
        yield Path(made)


@contextmanager
def deployed(functions: int) -> Iterator[Platform]:
    with folder() as data:
        with serve(data) as on:
            on.service()
            on.function(MODEL, "event")
        copy_function(data, MODEL, functions)
        with serve(data) as on:
            on.exchange(fc_request(KEYS, "POST", invocation(f"{MODEL}-1"), BODY)).expect(200)
            yield on


def warm(on: Platform) -> Sample:
    path = invocation(f"{MODEL}-1")
    return burst(on.url + path, fc_headers(KEYS, "POST", path, BODY), BODY)


@contextmanager
def functions() -> Iterator[Sequence[Duel]]:
    with deployed(1) as few, deployed(FUNCTIONS) as many:
        what = f"warm calls where {FUNCTIONS} functions are deployed"
        baseline = {"where 2 are": lambda: warm(few)}
        size = f"memory of the platform with {FUNCTIONS} functions, after warm calls"
        yield [
            Duel("functions-call", what, "/s", lambda: warm(many), baseline),
            Duel("functions-memory", size, "MB", lambda: memory(many), goal(300), lower_is_better=True),
        ]


class Waiters:
    """A platform on whose data executions wait for their callbacks; each is used once."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._running = ExitStack()
        tokens = TaskTokens(vault_of(data_of(data)).derive("task tokens"))
        self._tokens = (
            (name, tokens.make(key, "waiting", name, event_id))
            for name, key, event_id in keys_of(data, f"{MODEL}-%", 100 + 2 * CALLBACKS * 10)
        )
        self.platform = self._running.enter_context(serve(data))

    def callback(self) -> Sample:
        """Milliseconds from a report until who waits for the execution learns that it is over, a step later."""
        spent: list[float] = []

        async def act(client: Client, _: int) -> None:
            for _ in range(CALLBACKS):
                name, token = next(self._tokens)
                begin = time.perf_counter()
                await report(client, name, token)
                spent.append((time.perf_counter() - begin) * 1000)

        crowded(self.platform.port, 1, act)
        return Sample(median(spent), {"max_ms": max(spent)})

    def restart(self) -> Sample:
        """Seconds from the command until an execution that waited has gone on."""
        self._running.close()
        begin = time.perf_counter()
        self.platform = self._running.enter_context(serve(self._data))
        ready = time.perf_counter() - begin
        name, token = next(self._tokens)
        crowded(self.platform.port, 1, lambda client, _: report(client, name, token))
        return Sample(time.perf_counter() - begin, {"ready_s": ready})

    def close(self) -> None:
        self._running.close()


async def report(client: Client, name: str, token: str) -> None:
    (await client.exchange(flow_request(KEYS, "ReportTaskSucceeded", TaskToken=token, Output="{}"))).expect(200)
    request = flow_request(KEYS, "DescribeExecution", FlowName="waiting", ExecutionName=name, WaitTimeSeconds="30")
    answer = (await client.exchange(request)).expect(200)
    assert b"Succeeded" in answer.body, answer.body


@contextmanager
def waiters(executions: int) -> Iterator[Waiters]:
    with folder() as data:
        with serve(data) as on:
            on.queue("waiting")
            on.flow("waiting", WAIT)
            on.start("waiting", MODEL)
            on.await_message("waiting")
        copy_execution(data, MODEL, executions)
        made = Waiters(data)
        try:
            yield made
        finally:
            made.close()


@contextmanager
def waiting() -> Iterator[Sequence[Duel]]:
    with waiters(WAITING) as many, waiters(1000) as few:
        held = f"{WAITING} executions wait for callbacks"
        yield [
            Duel(
                "waiting-callback",
                f"from a callback until the step behind it is done, while {held}",
                "ms",
                many.callback,
                {**goal(20), "while 1000 wait": few.callback},
                lower_is_better=True,
            ),
            Duel(
                "waiting-memory",
                f"memory of the platform while {held}",
                "MB",
                lambda: memory(many.platform),
                goal(300),
                lower_is_better=True,
            ),
            Duel(
                "waiting-start",
                f"from the start of the platform until one of {WAITING} waiting executions has gone on",
                "s",
                many.restart,
                {**goal(5), "with 1000 waiting": few.restart},
                lower_is_better=True,
            ),
        ]


@contextmanager
def remembering(executions: int) -> Iterator[Platform]:
    with folder() as data:
        with serve(data) as on:
            on.service()
            on.function("event", "event")
            on.flow("call", definition(CALL, RUN_STEPS))
            on.flow("past", definition(PASS, 1))
            on.finish("past", MODEL)
        copy_execution(data, MODEL, executions)
        with serve(data) as on:
            yield on


async def past_run(client: Client, _: int) -> None:
    for _ in range(RUNS):
        await complete(client, "past", run_name())


@contextmanager
def history() -> Iterator[Sequence[Duel]]:
    with remembering(FEW) as few, remembering(MANY) as many:
        stored = f"{MANY} executions are stored"
        yield [
            Duel(
                "history-steps",
                f"a run of {RUN_STEPS} function calls where {stored}",
                "steps/s",
                partial(run_of, many, "call", RUN_STEPS),
                {f"where {FEW} are": partial(run_of, few, "call", RUN_STEPS)},
            ),
            Duel(
                "history-runs",
                f"runs of one pass step, of the flow of which {stored}, one client",
                "runs/s",
                lambda: Sample(RUNS / crowded(many.port, 1, past_run)),
                {f"where {FEW} are": lambda: Sample(RUNS / crowded(few.port, 1, past_run))},
            ),
        ]


FUNCTIONS_SUITE = Suite("functions", ("functions-call", "functions-memory"), functions)
WAITING_SUITE = Suite("waiting", ("waiting-callback", "waiting-memory", "waiting-start"), waiting)
HISTORY_SUITE = Suite("history", ("history-steps", "history-runs"), history)

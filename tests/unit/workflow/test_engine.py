import asyncio
from typing import Any

import pytest

from liuyun.errors import ExecutionCompleted, TaskCompleted, Throttled, Unavailable
from liuyun.model.execution import ExecutionStatus
from liuyun.model.invocation import Invocation
from liuyun.storage.stores import executions as store
from liuyun.testing.clock import settle
from liuyun.workflow.core.activations import Stop, TaskReturned, TimerFired
from tests.conftest import run
from tests.unit.workflow.world import ACCOUNT, ASK, CALL, PASS, REST, World

TIMEOUT = CALL.replace("name: call,", "name: call, timeoutSeconds: 5,")
CATCHING = """
version: v1
type: flow
steps:
  - type: task
    name: call
    resourceArn: acs:fc:::services/svc/functions/fn
    catch: [{errors: [FC.ResourceThrottled], goto: later}]
  - {type: fail, name: no}
  - {type: pass, name: later}
"""


def test_a_flow_that_waits_for_nothing_is_one_commit():
    """Start, decision and end are stored together."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", PASS)
            world.db.commits = 0
            ended = await world.start("f")
            assert (ended.status, world.db.commits) == (ExecutionStatus.SUCCEEDED, 1)

    run(main())


def test_a_task_is_one_commit_for_its_start_and_one_for_its_result():
    """The result's commit also takes the effect out of the outbox and ends the run."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", CALL)
            world.db.commits = 0
            await world.start("f")
            ended = await world.describe("f", wait_s=5)
            assert (ended.status, ended.output, world.db.commits) == (ExecutionStatus.SUCCEEDED, '{"done":true}', 2)

    run(main())


def test_a_starter_who_gives_up_takes_nothing_back():
    """The execution that was being stored runs, although nobody waits for the answer any more."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", CALL)
            gate = world.db.gate = []
            starting = asyncio.create_task(world.start("f"))
            await settle()
            assert world.workflow.statistics()["committing"] == 1
            starting.cancel()
            await settle()
            world.db.gate = None
            for tell in gate:
                tell()
            await settle()
            assert (await world.describe("f")).status is ExecutionStatus.SUCCEEDED

    run(main())


def test_a_killed_process_leaves_its_effects_to_the_next_one():
    """Committed but not sent: it is sent after the start."""

    async def main() -> None:
        before = World()  # its dispatcher never starts
        await before.flow("f", CALL)
        await before.start("f")
        async with World(before) as world:
            assert (len(before.invoked), len(world.invoked)) == (0, 1)
            assert (await world.describe("f")).status is ExecutionStatus.SUCCEEDED

    run(main())


def test_a_duplicate_result_changes_nothing():
    """At least once on the way out, once on the way in."""

    async def main() -> None:
        async with World() as world:
            await world.flow(
                "f", CALL.replace("name: call,", "name: call, ") + "  - {type: wait, name: w, duration: 9}\n"
            )
            key = (await world.start("f")).key
            await settle()
            before = await world.kinds("f")
            for event_id in range(1, 9):
                await world.workflow.engine.advance(key, TaskReturned(event_id, {"other": True}))
            assert await world.kinds("f") == before

    run(main())


def test_a_late_timer_changes_nothing():
    """The task has returned; its timeout still rings, into nothing."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", TIMEOUT + "  - {type: wait, name: rest, duration: 60}\n")
            await world.start("f")
            await world.clock.advance(1)
            before = await world.kinds("f")
            await world.clock.advance(10)
            assert await world.kinds("f") == before

    run(main())


def test_a_timeout_frees_the_step_while_the_call_goes_on():
    """The result comes too late and is not taken."""

    async def main() -> None:
        async with World() as world:
            gate = asyncio.Event()

            async def slow(invocation: Invocation) -> bytes:
                await gate.wait()
                return b"{}"

            world.function = slow
            await world.flow("f", TIMEOUT)
            await world.start("f")
            await world.clock.advance(6)
            failed = await world.describe("f")
            assert (failed.status, failed.error) == (ExecutionStatus.FAILED, "FnF.TaskTimeout")
            gate.set()
            await settle()
            assert (await world.kinds("f"))[-1] == "ExecutionFailed"

    run(main())


def test_a_refused_call_has_the_name_of_its_code():
    """The function service says how it would report the error."""

    async def main() -> None:
        async with World() as world:

            async def throttled(invocation: Invocation) -> bytes:
                raise Throttled("Too many instances.")

            world.function = throttled
            await world.flow("f", CATCHING)
            await world.start("f")
            assert (await world.describe("f", wait_s=5)).status is ExecutionStatus.SUCCEEDED

    run(main())


def test_a_run_that_was_forgotten_goes_on():
    """Memory holds the runs used last; the others are replayed from their history."""

    async def main() -> None:
        async with World(live_runs=1) as world:
            await world.flow("f", REST)
            for name in ("a", "b", "c"):
                await world.start("f", name)
            await world.clock.advance(11)
            assert [(await world.describe("f", name)).status for name in "abc"] == [ExecutionStatus.SUCCEEDED] * 3

    run(main())


def test_what_another_node_did_is_noticed():
    """A history row with the same first event refuses the stale writer, who replays and decides again."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            key = (await world.start("f")).key
            other = World(world)
            await other.workflow.engine.advance(key, Stop("E", "C"))
            await world.workflow.engine.advance(key, TimerFired(3))
            assert (await world.describe("f")).status is ExecutionStatus.STOPPED
            assert (await world.kinds("f"))[-1] == "ExecutionStopped"

    run(main())


def test_activations_that_come_together_are_taken_in_order():
    """The second one meets the run as the first one left it; one commit holds both."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            key = (await world.start("f")).key
            world.db.commits = 0
            first, second = await asyncio.gather(
                world.workflow.engine.advance(key, Stop("first")), world.workflow.engine.advance(key, Stop("second"))
            )
            assert (first.refusal, second.refusal is not None, world.db.commits) == (None, True, 1)
            assert (await world.describe("f")).error == "first"

    run(main())


def test_what_the_database_refused_did_not_happen():
    """The caller learns it, and the run in memory is the run on disk."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            await world.start("f")
            world.db.refusals = 1
            with pytest.raises(Unavailable):
                await world.workflow.executions.stop(ACCOUNT, "f", "run")
            assert (await world.describe("f")).status is ExecutionStatus.RUNNING
            await world.workflow.executions.stop(ACCOUNT, "f", "run")
            with pytest.raises(ExecutionCompleted):
                await world.workflow.executions.stop(ACCOUNT, "f", "run")

    run(main())


def test_a_result_waits_for_a_database_that_is_away():
    """The function is not called again for it."""

    async def main() -> None:
        async with World() as world:
            gate = asyncio.Event()

            async def slow(invocation: Invocation) -> bytes:
                await gate.wait()
                return b"{}"

            world.function = slow
            await world.flow("f", CALL)
            await world.start("f")
            await settle()
            world.db.refusals = 3
            gate.set()
            await world.clock.advance(5)
            assert ((await world.describe("f")).status, len(world.invoked)) == (ExecutionStatus.SUCCEEDED, 1)

    run(main())


def test_a_token_of_a_stopped_execution_is_used_up():
    """A report for it says so."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", ASK)
            await world.start("f")
            await settle()
            await world.workflow.executions.stop(ACCOUNT, "f", "run")
            with pytest.raises(TaskCompleted):
                await world.workflow.executions.report_succeeded(ACCOUNT, world.published[0], "{}")

    run(main())


def test_a_call_without_a_task_ends_its_step():
    """Its result is stored from where it arrives, and its row goes with it."""

    async def main() -> None:
        async with World(prompt=True) as world:
            await world.flow("f", CALL)
            key = (await world.start("f")).key
            await settle()
            assert world.workflow.statistics()["running_effects"] == 1
            await world.finish()
            ended = await world.describe("f")
            assert (ended.status, ended.output, len(world.invoked)) == (ExecutionStatus.SUCCEEDED, '{"done":true}', 1)
            assert world.workflow.statistics()["running_effects"] == 0
            assert await world.db.read(lambda tx: store.effects(tx, key.account_id, key.flow_id, 9)) == []

    run(main())


@pytest.mark.parametrize(
    ("came_to", "error"), [(Throttled("Too many."), "FC.ResourceThrottled"), (OSError("?"), "FnF.RuntimeError")]
)
def test_a_call_without_a_task_may_fail(came_to: Exception, error: str):
    """A refusal has the name of its code; what nobody expected is the platform's own error."""

    async def main() -> None:
        async with World(prompt=True) as world:
            await world.flow("f", CALL)
            await world.start("f")
            await settle()
            await world.finish(came_to)
            ended = await world.describe("f")
            assert (ended.status, ended.error) == (ExecutionStatus.FAILED, error)

    run(main())


def test_a_call_that_can_not_begin_without_a_task_has_one():
    """Whatever went wrong, the starter is answered and the function is called."""

    async def main() -> None:
        async with World(prompt=True) as world:
            world.broken = True
            await world.flow("f", CALL)
            await world.start("f")
            await settle()
            assert ((await world.describe("f")).status, len(world.invoked)) == (ExecutionStatus.SUCCEEDED, 1)

    run(main())


def test_a_start_that_the_database_refuses_is_over():
    """The starter learns it, and the end of the platform doesn't wait for it."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", CALL)
            world.db.refusals = 1
            with pytest.raises(Unavailable):
                await world.start("f")
            assert world.workflow.statistics()["committing"] == 0

    run(main())


def test_a_result_without_a_task_waits_for_a_database_that_is_away():
    """The function is not called again for it."""

    async def main() -> None:
        async with World(prompt=True) as world:
            await world.flow("f", CALL)
            await world.start("f")
            await settle()
            world.db.refusals = 3
            await world.finish()
            await world.clock.advance(5)
            assert ((await world.describe("f")).status, len(world.invoked)) == (ExecutionStatus.SUCCEEDED, 1)

    run(main())


def test_a_call_that_is_under_way_at_the_end_is_made_again_after_the_next_start():
    """Without a task as well: it is given up, and its row is still there."""

    async def main() -> None:
        before = World(prompt=True)
        async with before:
            await before.flow("f", CALL)
            await before.start("f")
            await settle()
        assert (len(before.underway), before.given_up) == (1, 1)
        async with World(before, prompt=True) as world:
            await settle()
            assert (len(world.invoked), (await world.describe("f")).status) == (1, ExecutionStatus.SUCCEEDED)

    run(main())


def test_an_activation_that_can_not_be_decided_spares_those_that_came_with_it():
    """Whoever posted it learns why; the others are decided one by one."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            key = (await world.start("f")).key
            broken: Any = object()
            bad, good = await asyncio.gather(
                world.workflow.engine.advance(key, broken),
                world.workflow.engine.advance(key, Stop("E")),
                return_exceptions=True,
            )
            assert isinstance(bad, AssertionError)
            assert not isinstance(good, BaseException)
            assert (await world.describe("f")).status is ExecutionStatus.STOPPED

    run(main())


@pytest.mark.parametrize("live_runs", [100, 1])
def test_an_execution_that_has_ended_leaves_no_alarm(live_runs: int):
    """Neither one that it waits for nor an older one, whether its run was in memory or was replayed."""

    async def main() -> None:
        async with World(live_runs=live_runs) as world:
            await world.flow("f", TIMEOUT + "  - {type: wait, name: rest, duration: 60}\n")
            await world.start("f")
            await world.start("f", "other")
            await settle()
            assert len(await world.db.read(lambda tx: store.timers(tx, 9))) == 4
            for name in ("run", "other"):
                await world.workflow.executions.stop(ACCOUNT, "f", name)
            assert await world.db.read(lambda tx: store.timers(tx, 9)) == []

    run(main())

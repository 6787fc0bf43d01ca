import asyncio

import pytest

from liuyun.errors import (
    ExecutionExists,
    ExecutionNotFound,
    FlowNotFound,
    Invalid,
    InvalidTaskToken,
    TaskCompleted,
    Unsupported,
    phrase,
)
from liuyun.model.execution import ExecutionFilter, ExecutionMode, ExecutionStatus, FlowChanges, FlowSpec
from liuyun.model.invocation import Invocation
from liuyun.testing.clock import settle
from liuyun.workflow.core.events import Event, EventType
from liuyun.workflow.core.turn import failure
from liuyun.workflow.executions import to_history
from tests.conftest import run
from tests.unit.workflow.world import ACCOUNT, ASK, CALL, PASS, REST, World


def test_a_wait_ends_with_the_execution():
    """Not with its own deadline."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            await world.start("f")
            waiting = asyncio.create_task(world.describe("f", wait_s=60))
            await world.clock.advance(11)
            assert waiting.done()
            assert waiting.result().status is ExecutionStatus.SUCCEEDED

    run(main())


def test_a_wait_ends_with_its_deadline():
    """The answer is the execution as it is."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            await world.start("f")
            waiting = asyncio.create_task(world.describe("f", wait_s=5))
            await world.clock.advance(6)
            assert waiting.result().status is ExecutionStatus.RUNNING
            assert world.workflow.statistics()["watched"] == 0

    run(main())


def test_a_wait_that_was_given_up_leaves_nothing_behind():
    """A client that goes away takes its watch along."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            await world.start("f")
            waiting = asyncio.create_task(world.describe("f", wait_s=60))
            await settle()
            assert world.workflow.statistics()["watched"] == 1
            waiting.cancel()
            await settle()
            assert world.workflow.statistics()["watched"] == 0

    run(main())


def test_a_stopping_platform_answers_waits_at_once():
    """Those that have begun and those that come later."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            await world.start("f")
            waiting = asyncio.create_task(world.describe("f", wait_s=60))
            await settle()
            world.workflow.end_waits()
            assert (await waiting).status is ExecutionStatus.RUNNING
            assert (await world.describe("f", wait_s=60)).status is ExecutionStatus.RUNNING

    run(main())


def test_a_wait_for_an_execution_that_memory_forgot_ends_too():
    """It is looked up again once the watch stands, and then watched."""

    async def main() -> None:
        async with World(live_runs=1) as world:
            await world.flow("f", REST)
            await world.start("f", "a")
            await world.start("f", "b")
            waiting = asyncio.create_task(world.describe("f", "a", wait_s=60))
            await world.clock.advance(11)
            assert waiting.result().status is ExecutionStatus.SUCCEEDED

    run(main())


def test_the_end_of_an_execution_is_reported_to_its_starter():
    """CallbackFnFTaskToken: its output completes the waiting task, although the process died in between."""

    async def main() -> None:
        async with World() as world:
            await world.flow("parent", ASK)
            await world.flow("child", CALL)
            await world.start("parent")
            await settle()
        dying = World(world)
        await dying.start("child", callback_token=world.published[0])
        async with World(dying) as later:
            told = await later.describe("parent", wait_s=5)
            assert (told.status, told.output) == (ExecutionStatus.SUCCEEDED, '{"done":true}')

    run(main())


def test_the_failure_of_an_execution_is_reported_to_its_starter():
    """With its own error."""

    async def main() -> None:
        async with World() as world:
            await world.flow("parent", ASK)
            await world.flow("child", REST)
            await world.start("parent")
            await settle()
            await world.start("child", callback_token=world.published[0])
            await world.workflow.executions.stop(ACCOUNT, "child", "run", error="Enough", cause="really")
            told = await world.describe("parent", wait_s=5)
            assert (told.status, told.error, told.cause) == (ExecutionStatus.FAILED, "Enough", "really")

    run(main())


def test_a_starter_that_is_gone_holds_nothing_up():
    """The report is dropped; the outbox is empty."""

    async def main() -> None:
        async with World() as world:
            await world.flow("parent", ASK)
            await world.flow("child", PASS)
            await world.start("parent")
            await settle()
            await world.workflow.executions.stop(ACCOUNT, "parent", "run")
            await world.start("child", callback_token=world.published[0])
            await settle()
        async with World(world) as later:
            assert later.workflow.statistics()["waiting_effects"] == 0

    run(main())


def test_a_name_is_one_execution_while_it_runs_and_none_after():
    """StartExecution may be repeated safely."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", REST)
            first = await world.workflow.executions.start(ACCOUNT, "f", name="run")
            again = await world.workflow.executions.start(ACCOUNT, "f", name="run", input_text='{"other":1}')
            assert (first.fresh, again.fresh, again.execution.key) == (True, False, first.execution.key)
            await world.clock.advance(11)
            with pytest.raises(ExecutionExists):
                await world.start("f")

    run(main())


def test_an_unknown_flow_and_an_unknown_execution_are_told_apart():
    """404 either way, with different codes."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", PASS)
            with pytest.raises(ExecutionNotFound):
                await world.describe("f", "none")
            with pytest.raises(FlowNotFound):
                await world.describe("none")
            with pytest.raises(FlowNotFound):
                await world.start("none")

    run(main())


@pytest.mark.parametrize("name", ["1st", "a b", "x" * 129, "流"])
def test_names_follow_the_rule(name: str):
    """As those of flows."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", PASS)
            with pytest.raises(Invalid, match="ExecutionName"):
                await world.start("f", name)

    run(main())


def test_a_flow_changed_by_another_node_is_started_as_it_is():
    """What memory knows of a flow is checked in the commit that starts it."""

    async def main() -> None:
        async with World() as world, World(world) as other:
            await world.flow("f", REST)
            await world.start("f", "before")
            await other.workflow.flows.update(ACCOUNT, "f", FlowChanges(definition=PASS))
            assert (await world.start("f", "after")).definition == PASS
            await other.workflow.flows.delete(ACCOUNT, "f")
            with pytest.raises(FlowNotFound):
                await world.start("f", "late")

    run(main())


def test_what_a_deleted_flow_stored_is_removed():
    """Running executions are stopped first; what a process left when it died is removed by the next one."""

    async def main() -> None:
        before = World()
        await before.flow("f", REST)
        await before.flow("other", REST)
        keys = [(await before.start("f", f"run{number}")).key for number in range(3)]
        kept = (await before.start("other")).key
        await before.workflow.flows.delete(ACCOUNT, "f")
        async with World(before) as world:
            assert [await world.stored(key) for key in [*keys, kept]] == [False, False, False, True]

    run(main())


def test_a_result_for_a_removed_execution_is_dropped():
    """A function may outlive the flow that called it."""

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
            await world.workflow.flows.delete(ACCOUNT, "f")
            await settle()
            gate.set()
            await settle()
            assert world.workflow.statistics()["running_effects"] == 0

    run(main())


def test_a_token_is_not_for_another_account():
    """Nor is it for an execution that isn't there."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", ASK)
            await world.start("f")
            await settle()
            with pytest.raises(InvalidTaskToken):
                await world.workflow.executions.report_succeeded("999", world.published[0], "{}")

    run(main())


def test_a_token_of_a_deleted_flow_says_nothing_to_its_successor():
    """Same flow name, same execution name, same event; another task."""

    async def main() -> None:
        async with World() as world:
            for _ in range(2):
                await world.flow("f", ASK)
                await world.start("f")
                await settle()
                if len(world.published) == 1:
                    await world.workflow.flows.delete(ACCOUNT, "f")
            with pytest.raises(InvalidTaskToken):
                await world.workflow.executions.report_succeeded(ACCOUNT, world.published[0], "{}")
            await world.workflow.executions.report_succeeded(ACCOUNT, world.published[1], "{}")
            with pytest.raises(TaskCompleted):
                await world.workflow.executions.report_succeeded(ACCOUNT, world.published[1], "{}")

    run(main())


def test_an_express_flow_is_started_and_awaited_in_one_call():
    """Its execution's name gets a uuid, so that a name may be used again; StartExecution is for the others."""

    async def main() -> None:
        async with World() as world:
            spec = FlowSpec(name="quick", definition=CALL, mode=ExecutionMode.EXPRESS)
            await world.workflow.flows.create(ACCOUNT, spec)
            for _ in range(2):
                ended = await world.workflow.executions.start_sync(ACCOUNT, "quick", name="run")
                assert (ended.status, ended.output) == (ExecutionStatus.SUCCEEDED, '{"done":true}')
                assert ended.name.startswith("run:")
            with pytest.raises(Unsupported):
                await world.start("quick")

    run(main())


def test_pages_hold_what_came_before_them():
    """Newest first; the key of a page leads to the next one."""

    async def main() -> None:
        async with World() as world:
            await world.flow("f", PASS)
            for number in range(5):
                await world.start("f", f"run{number}")
                await world.clock.advance(1)
            executions = world.workflow.executions
            first = await executions.list(ACCOUNT, "f", ExecutionFilter(), limit=3)
            rest = await executions.list(ACCOUNT, "f", ExecutionFilter(), limit=3, after=first.next_key or "")
            assert [e.name for e in [*first.items, *rest.items]] == ["run4", "run3", "run2", "run1", "run0"]
            assert rest.next_key is None

    run(main())


def test_a_vendors_history_tells_no_phrases() -> None:
    """What the platform says is kept for its own pages; the vendor's API tells error and cause, as the vendor does."""
    detail = failure("FnF.Broken", phrase("flow_deleted", "The flow was deleted."))
    assert detail["phrase"]["code"] == "flow_deleted"
    told = to_history(Event(2, 1, EventType.EXECUTION_FAILED, 0, detail)).detail
    assert told == {"error": "FnF.Broken", "cause": "The flow was deleted."}

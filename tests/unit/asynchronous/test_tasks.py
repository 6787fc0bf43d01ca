"""Tasks: seen, listed, stopped, forgotten."""

import json

import pytest

from liuyun.errors import TaskEnded, TaskNotFound
from liuyun.model.asynchronous import AsyncConfig, TaskFilter, TaskStatus
from liuyun.settings import Limits
from liuyun.testing.clock import settle
from tests.conftest import run
from tests.unit.asynchronous.stage import ACCOUNT, KEY, Gate, failed, stage, succeeded

KEPT = AsyncConfig(stateful=True, max_retries=1)
QUEUE = "acs:mns:cn-hangzhou:1:/queues/q/messages"


def test_a_task_tells_its_story() -> None:
    """Every status on the way, what the function got and returned, how long it took and where."""

    async def main() -> None:
        async with stage(config=KEPT) as on:
            await on.accept(b"in", task_id="t")
            await settle()
            task = await on.task("t")
            assert await on.statuses("t") == ["Enqueued", "Dequeued", "Running", "Succeeded"]
            assert (task.payload, task.returned, task.duration_ms, task.instance_id) == (b"in", b"out", 12.4, "i1")

    run(main())


def test_a_failure_and_its_retry_are_told() -> None:
    """With the function's own message."""

    async def main() -> None:
        async with stage(config=KEPT, answer=failed) as on:
            await on.accept(task_id="t")
            await on.clock.advance(2)
            task = await on.task("t")
            assert (await on.statuses("t"))[3:] == ["Retrying", "Dequeued", "Running", "Failed"]
            assert (task.error, task.retries, task.returned) == ("boom", 1, b"")

    run(main())


def test_a_running_task_is_called_off() -> None:
    """It is Stopping until the call has ended; the function's instance is told by the cancelled call."""

    async def main() -> None:
        gate = Gate()
        async with stage(config=KEPT, answer=gate) as on:
            await on.accept(task_id="t")
            await settle()
            assert (await on.tasks.stop(KEY, "t")).status is TaskStatus.STOPPING
            await settle()
            assert (gate.cancelled, (await on.task("t")).status) == (1, TaskStatus.STOPPED)
            assert on.asynchronous.statistics()["backlog"] == 0
            assert (await on.tasks.stop(KEY, "t")).status is TaskStatus.STOPPED

    run(main())


def test_a_waiting_task_never_runs_once_it_is_stopped() -> None:
    """Nor does its place in the queue stay."""

    async def main() -> None:
        gate = Gate()
        async with stage(config=KEPT, answer=gate, limits=Limits(async_running_per_function=1)) as on:
            await on.accept(task_id="first")
            await settle()
            await on.accept(task_id="second")
            assert (await on.tasks.stop(KEY, "second")).status is TaskStatus.STOPPED
            gate.open.set()
            await settle(60)
            assert len(on.calls) == 1
            assert on.asynchronous.statistics()["backlog"] == 0

    run(main())


def test_a_failure_while_it_is_stopping_is_not_retried() -> None:
    """Who stopped it wants no more tries."""

    async def main() -> None:
        async with stage(config=KEPT) as on:

            async def fails_when_stopped(invocation):
                with pytest.raises(BaseException):  # noqa: B017, PT011 - it takes no notice of being called off
                    await Gate()(invocation)
                return failed(invocation)

            on.answer = fails_when_stopped
            await on.accept(task_id="t")
            await settle()
            await on.tasks.stop(KEY, "t")
            await settle()
            assert (await on.task("t")).status is TaskStatus.STOPPED

    run(main())


def test_what_was_being_stopped_is_not_begun_again_after_a_restart() -> None:
    """The wish to stop it is as durable as the task."""

    async def main() -> None:
        gate = Gate()
        async with stage(config=KEPT, answer=gate) as on:
            await on.accept(task_id="t")
            await settle()
            on.invocations.stop = lambda number: None  # type: ignore[method-assign] - the platform goes down right then
            await on.tasks.stop(KEY, "t")
        async with stage(db=on.db, clock=on.clock, config=KEPT) as again:
            await settle()
            assert again.calls == []
            assert (await again.task("t")).status is TaskStatus.STOPPED

    run(main())


def test_what_cannot_be_stopped() -> None:
    """A task that has ended, one that never was."""

    async def main() -> None:
        async with stage(config=KEPT) as on:
            await on.accept(task_id="t")
            await settle()
            with pytest.raises(TaskEnded):
                await on.tasks.stop(KEY, "t")
            with pytest.raises(TaskNotFound):
                await on.tasks.stop(KEY, "u")

    run(main())


def test_lists_have_filters_an_order_and_pages() -> None:
    """By status, beginning of the id, version and time; a page's next key leads on."""

    async def main() -> None:
        async with stage(config=KEPT) as on:
            begun = on.clock.now()
            for name in ("a-1", "a-2", "b-1"):
                await on.accept(task_id=name)
                await on.clock.advance(1)
            on.answer = failed
            await on.accept(task_id="c-1")
            await on.clock.advance(5)

            async def ids(wanted: TaskFilter, **options) -> list[str]:
                return [task.task_id for task in (await on.tasks.list(KEY, wanted, **options)).items]

            assert await ids(TaskFilter()) == ["a-1", "a-2", "b-1", "c-1"]
            assert await ids(TaskFilter(newest_first=True), limit=2) == ["c-1", "b-1"]
            assert await ids(TaskFilter(status=TaskStatus.FAILED)) == ["c-1"]
            assert await ids(TaskFilter(prefix="a-")) == ["a-1", "a-2"]
            assert await ids(TaskFilter(qualifier="prod")) == []
            assert await ids(TaskFilter(started_from=begun + 1000, started_until=begun + 2000)) == ["a-2", "b-1"]
            for newest_first in (False, True):
                wanted = TaskFilter(newest_first=newest_first)
                page = await on.tasks.list(KEY, wanted, limit=3)
                assert page.next_key
                rest = await on.tasks.list(KEY, wanted, limit=3, after=page.next_key)
                assert len({task.task_id for task in (*page.items, *rest.items)}) == 4
                assert rest.next_key is None
            assert (await on.tasks.functions(ACCOUNT)).items == [("s", "f", "")]

    run(main())


def test_ended_tasks_are_forgotten_after_a_while() -> None:
    """Those that go on are kept, however old."""

    async def main() -> None:
        async with stage(config=KEPT, limits=Limits(task_retention_s=3600)) as on:
            await on.accept(task_id="ended")
            await settle()
            gate = on.answer = Gate()
            await on.accept(task_id="running")
            await on.clock.advance(3600 + 61)
            assert [task.task_id for task in (await on.tasks.list(KEY, TaskFilter())).items] == ["running"]
            gate.open.set()

    run(main())


def test_a_queue_is_told_once_and_the_task_knows() -> None:
    """The account goes with the commit that ends its way."""

    async def main() -> None:
        async with stage(config=AsyncConfig(stateful=True, on_success=QUEUE)) as on:
            await on.accept(task_id="t")
            await settle(60)
            ((name, body),) = on.sent
            assert (name, json.loads(body)["requestContext"]["condition"]) == ("q", "Success")
            assert (await on.task("t")).destination_status == "Succeeded"

    run(main())


def test_a_queue_that_is_missing_is_tried_and_given_up() -> None:
    """The task says that its destination failed, and nothing is left behind."""

    async def main() -> None:
        async with stage(config=AsyncConfig(stateful=True, on_success=QUEUE), missing={"q"}) as on:
            await on.accept(task_id="t")
            await on.clock.advance(10)
            assert (await on.task("t")).destination_status == ""
            await on.clock.advance(60)
            assert (await on.task("t")).destination_status == "Failed"
            assert (await on.task("t")).status is TaskStatus.SUCCEEDED

    run(main())


def test_topics_and_functions_are_told() -> None:
    """A topic by a publication, a function by an asynchronous invocation of its own."""

    async def main() -> None:
        config = AsyncConfig(
            max_retries=0,
            on_success="acs:mns:r:1:/topics/t/messages",
            on_failure="acs:fc:r:1:services/s.prod/functions/mourner",
        )
        async with stage(config=config) as on:
            await on.accept()
            await settle(60)
            assert [topic for topic, _ in on.published] == ["t"]
            on.answer = lambda invocation: (failed if invocation.function == "f" else succeeded)(invocation)
            await on.accept(b"why")
            await settle(60)
            told = on.calls[-1]
            assert (told.function, told.qualifier, told.source) == ("mourner", "prod", "destination")
            assert json.loads(told.payload)["requestPayload"] == "why"

    run(main())


def test_an_account_outlives_a_restart() -> None:
    """What was to be told when the platform went down is told by the next."""

    async def main() -> None:
        async with stage(config=AsyncConfig(on_success=QUEUE), missing={"q"}) as on:
            await on.accept()
            await settle(60)
        async with stage(db=on.db, clock=on.clock) as again:
            await again.clock.advance(5)
            assert [name for name, _ in again.sent] == ["q"]

    run(main())


def test_destinations_that_call_each_other_come_to_an_end() -> None:
    """A chain of functions is cut after a number of hops."""

    async def main() -> None:
        async with stage(config=AsyncConfig(on_success="acs:fc:r:1:services/s/functions/f")) as on:
            await on.accept()
            await settle(2000)
            assert len(on.calls) == 17
            assert on.asynchronous.statistics()["backlog"] == 0

    run(main())

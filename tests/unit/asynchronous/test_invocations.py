"""Asynchronous invocations: carried out later, again, fairly, and after a restart."""

import pytest

from liuyun.errors import FunctionNotFound, Invalid, TaskExists, Throttled, TooLarge, Unavailable
from liuyun.model.asynchronous import AsyncConfig
from liuyun.settings import Limits
from liuyun.testing.clock import settle
from tests.conftest import run
from tests.unit.asynchronous.stage import Gate, Stage, failed, raising, stage, succeeded


def test_what_was_accepted_is_carried_out() -> None:
    """With the payload and the request id that it was accepted with."""

    async def main() -> None:
        async with stage() as on:
            accepted = await on.accept(b"hello")
            await settle()
            (call,) = on.calls
            assert (call.payload, call.request_id, call.retry_count) == (b"hello", accepted, 0)
            statistics = on.asynchronous.statistics()
            assert (statistics["backlog"], statistics["succeeded"]) == (0, 1)

    run(main())


def test_case_14_a_failing_function_is_retried() -> None:
    """Two retries are three tries, which know how many there were before; all with one request id."""

    async def main() -> None:
        async with stage(config=AsyncConfig(max_retries=2), answer=failed) as on:
            await on.accept()
            await on.clock.advance(60)
            assert [call.retry_count for call in on.calls] == [0, 1, 2]
            assert len({call.request_id for call in on.calls}) == 1
            assert on.asynchronous.statistics()["failed"] == 1

    run(main())


@pytest.mark.parametrize("error", [Throttled("full"), Unavailable("the disk is full")])
def test_what_finds_no_room_costs_no_retry(error: Exception) -> None:
    """It waits longer each time, and runs when there is room."""

    async def main() -> None:
        async with stage(config=AsyncConfig(max_retries=0), answer=raising(error)) as on:  # type: ignore[arg-type]
            await on.accept()
            await on.clock.advance(3.6)
            assert len(on.calls) == 4
            on.answer = succeeded
            await on.clock.advance(4)
            assert on.calls[-1].retry_count == 0
            assert on.asynchronous.statistics()["succeeded"] == 1

    run(main())


def test_a_function_that_went_away_ends_its_invocations() -> None:
    """Nothing is tried for ever."""

    async def main() -> None:
        async with stage(answer=raising(FunctionNotFound("s", "f"))) as on:
            await on.accept()
            await settle()
            statistics = on.asynchronous.statistics()
            assert (statistics["backlog"], statistics["invalid"]) == (0, 1)

    run(main())


def test_what_waited_too_long_expires() -> None:
    """It is not even tried once its age is over."""

    async def main() -> None:
        gate = Gate()
        limits = Limits(async_running_per_function=1)
        async with stage(config=AsyncConfig(max_age_s=10), answer=gate, limits=limits) as on:
            await on.accept(b"first")
            await settle()
            await on.accept(b"second")
            await on.clock.advance(11)
            gate.open.set()
            await settle(60)
            assert [call.payload for call in on.calls] == [b"first"]
            assert on.asynchronous.statistics()["expired"] == 1

    run(main())


def test_what_is_refused() -> None:
    """A payload over the limit, a function that isn't there, a full queue: before anything is stored."""

    async def main() -> None:
        limits = Limits(async_payload_bytes=4, async_backlog=1, async_running_per_function=1)
        async with stage(answer=Gate(), limits=limits, missing={"g"}) as on:
            with pytest.raises(TooLarge):
                await on.accept(b"12345")
            with pytest.raises(FunctionNotFound):
                await on.accept(b"", function="g")
            await on.accept(b"")
            with pytest.raises(Throttled):
                await on.accept(b"")
            assert on.asynchronous.statistics()["enqueued"] == 1

    run(main())


def test_an_id_is_used_once_and_only_where_tasks_are_kept() -> None:
    """A second use would run the work twice."""

    async def main() -> None:
        async with stage() as on:
            with pytest.raises(Invalid):
                await on.accept(task_id="order-1")
            on.config = AsyncConfig(stateful=True)
            assert await on.accept(task_id="order-1") == "order-1"
            await settle()
            with pytest.raises(TaskExists):
                await on.accept(task_id="order-1")
            await settle()
            assert len(on.calls) == 1

    run(main())


def test_one_function_leaves_room_for_the_others() -> None:
    """However many of its invocations wait."""

    async def main() -> None:
        gate = Gate()
        async with stage(answer=gate, limits=Limits(async_running_per_function=2)) as on:
            for _ in range(5):
                await on.accept(function="busy")
            await on.accept(function="other")
            await settle(60)
            assert [call.function for call in on.calls] == ["busy", "busy", "other"]
            gate.open.set()
            await settle(200)
            assert len(on.calls) == 6

    run(main())


def test_a_restart_goes_on_where_it_was() -> None:
    """What was under way is tried again with its count, what waits for a retry keeps its time."""

    async def main() -> None:
        gate = Gate()
        async with stage(answer=gate) as on:
            await on.accept(b"under way")
            await settle()
            on.answer = failed
            await on.accept(b"retried", function="g")
            await settle()
        assert gate.cancelled == 1
        async with stage(db=on.db, clock=on.clock) as again:
            await settle()
            assert [(call.payload, call.retry_count) for call in again.calls] == [(b"under way", 0)]
            await again.clock.advance(1)
            assert [(call.payload, call.retry_count) for call in again.calls[1:]] == [(b"retried", 1)]
            assert again.asynchronous.statistics()["backlog"] == 0

    run(main())


def test_http_calls_keep_their_request() -> None:
    """An HTTP trigger's request is there after a restart too."""
    from msgspec.structs import replace

    from liuyun.model.invocation import HttpCall, Invocation
    from tests.unit.asynchronous.stage import ACCOUNT

    async def main() -> None:
        http = HttpCall("PUT", "/a", "b=1", "/x/a?b=1", (("accept", "*/*"),), "1.2.3.4", "host")
        call = Invocation(ACCOUNT, "s", "f", b"\x00\xff", "r", "prod", http, source="http", tracing={"a": "b"})
        before = Stage()
        await before.invocations.accept(call)
        async with stage(db=before.db, clock=before.clock) as on:
            await settle()
            assert on.calls == [replace(call, retry_count=0)]

    run(main())

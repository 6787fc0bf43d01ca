"""Deliveries to queues and functions: once, again, at the same time, after a restart."""

import asyncio
import json
from collections.abc import Callable

import msgspec.structs
import pytest

from liuyun.errors import FunctionNotFound, PlatformError, Throttled, Unavailable
from liuyun.messaging.core.subscribing import attributes
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.testing.clock import settle
from tests.conftest import run
from tests.unit.messaging.stage import ACCOUNT, Stage, UnstableDatabase, failed, succeeded

FUNCTION = "acs:fc:cn-hangzhou:1:services/s.prod/functions/f"
Answer = Callable[[Invocation], InvocationResult]
QUEUE = "acs:mns:cn-hangzhou:1:queues/q"


async def staged(endpoint: str = FUNCTION, format_: str = "", tag: str = "") -> Stage:
    """A running stage with one subscription."""
    stage = await Stage().open()
    await stage.topics.subscribe(ACCOUNT, "t", "sub", attributes(endpoint, tag, "", format_))
    return stage


async def waiting(stage: Stage) -> int:
    """How many publications somebody has yet to get."""
    return (await stage.topics.get(ACCOUNT, "t")).pending or 0


def test_a_function_gets_the_message_as_its_event() -> None:
    """STREAM: the event is exactly the body, and the call names account, service, version and cause."""

    async def main() -> None:
        stage = await staged()
        await stage.topics.publish(ACCOUNT, "t", "hello topic")
        await stage.idle()
        (call,) = stage.functions.calls
        assert (call.account_id, call.service, call.qualifier, call.function) == (ACCOUNT, "s", "prod", "f")
        assert (call.payload, call.retry_count, call.source) == (b"hello topic", 0, "mns_topic")
        assert await waiting(stage) == 0

    run(main())


def test_a_queue_gets_the_message_in_its_format() -> None:
    """The document of the subscription's format is the queue's message, and wakes who waits for it."""

    async def main() -> None:
        stage = await staged(QUEUE, "JSON")
        waiter = await stage.waiter()
        await stage.topics.publish(ACCOUNT, "t", "hi", "tag1")
        await stage.idle()
        document = json.loads((await waiter)[0])
        assert (document["Message"], document["MessageTag"], document["SubscriptionName"]) == ("hi", "tag1", "sub")
        assert await waiting(stage) == 0

    run(main())


def test_the_largest_message_fits_a_queue_in_its_document() -> None:
    """What a topic took is not refused by a queue because a document stands around it."""

    async def main() -> None:
        stage = await staged(QUEUE, "XML")
        await stage.topics.publish(ACCOUNT, "t", "<" * 65_536)
        await stage.idle()
        assert len((await stage.receive())[0]) > 4 * 65_536

    run(main())


def test_a_queue_that_is_not_there_is_tried_again() -> None:
    """A missing target counts as a failed push, and gets the message once it is there."""

    async def main() -> None:
        stage = await staged(QUEUE.replace("/q", "/late"), "SIMPLIFIED")
        await stage.topics.publish(ACCOUNT, "t", "x")
        await stage.idle()
        await stage.queue(name="late")
        await stage.clock.advance(20)
        await stage.idle()
        assert [each.body for each in await stage.queues.receive(ACCOUNT, "late")] == ["x"]

    run(main())


def test_a_failing_function_is_called_four_times() -> None:
    """Three retries, each told how many there were, then the message is dropped."""

    async def main() -> None:
        stage = await staged()
        stage.functions.answer = failed
        await stage.topics.publish(ACCOUNT, "t", "x")
        await stage.clock.advance(60)
        assert [call.retry_count for call in stage.functions.calls] == [0, 1, 2, 3]
        assert await waiting(stage) == 0

    run(main())


def test_why_a_try_was_in_vain_is_kept_until_the_next() -> None:
    """For each way of failing, with the time; a try by hand needs no waiting, and counts as any other."""

    async def main() -> None:
        stage = await staged()
        stage.functions.answer = refusing(Throttled("no room"), times=1, then=crashed)
        supervision, began = stage.messaging.supervision, stage.clock.now()
        await stage.topics.publish(ACCOUNT, "t", "x")
        await stage.idle()
        seen = [(await supervision.waiting(ACCOUNT, "t", "sub", 9))[1][0]]
        await stage.clock.advance(0.5)
        await stage.idle()
        seen.append((await supervision.waiting(ACCOUNT, "t", "sub", 9))[1][0])
        assert [(each.reason, each.tried_at) for each in seen] == [
            ("no room", began),
            (f"the function failed: division by zero (request {stage.functions.calls[1].request_id})", began + 500),
        ]
        stage.functions.answer = succeeded
        assert await supervision.try_now(ACCOUNT, "t", "sub") == 1
        await stage.idle()
        assert [call.retry_count for call in stage.functions.calls] == [0, 0, 1]
        assert await waiting(stage) == 0

    run(main())


def test_what_was_tried_in_vain_is_given_up() -> None:
    """That of one message, or all; what was not tried yet and what is under way stay."""

    async def main() -> None:
        stage = await staged()
        stage.functions.answer = refusing(FunctionNotFound("s", "f"), times=9)
        messages = [await stage.topics.publish(ACCOUNT, "t", body) for body in ("a", "b", "c")]
        await stage.idle()
        supervision = stage.messaging.supervision
        assert await supervision.waiting_of(ACCOUNT, "t") == {"sub": 3}
        assert await supervision.give_up(ACCOUNT, "t", "sub", messages[1].message_id) == 1
        assert await supervision.try_now(ACCOUNT, "t", "sub", messages[1].message_id) == 0
        assert [each.delivery.publication.body for each in (await supervision.waiting(ACCOUNT, "t", "sub", 9))[1]] == [
            "a", "c",
        ]  # fmt: skip
        assert await supervision.give_up(ACCOUNT, "t", "sub") == 2
        assert await waiting(stage) == 0

    run(main())


@pytest.mark.parametrize("error", [Throttled("full"), Unavailable("no sandbox")])
def test_a_function_is_asked_until_it_can_run(error: PlatformError) -> None:
    """Being put off, for want of room or through a fault of the platform's own, costs no retry."""

    async def main() -> None:
        stage = await staged()
        stage.functions.answer = refusing(error, times=7)
        await stage.topics.publish(ACCOUNT, "t", "x")
        await stage.clock.advance(120)
        assert [call.retry_count for call in stage.functions.calls] == [0] * 8
        assert await waiting(stage) == 0

    run(main())


def test_a_missing_function_is_tried_as_the_strategy_says() -> None:
    """A function that doesn't exist is a target that can't be reached; a fault of ours counts the same."""

    async def main() -> None:
        for error in (FunctionNotFound("s", "f"), ZeroDivisionError()):
            stage = await staged()
            stage.functions.answer = refusing(error, times=9)
            await stage.topics.publish(ACCOUNT, "t", "x")
            await stage.clock.advance(90)
            assert len(stage.functions.calls) == 4
            assert await waiting(stage) == 0

    run(main())


def test_slow_functions_do_not_hold_up_others() -> None:
    """Hundreds of calls of one subscription may be under way while another subscription is served."""

    async def main() -> None:
        stage = await staged()
        await stage.topics.subscribe(ACCOUNT, "t", "quick", attributes("acs:fc:::services/s/functions/quick", "quick"))
        release = asyncio.Event()
        stage.functions.answer = lambda call: succeeded(call) if call.function == "quick" else after(release, call)
        for _ in range(300):
            await stage.topics.publish(ACCOUNT, "t", "slow")
        await settle()
        await stage.topics.publish(ACCOUNT, "t", "both", "quick")
        await settle()
        assert len([call for call in stage.functions.calls if call.function == "f"]) == 301
        assert len([call for call in stage.functions.calls if call.function == "quick"]) == 1
        release.set()
        await stage.idle()
        assert await waiting(stage) == 0

    run(main())


def test_a_subscription_has_a_bound_of_its_own() -> None:
    """No more than the bound is under way at once; the rest follows as places become free."""

    async def main() -> None:
        stage = await staged()
        release = asyncio.Event()
        stage.functions.answer = lambda call: after(release, call)
        for _ in range(1100):
            await stage.topics.publish(ACCOUNT, "t", "slow")
        await settle(200)
        assert len(stage.functions.calls) == 1000
        release.set()
        await settle(200)
        await stage.idle()
        assert len(stage.functions.calls) == 1100

    run(main())


def test_what_was_under_way_is_delivered_after_a_restart() -> None:
    """A delivery stays stored until it is done, so a stop in its midst leads to another try."""

    async def main() -> None:
        stage = await staged()
        stage.functions.answer = lambda call: after(asyncio.Event(), call)
        await stage.topics.publish(ACCOUNT, "t", "x")
        await settle()
        assert len(stage.functions.calls) == 1
        await stage.messaging.close()
        again = Stage(stage.db, stage.clock)
        await again.messaging.start()
        await again.idle()
        assert [call.payload for call in again.functions.calls] == [b"x"]
        assert await waiting(again) == 0

    run(main())


def test_a_clean_stop_gives_time_to_finish() -> None:
    """Draining waits for what is under way, up to its bound."""

    async def main() -> None:
        stage = await staged()
        release = asyncio.Event()
        stage.functions.answer = lambda call: after(release, call)
        await stage.topics.publish(ACCOUNT, "t", "x")
        await settle()
        closing = asyncio.create_task(stage.messaging.close(drain_s=10))
        await settle()
        assert not closing.done()
        release.set()
        await closing
        assert await waiting(stage) == 0

    run(main())


def test_nothing_more_for_who_unsubscribed() -> None:
    """Deliveries of a subscription that is gone are dropped, with the publications that nobody else waits for."""

    async def main() -> None:
        stage = await staged()
        stage.functions.answer = failed
        await stage.topics.publish(ACCOUNT, "t", "x")
        await stage.idle()
        await stage.topics.unsubscribe(ACCOUNT, "t", "sub")
        await stage.clock.advance(60)
        assert len(stage.functions.calls) == 1
        assert await waiting(stage) == 0

    run(main())


def test_messages_of_yesterday_are_dropped() -> None:
    """After a day undelivered messages go, also those that lay while the platform was down."""

    async def main() -> None:
        stage = await staged()
        await stage.messaging.close()
        await stage.topics.publish(ACCOUNT, "t", "old")
        await stage.clock.advance(86_400)
        await stage.messaging.start()
        await stage.idle()
        assert stage.functions.calls == []
        assert await waiting(stage) == 0

    run(main())


def test_deliveries_go_on_after_the_database_was_down() -> None:
    """What can't be claimed is claimed later, and what can't be recorded is recorded later."""

    async def main() -> None:
        db = UnstableDatabase()
        stage = await Stage(db).open()
        await stage.topics.subscribe(ACCOUNT, "t", "sub", attributes(FUNCTION))
        await stage.topics.publish(ACCOUNT, "t", "x")
        db.broken = True  # before the dispatcher has had its turn
        await stage.clock.advance(2)
        assert stage.functions.calls == []
        db.broken = False
        stage.functions.answer = lambda call: after(breaking(db), call)
        await stage.clock.advance(2)
        assert (len(stage.functions.calls), stage.messaging.deliveries.statistics()["under_way"]) == (1, 1)
        db.broken = False
        await stage.clock.advance(2)
        assert (await waiting(stage), len(stage.functions.calls)) == (0, 1)

    run(main())


def crashed(invocation: Invocation) -> InvocationResult:
    return msgspec.structs.replace(
        failed(invocation), payload=b'{"errorMessage": "division by zero", "errorType": "ZeroDivisionError"}'
    )


def refusing(error: Exception, times: int, then: Answer = succeeded):
    """Answers with `error` so many times, then as `then` does."""
    left = [error] * times

    def answer(invocation: Invocation) -> InvocationResult:
        if left:
            raise left.pop()
        return then(invocation)

    return answer


async def after(event: asyncio.Event, invocation: Invocation) -> InvocationResult:
    await event.wait()
    return succeeded(invocation)


def breaking(db: UnstableDatabase) -> asyncio.Event:
    """An event that has happened, while the database breaks."""
    db.broken = True
    event = asyncio.Event()
    event.set()
    return event

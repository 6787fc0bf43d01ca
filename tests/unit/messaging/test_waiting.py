"""Long polls: who is woken, by what, and what happens to those who leave."""

import asyncio

import pytest

from liuyun.errors import QueueNotFound, Unavailable
from liuyun.testing.clock import settle
from tests.conftest import run
from tests.unit.messaging.stage import ACCOUNT, LateDatabase, Stage, UnstableDatabase, got


def test_a_send_wakes_a_waiting_receiver() -> None:
    """Who waits gets a message when it is sent, without time passing."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter()
        await stage.send("x")
        assert await got(waiter) == ["x"]

    run(main())


def test_waiting_ends_with_nothing() -> None:
    """After the time asked for a receiver gets nothing, not earlier."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter(wait_s=2)
        await stage.clock.advance(1.999)
        assert not waiter.done()
        await stage.clock.advance(0.001)
        assert await got(waiter) == []

    run(main())


def test_the_queue_says_how_long_to_wait() -> None:
    """Without a wait of its own a receive waits as long as the queue says."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(polling_wait_s=5)
        waiter = asyncio.create_task(stage.queues.receive(ACCOUNT, "q"))
        await stage.clock.advance(4)
        assert not waiter.done()
        await stage.clock.advance(1)
        assert await got(waiter) == ()

    run(main())


def test_receivers_are_served_in_the_order_of_arrival() -> None:
    """First come, first served, also when messages come one by one."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiters = [await stage.waiter() for _ in range(5)]
        await stage.send("a", "b", "c", "d", "e")
        assert [await got(waiter) for waiter in waiters] == [["a"], ["b"], ["c"], ["d"], ["e"]]

    run(main())


def test_one_message_wakes_one_receiver() -> None:
    """No herd: with a hundred waiting, one message costs one look into the queue."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiters = [await stage.waiter() for _ in range(100)]
        writes = count_writes(stage)
        await stage.send("x")
        await settle()
        assert [waiter.done() for waiter in waiters] == [True] + [False] * 99
        assert len(writes) == 2  # the send, and the one look
        for waiter in waiters[1:]:
            waiter.cancel()

    run(main())


def test_a_batch_serves_many_receivers() -> None:
    """Whoever could be served by what a batch brought is served."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiters = [await stage.waiter() for _ in range(3)]
        await stage.send(*"abcd")
        assert [await got(waiter) for waiter in waiters] == [["a"], ["b"], ["c"]]
        assert await stage.receive(16) == ["d"]

    run(main())


def test_a_delayed_message_wakes_by_time() -> None:
    """A message that becomes due wakes who waits for it, though it was sent after the waiting began."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter(wait_s=30)
        await stage.send("x", delay_s=7)
        await stage.clock.advance(6.999)
        assert not waiter.done()
        await stage.clock.advance(0.001)
        assert await got(waiter) == ["x"]

    run(main())


def test_an_ending_visibility_wakes_by_time() -> None:
    """A message that another receiver let go of reaches the one who waits."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(visibility_timeout_s=10)
        await stage.send("x")
        await stage.receive()
        waiter = await stage.waiter(wait_s=30)
        await stage.clock.advance(10)
        assert await got(waiter) == ["x"]

    run(main())


def test_a_shortened_visibility_wakes_earlier() -> None:
    """Who waits learns that a held message is to come back sooner than it was."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(visibility_timeout_s=3600)
        await stage.send("x")
        (message,) = await stage.messages()
        waiter = await stage.waiter(wait_s=30)
        await stage.queues.change_visibility(ACCOUNT, "q", message.receipt_handle, 0)
        await settle()
        assert await got(waiter) == ["x"]

    run(main())


def test_many_due_messages_wake_as_many_receivers() -> None:
    """What becomes due at one instant is handed out at that instant."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send(*"abcd", delay_s=5)
        waiters = [await stage.waiter() for _ in range(4)]
        await stage.clock.advance(5)
        assert [await got(waiter) for waiter in waiters] == [["a"], ["b"], ["c"], ["d"]]

    run(main())


def test_a_receiver_that_leaves_swallows_nothing() -> None:
    """Cancelled right after the commit of its receive, a receiver leaves the message as if it had never taken it."""

    async def main() -> None:
        stage = Stage(LateDatabase())
        await stage.queue()
        await stage.send("x")
        leaver = asyncio.create_task(stage.receive(wait_s=10))
        await asyncio.sleep(0)  # the database has committed, the receiver doesn't know yet
        leaver.cancel()
        await settle()
        (message,) = await stage.messages()
        assert (message.body, message.received_count) == ("x", 1)
        assert message.first_received_at == stage.clock.now()

    run(main())


def test_a_time_noted_before_is_not_forgotten() -> None:
    """One message that becomes due and is taken leaves the later ones noted."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("a", delay_s=5)
        await stage.send("b", delay_s=8)
        first, second = await stage.waiter(limit=16), await stage.waiter()
        await stage.clock.advance(5)
        assert (first.done(), second.done()) == (True, False)
        await stage.clock.advance(3)
        assert await got(second) == ["b"]

    run(main())


def test_a_receiver_that_leaves_passes_its_call_on() -> None:
    """Woken and cancelled at once, a receiver's message goes to the next in line."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        leaver, next_one = await stage.waiter(), await stage.waiter()
        await stage.queues.send(ACCOUNT, "q", "x")
        leaver.cancel()
        assert await got(next_one) == ["x"]

    run(main())


def test_a_look_that_fails_passes_its_call_on() -> None:
    """Woken while the database is down, a receiver fails, and the next in line is called instead."""

    async def main() -> None:
        db = UnstableDatabase()
        stage = Stage(db)
        await stage.queue()
        first, second = await stage.waiter(), await stage.waiter()
        await stage.queues.send(ACCOUNT, "q", "x")
        db.broken = True
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        db.broken = False
        await settle()
        assert [waiter.done() for waiter in (first, second)] == [True, True]
        results = await asyncio.gather(first, second, return_exceptions=True)
        assert [["x"] in results, any(isinstance(result, Unavailable) for result in results)] == [True, True]

    run(main())


def test_who_waited_for_a_queue_does_not_get_its_successors_messages() -> None:
    """A queue deleted and made anew under the waiting receiver is another one."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter()
        await asyncio.gather(stage.queues.delete(ACCOUNT, "q"), stage.queue(), stage.send("new"))
        with pytest.raises(QueueNotFound):
            await got(waiter)
        assert await stage.receive() == ["new"]

    run(main())


def test_deleting_a_queue_ends_the_waiting() -> None:
    """Who waits for a queue that is deleted learns it at once."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter()
        await stage.queues.delete(ACCOUNT, "q")
        with pytest.raises(QueueNotFound):
            await got(waiter)

    run(main())


def test_a_stop_answers_all_who_wait() -> None:
    """A clean stop need not wait for long polls, and takes no new ones."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter()
        stage.messaging.end_waits()
        assert await got(waiter) == []
        assert await stage.receive(wait_s=30) == []

    run(main())


def test_nothing_is_kept_of_those_who_waited() -> None:
    """Lines exist while somebody waits."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        waiter = await stage.waiter(wait_s=1)
        await stage.clock.advance(1)
        await waiter
        assert len(stage.queues._lines) == 0
        assert not stage.queues._lines._lines

    run(main())


def count_writes(stage: Stage) -> list[object]:
    """Notes each unit of work from now on."""
    units: list[object] = []
    begin = stage.db.begin

    def noting(work, then):
        units.append(work)
        begin(work, then)

    stage.db.begin = noting
    return units

"""Queues: their attributes, and the life of a message."""

import pytest

from liuyun.errors import Invalid, InvalidReceiptHandle, QueueExists, QueueNotFound, TooLarge
from liuyun.messaging.core.sending import digest
from liuyun.model.message import Draft, Properties, Property, QueueAttributes, QueueCounts
from tests.conftest import run
from tests.unit.messaging.stage import ACCOUNT, Stage


def test_creating_a_queue_twice_changes_nothing() -> None:
    """Creating the same queue again succeeds and says that it was there."""

    async def main() -> None:
        stage = Stage()
        _, first = await stage.queues.create(ACCOUNT, "q", QueueAttributes())
        _, second = await stage.queues.create(ACCOUNT, "q", QueueAttributes())
        assert (first, second) == (True, False)

    run(main())


def test_a_queue_with_other_attributes_is_refused() -> None:
    """A name that is taken by a queue with other attributes is a conflict."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        with pytest.raises(QueueExists):
            await stage.queue(delay_s=1)

    run(main())


def test_accounts_do_not_share_queues() -> None:
    """A queue is found only by its own account."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        with pytest.raises(QueueNotFound):
            await stage.queues.send("another", "q", "x")

    run(main())


def test_setting_one_attribute_keeps_the_others() -> None:
    """An update is partial."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(delay_s=5)
        await stage.clock.advance(1)
        changed = await stage.queues.set_attributes(ACCOUNT, "q", {"visibility_timeout_s": 60})
        assert changed.attributes == QueueAttributes(delay_s=5, visibility_timeout_s=60)
        assert changed.updated_at == changed.created_at + 1000

    run(main())


def test_new_attributes_apply_to_the_next_message() -> None:
    """What a queue is remembered by follows its changes."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("now")
        await stage.queues.set_attributes(ACCOUNT, "q", {"delay_s": 60})
        await stage.send("later")
        assert await stage.receive(16) == ["now"]

    run(main())


def test_a_deleted_queue_is_gone_with_its_messages() -> None:
    """A queue made anew under an old name is empty."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("old")
        await stage.queues.delete(ACCOUNT, "q")
        with pytest.raises(QueueNotFound):
            await stage.send("lost")
        await stage.queue()
        assert await stage.receive() == []

    run(main())


def test_listing_goes_by_name_and_prefix_in_pages() -> None:
    """A list is in the order of names; its next key leads to the rest."""

    async def main() -> None:
        stage = Stage()
        for name in ("b2", "a1", "b1", "b3", "c"):
            await stage.queues.create(ACCOUNT, name, QueueAttributes())
        first = await stage.queues.list(ACCOUNT, prefix="b", limit=2)
        rest = await stage.queues.list(ACCOUNT, prefix="b", after=first.next_key or "", limit=2)
        assert [status.queue.name for status in first.items] == ["b1", "b2"]
        assert ([status.queue.name for status in rest.items], rest.next_key) == (["b3"], None)

    run(main())


def test_higher_priority_goes_first_and_equals_in_order() -> None:
    """Priority 1 is the highest; within one priority the order is that of sending."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("d", priority=16)
        await stage.send("b", "c")
        await stage.send("a", priority=1)
        assert await stage.receive(16) == ["a", "b", "c", "d"]

    run(main())


def test_a_delayed_message_is_not_there_before_its_time() -> None:
    """The message's own delay wins over the queue's."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(delay_s=100)
        await stage.send("x", delay_s=2)
        await stage.clock.advance(1.999)
        assert await stage.receive() == []
        await stage.clock.advance(0.001)
        assert await stage.receive() == ["x"]

    run(main())


def test_the_sender_of_a_delayed_message_can_cancel_it() -> None:
    """Sending with a delay gives a handle that deletes the message until it is due."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        receipt = await stage.queues.send(ACCOUNT, "q", "x", delay_s=10)
        assert await stage.delete(receipt.receipt_handle) == []
        await stage.clock.advance(10)
        assert await stage.receive() == []
        assert (await stage.queues.send(ACCOUNT, "q", "now")).receipt_handle == ""

    run(main())


def test_a_received_message_hides_and_comes_back() -> None:
    """After its visibility a message is received again: counted, with the first time kept and a new handle."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(visibility_timeout_s=30)
        await stage.send("x")
        (first,) = await stage.messages()
        assert await stage.receive() == []
        await stage.clock.advance(30)
        (second,) = await stage.messages()
        assert (first.received_count, second.received_count) == (1, 2)
        assert second.first_received_at == first.first_received_at == stage.clock.now() - 30_000
        assert second.receipt_handle != first.receipt_handle
        assert await stage.delete(first.receipt_handle) == [first.receipt_handle]
        assert await stage.delete(second.receipt_handle) == []

    run(main())


def test_a_handle_is_dead_after_its_visibility() -> None:
    """A handle past its time is refused even if nobody else took the message."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(visibility_timeout_s=30)
        await stage.send("x")
        (message,) = await stage.messages()
        await stage.clock.advance(30)
        assert await stage.delete(message.receipt_handle) == [message.receipt_handle]
        with pytest.raises(InvalidReceiptHandle):
            await stage.queues.change_visibility(ACCOUNT, "q", message.receipt_handle, 10)
        assert await stage.receive() == ["x"]

    run(main())


def test_changing_visibility_replaces_the_handle() -> None:
    """The new handle rules, from now for as long as was asked."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("x")
        (message,) = await stage.messages()
        await stage.clock.advance(10)
        changed = await stage.queues.change_visibility(ACCOUNT, "q", message.receipt_handle, 35)
        assert changed.visible_at == stage.clock.now() + 35_000
        assert await stage.delete(message.receipt_handle) == [message.receipt_handle]
        await stage.clock.advance(34.999)
        assert await stage.receive() == []
        assert await stage.delete(changed.receipt_handle) == []

    run(main())


def test_a_handle_of_another_queue_is_refused() -> None:
    """Handles work in their own queue only; nonsense works nowhere."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.queues.create(ACCOUNT, "other", QueueAttributes())
        await stage.send("x")
        (message,) = await stage.messages()
        refused = await stage.queues.delete_messages(ACCOUNT, "other", [message.receipt_handle, "nonsense"])
        assert refused == [message.receipt_handle, "nonsense"]

    run(main())


def test_a_handle_does_not_reach_a_later_message() -> None:
    """The place of a deleted message in the table may be used again; its handle may not."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("x")
        (first,) = await stage.messages()
        await stage.delete(first.receipt_handle)
        await stage.send("y")
        (second,) = await stage.messages()
        assert second.sequence == first.sequence
        assert await stage.delete(first.receipt_handle) == [first.receipt_handle]

    run(main())


def test_peeking_leaves_a_message_as_it_is() -> None:
    """A peek counts nothing and gives no handle."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        await stage.send("x")
        (peeked,) = await stage.queues.peek(ACCOUNT, "q")
        assert (peeked.body, peeked.received_count, peeked.first_received_at, peeked.receipt_handle) == (
            "x",
            0,
            None,
            "",
        )
        assert await stage.receive() == ["x"]
        assert await stage.queues.peek(ACCOUNT, "q") == []

    run(main())


def test_expired_messages_are_not_shown() -> None:
    """Retention counts from sending and ends a message in whatever state it is."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(retention_s=60, visibility_timeout_s=100)
        await stage.send("held", "ready")
        (held,) = await stage.messages()
        await stage.clock.advance(60)
        assert await stage.receive() == []
        assert await stage.queues.peek(ACCOUNT, "q") == []
        assert await stage.delete(held.receipt_handle) == [held.receipt_handle]

    run(main())


def test_a_batch_is_stored_wholly_or_not_at_all() -> None:
    """One bad message refuses its batch."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        with pytest.raises(Invalid, match="Priority must be from 1 to 16"):
            await stage.queues.send_batch(ACCOUNT, "q", [Draft("good"), Draft("bad", priority=17)])
        assert await stage.receive() == []
        receipts = await stage.queues.send_batch(ACCOUNT, "q", [Draft("a"), Draft("b")])
        assert [receipt.body_md5 for receipt in receipts] == [digest(b"a"), digest(b"b")]
        assert await stage.receive(16) == ["a", "b"]

    run(main())


def test_a_body_over_the_queues_limit_is_refused() -> None:
    """The limit is in bytes, and what exceeds it is not stored."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(max_message_bytes=1024)
        with pytest.raises(TooLarge):
            await stage.send("云" * 342)
        await stage.send("云" * 341)
        assert len(await stage.receive(16)) == 1

    run(main())


def test_properties_travel_with_the_message() -> None:
    """Users' and system properties come out as they went in."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        properties = Properties((Property("n", "1", "NUMBER"),), (Property("traceparent", "00-a-b-01"),))
        await stage.queues.send(ACCOUNT, "q", "x", properties=properties)
        (message,) = await stage.messages()
        assert message.properties == properties

    run(main())


def test_counts_tell_what_can_be_done_with_messages() -> None:
    """Active, inactive and delayed messages are counted apart, by their state at the moment."""

    async def main() -> None:
        stage = Stage()
        await stage.queue(visibility_timeout_s=30)
        await stage.send("a", "b", "c")
        await stage.send("d", delay_s=60)
        await stage.receive()
        assert (await stage.queues.get(ACCOUNT, "q")).counts == QueueCounts(active=2, inactive=1, delayed=1)
        await stage.clock.advance(30)
        assert (await stage.queues.get(ACCOUNT, "q")).counts == QueueCounts(active=3, inactive=0, delayed=1)

    run(main())


def test_what_goes_along_commits_with_the_message() -> None:
    """A unit handed over with a message happens with it or not at all."""

    async def main() -> None:
        stage = Stage()
        await stage.queue()
        done: list[str] = []

        def refuse(_: object) -> None:
            raise InvalidReceiptHandle("no")

        with pytest.raises(InvalidReceiptHandle):
            await stage.queues.send(ACCOUNT, "q", "x", along=refuse)
        await stage.queues.send(ACCOUNT, "q", "y" * 70_000, along=lambda _: done.append("along"))
        assert (len(await stage.receive(16)), done) == (1, ["along"])

    run(main())

"""Messages through aliyun-mns-sdk. The numbers are the acceptance cases of the contract."""

import threading
import time
from base64 import b64encode
from hashlib import md5

import pytest
from mns.message_property import MessagePropertyValue
from mns.queue import Message

from tests.contract.mns.calls import COUNTERS, empty, made_queue, refused, send
from tests.contract.mns.server import MessageServer

pytestmark = COUNTERS


def test_7_waiting_for_nothing_takes_its_time(live: MessageServer) -> None:
    """A long poll of an empty queue ends with MessageNotExist when its time is over."""
    queue = made_queue(live)
    began = time.monotonic()
    assert refused(lambda: queue.receive_message(2)).type == "MessageNotExist"
    assert 1.9 < time.monotonic() - began < 4


def test_8_a_message_ends_the_waiting(live: MessageServer) -> None:
    """A pending receive returns the message at once when it is sent."""
    waiting, sender = made_queue(live), made_queue(live)
    timer = threading.Timer(0.5, send, (sender, "x"))
    began = time.monotonic()
    timer.start()
    assert waiting.receive_message(10).message_body == b"x"
    assert time.monotonic() - began < 2
    timer.join()


def test_9_a_body_comes_back_as_it_was(server: MessageServer) -> None:
    """With the client's encoding the bytes are the same; the digest is of the encoded text."""
    queue, body = made_queue(server), 'raw {"a":1} <&> 云\r\n'
    sent = send(queue, body)
    received = queue.receive_message()
    assert received.message_body == body.encode()
    assert sent.message_body_md5 == received.message_body_md5 == md5(b64encode(body.encode())).hexdigest().upper()
    assert sent.message_id == received.message_id


@pytest.mark.parametrize("body", ['raw {"a":1} <&>', " space ", "云\n\ttab", "]]>", "&amp;", "x" * 65_536])
def test_10_a_raw_body_comes_back_as_it_was(server: MessageServer, body: str) -> None:
    """Without encoding the text is the same, whatever XML thinks of it."""
    queue = made_queue(server, raw=True)
    send(queue, body)
    assert queue.receive_message().message_body == body


def test_12_priorities_order_the_messages(server: MessageServer) -> None:
    """1 before 8 before 16."""
    queue = made_queue(server, raw=True)
    for priority in (8, 1, 16):
        send(queue, str(priority), priority=priority)
    assert [queue.receive_message().priority for _ in range(3)] == [1, 8, 16]


def test_13_a_delay_hides_a_message(server: MessageServer) -> None:
    """Not receivable and counted as delayed until it is due."""
    queue = made_queue(server)
    send(queue, "x", delay_s=2)
    assert empty(queue)
    assert queue.get_attributes().delay_messages == 1
    server.advance(2)
    assert queue.receive_message().message_body == b"x"


def test_a_delayed_message_can_be_cancelled(server: MessageServer) -> None:
    """The handle that its sender got deletes it."""
    queue = made_queue(server)
    queue.delete_message(send(queue, "x", delay_s=60).receipt_handle)
    server.advance(60)
    assert empty(queue)


def test_14_a_message_comes_back_after_its_visibility(server: MessageServer) -> None:
    """Received again: counted twice, the first time kept, with a new handle; the old one is refused."""
    queue = made_queue(server, vis_timeout=30)
    send(queue, "x")
    first = queue.receive_message()
    assert empty(queue)
    server.advance(30)
    assert refused(lambda: queue.delete_message(first.receipt_handle)).type == "ReceiptHandleError"
    second = queue.receive_message()
    assert (first.dequeue_count, second.dequeue_count) == (1, 2)
    assert first.first_dequeue_time == second.first_dequeue_time == first.enqueue_time
    assert first.receipt_handle != second.receipt_handle
    assert refused(lambda: queue.delete_message(first.receipt_handle)).type == "ReceiptHandleError"
    queue.delete_message(second.receipt_handle)


def test_15_changing_visibility_gives_a_new_handle(server: MessageServer) -> None:
    """The next time counts from now; the old handle is over."""
    queue = made_queue(server)
    send(queue, "x")
    message = queue.receive_message()
    server.advance(10)
    changed = queue.change_message_visibility(message.receipt_handle, 35)
    assert int(changed.next_visible_time) == server.clock.now() + 35_000
    assert refused(lambda: queue.change_message_visibility(message.receipt_handle, 5)).type == "ReceiptHandleError"
    queue.delete_message(changed.receipt_handle)


def test_17_batches_of_sixteen(server: MessageServer) -> None:
    """Sent, peeked at, received and deleted together; deleting again is refused for each of them."""
    queue = made_queue(server)
    sent = queue.batch_send_message([Message(f"m{index}") for index in range(16)])
    peeked = queue.batch_peek_message(16)
    received = queue.batch_receive_message(16)
    assert [message.message_id for message in sent] == [message.message_id for message in received]
    assert [message.message_body for message in peeked] == [f"m{index}".encode() for index in range(16)]
    handles = [message.receipt_handle for message in received]
    queue.batch_delete_message(handles)
    error = refused(lambda: queue.batch_delete_message(handles))
    assert error.type == "ReceiptHandleError"
    assert len(error.req_id) == 24
    assert [(each["ErrorCode"], each["ReceiptHandle"]) for each in error.sub_errors] == [
        ("ReceiptHandleError", handle) for handle in handles
    ]


def test_a_partly_refused_batch_deletes_the_rest(server: MessageServer) -> None:
    """Only the bad handle is named; the good one has done its work."""
    queue = made_queue(server, vis_timeout=30)
    send(queue, "x")
    message = queue.receive_message()
    error = refused(lambda: queue.batch_delete_message(["nonsense", message.receipt_handle]))
    assert [each["ReceiptHandle"] for each in error.sub_errors] == ["nonsense"]
    server.advance(30)
    assert empty(queue)


def test_a_batch_of_one_is_a_batch(server: MessageServer) -> None:
    """Asked for a number of messages the answer is a list, be the number 1."""
    queue = made_queue(server)
    queue.batch_send_message([Message("x")])
    assert [message.message_body for message in queue.batch_peek_message(1)] == [b"x"]
    assert [message.message_body for message in queue.batch_receive_message(1)] == [b"x"]
    assert refused(lambda: queue.batch_receive_message(16, 0)).type == "MessageNotExist"


def test_18_a_peek_leaves_no_trace(server: MessageServer) -> None:
    """Nothing is counted, no handle is given."""
    queue = made_queue(server)
    send(queue, "x")
    peeked = queue.peek_message()
    assert (peeked.message_body, peeked.dequeue_count, peeked.receipt_handle) == (b"x", 0, "")
    assert queue.receive_message().dequeue_count == 1
    assert refused(queue.peek_message).type == "MessageNotExist"


def test_29_a_body_over_the_limit_is_refused(server: MessageServer) -> None:
    """65537 bytes are one too many, and nothing is stored of them."""
    queue = made_queue(server, raw=True)
    assert refused(lambda: send(queue, "x" * 65_537)).type == "InvalidArgument"
    assert refused(lambda: send(queue, "x" * 1_000_000)).type == "InvalidArgument"
    assert refused(lambda: queue.batch_send_message([Message("x" * 40_000)] * 2)).type == "InvalidArgument"
    assert empty(queue)


@pytest.mark.parametrize(("field", "value"), [("Priority", 17), ("DelaySeconds", 604_801)])
def test_values_out_of_range(server: MessageServer, field: str, value: int) -> None:
    """The element is named with its bounds."""
    queue = made_queue(server)
    error = refused(lambda: send(queue, "x", **{"delay_s" if field == "DelaySeconds" else "priority": value}))
    assert error.type == "InvalidArgument"
    assert f"The value of {field} must be from" in error.message


def test_properties_travel_beside_the_body(server: MessageServer) -> None:
    """Of every type, alone and in batches."""
    queue, message = made_queue(server), Message("x")
    message.add_user_property("text", MessagePropertyValue.create_string("<云>"))
    message.add_user_property("number", MessagePropertyValue.create_number(1.5))
    message.add_user_property("bytes", MessagePropertyValue.create_binary(b"\x00\xff"))
    queue.send_message(message)
    queue.batch_send_message([message])
    for received in [queue.receive_message(), *queue.batch_receive_message(1)]:
        found = received.get_user_properties()
        assert found["text"].get_string_value_by_type() == "<云>"
        assert found["number"].get_string_value_by_type() == "1.5"
        assert found["bytes"].get_binary_value() == b"\x00\xff"


def test_the_queue_says_how_long_to_wait(live: MessageServer) -> None:
    """Without waitseconds a receive waits as long as PollingWaitSeconds says; 0 in the request wins."""
    queue = made_queue(live, polling_wait_sec=1)
    began = time.monotonic()
    assert empty(queue)
    assert time.monotonic() - began < 0.9
    assert refused(queue.receive_message).type == "MessageNotExist"
    assert time.monotonic() - began > 0.9


def test_what_asks_for_an_order_that_is_not_kept_is_refused(server: MessageServer) -> None:
    """A FIFO group would be silently broken; it is refused instead."""
    queue = made_queue(server)
    error = refused(lambda: queue.send_message(Message("x", message_group_id="g")))
    assert error.type == "InvalidArgument"
    assert "MessageGroupId is not offered" in error.message

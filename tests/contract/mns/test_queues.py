"""Queues through aliyun-mns-sdk. The numbers are the acceptance cases of the contract."""

import pytest
from mns.account import AccountMeta
from mns.queue import QueueMeta

from tests.contract.mns.calls import COUNTERS, made_queue, refused, send
from tests.contract.mns.server import MessageServer

pytestmark = COUNTERS


def test_1_a_new_queue_has_the_documented_defaults(server: MessageServer) -> None:
    """Creating returns the queue's URL; what wasn't said is as the vendor documents it."""
    queue = server.client().get_queue("q1")
    assert queue.create(QueueMeta()) == f"{server.endpoint}/queues/q1"
    found = queue.get_attributes()
    assert (found.delay_seconds, found.maximum_message_size, found.message_retention_period) == (0, 65536, 345600)
    assert (found.visibility_timeout, found.polling_wait_seconds, found.logging_enabled) == (30, 0, False)


def test_2_creating_again_is_free_and_differing_is_refused(server: MessageServer) -> None:
    """The same attributes succeed again with the same URL; others are a conflict."""
    queue = server.client().get_queue("q1")
    assert queue.create(QueueMeta(vis_timeout=40)) == queue.create(QueueMeta(vis_timeout=40))
    assert refused(lambda: queue.create(QueueMeta(vis_timeout=41))).type == "QueueAlreadyExist"


def test_3_all_attributes_are_read(server: MessageServer) -> None:
    """The client decodes all twelve; times are seconds, the flag is a flag."""
    queue = made_queue(server, logging_enabled=True)
    found = queue.get_attributes()
    assert (found.queue_name, found.logging_enabled) == ("q1", True)
    assert found.create_time == found.last_modify_time == server.clock.now() // 1000
    assert (found.active_messages, found.inactive_messages, found.delay_messages) == (0, 0, 0)


def test_4_setting_one_attribute_keeps_the_others(server: MessageServer) -> None:
    """Only the element that was sent changes."""
    queue = made_queue(server, delay_sec=3)
    server.advance(5)
    queue.set_attributes(QueueMeta(vis_timeout=60))
    found = queue.get_attributes()
    assert (found.visibility_timeout, found.delay_seconds, found.maximum_message_size) == (60, 3, 65536)
    assert found.last_modify_time == found.create_time + 5


def test_5_a_missing_queue_is_told_with_a_request_id(server: MessageServer) -> None:
    """Each operation on a queue that isn't there says so."""
    queue = server.client().get_queue("nope")
    error = refused(queue.get_attributes)
    assert error.type == "QueueNotExist"
    assert len(error.req_id) == 24
    assert error.host_id
    for call in (
        queue.receive_message,
        queue.peek_message,
        lambda: send(queue, "x"),
        lambda: queue.delete_message("h"),
    ):
        assert refused(call).type == "QueueNotExist"


def test_6_lists_come_in_pages(server: MessageServer) -> None:
    """A marker leads to the rest; there is none on the last page."""
    for name in ("q1", "q2", "q3"):
        made_queue(server, name)
    client = server.client()
    first, marker = client.list_queue(ret_number=2)
    rest, last = client.list_queue(ret_number=2, marker=marker)
    assert first == [f"{server.endpoint}/queues/q1", f"{server.endpoint}/queues/q2"]
    assert (rest, last) == ([f"{server.endpoint}/queues/q3"], "")


def test_lists_go_by_prefix_and_may_be_empty(server: MessageServer) -> None:
    """A prefix narrows the list; an empty list is a list."""
    made_queue(server, "a1")
    made_queue(server, "b1")
    assert server.client().list_queue(prefix="b")[0] == [f"{server.endpoint}/queues/b1"]
    assert server.client().list_queue(prefix="c") == ([], "")


def test_a_deleted_queue_is_gone_and_deleting_again_is_free(server: MessageServer) -> None:
    """Its name can be used at once, for a queue without the old messages."""
    queue = made_queue(server)
    send(queue, "old")
    queue.delete()
    queue.delete()
    assert refused(queue.get_attributes).type == "QueueNotExist"
    assert refused(made_queue(server).receive_message).type == "MessageNotExist"


@pytest.mark.parametrize(
    ("attribute", "value", "words"),
    [
        ("vis_timeout", 43_201, "VisibilityTimeout must be from 1 to 43200"),
        ("max_msg_size", 1023, "MaximumMessageSize must be from 1024 to 65536"),
        ("msg_ttl", 59, "MessageRetentionPeriod must be from 60 to 604800"),
        ("delay_sec", 604_801, "DelaySeconds must be from 0 to 604800"),
        ("polling_wait_sec", 31, "PollingWaitSeconds must be from 0 to 30"),
    ],
)
def test_attributes_out_of_range(server: MessageServer, attribute: str, value: int, words: str) -> None:
    """The refusal names the element and its bounds."""
    error = refused(lambda: server.client().get_queue("q1").create(QueueMeta(**{attribute: value})))
    assert error.type == "InvalidArgument"
    assert words in error.message


@pytest.mark.parametrize(
    ("name", "code"), [("a_b", "InvalidQueueName"), ("-a", "InvalidQueueName"), ("a" * 257, "QueueNameLengthError")]
)
def test_bad_names(server: MessageServer, name: str, code: str) -> None:
    """Letters and length are told apart."""
    assert refused(lambda: server.client().get_queue(name).create(QueueMeta())).type == code


def test_the_counts_follow_the_messages(server: MessageServer) -> None:
    """Active, inactive and delayed messages are counted."""
    queue = made_queue(server)
    send(queue, "a", "b")
    send(queue, "c", delay_s=100)
    queue.receive_message()
    found = queue.get_attributes()
    assert (found.active_messages, found.inactive_messages, found.delay_messages) == (1, 1, 1)


def test_an_account_keeps_its_logging_bucket(server: MessageServer) -> None:
    """What is set is read back; the service counts as opened."""
    client = server.client()
    assert client.get_attributes().logging_bucket == ""
    client.set_attributes(AccountMeta("logs"))
    assert client.get_attributes().logging_bucket == "logs"

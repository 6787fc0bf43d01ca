"""What was accepted is there after a restart. The number is the acceptance case of the contract."""

import asyncio
from pathlib import Path
from queue import Queue

from mns.subscription import SubscriptionMeta
from mns.topic import TopicMessage, TopicMeta

from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.testing.clock import FakeClock
from tests.contract.mns.calls import made_queue, send
from tests.contract.mns.server import message_server
from tests.unit.messaging.stage import Functions, failed, succeeded


def test_30_a_message_survives_a_restart(tmp_path: Path) -> None:
    """Sent before, received after."""
    with message_server(tmp_path) as before:
        receipt = send(made_queue(before), "x")
    with message_server(tmp_path) as after:
        received = after.client().get_queue("q1").receive_message()
    assert (received.message_id, received.message_body) == (receipt.message_id, b"x")


def test_a_handle_survives_a_restart(tmp_path: Path) -> None:
    """Received before, deleted after."""
    with message_server(tmp_path) as before:
        queue = made_queue(before)
        send(queue, "x")
        handle = queue.receive_message().receipt_handle
    with message_server(tmp_path) as after:
        after.client().get_queue("q1").delete_message(handle)


def test_a_delivery_survives_a_restart(tmp_path: Path) -> None:
    """Published before to a function that failed, delivered after."""
    with message_server(tmp_path, functions=Functions(failed)) as before:
        topic = before.client().get_topic("t")
        topic.create(TopicMeta())
        topic.get_subscription("s").subscribe(SubscriptionMeta("acs:fc:::services/s/functions/f"))
        topic.publish_message(TopicMessage("x"))
        before.run(before.messaging.deliveries.idle())
    assert isinstance(before.clock, FakeClock)
    asyncio.run(before.clock.advance(5))  # past the pause before the retry
    payloads: Queue[bytes] = Queue()

    def note(invocation: Invocation) -> InvocationResult:
        payloads.put(invocation.payload)
        return succeeded(invocation)

    with message_server(tmp_path, before.clock, functions=Functions(note)):
        assert payloads.get(timeout=20) == b"x"

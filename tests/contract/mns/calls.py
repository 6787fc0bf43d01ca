"""What tests say often."""

from collections.abc import Callable
from typing import Any

import pytest
from mns.mns_exception import MNSServerException
from mns.queue import Message, Queue, QueueMeta

from tests.contract.mns.server import MessageServer

# aliyun-mns-sdk announces the end of three counters each time it reads a queue's attributes
COUNTERS = pytest.mark.filterwarnings("ignore:.*_messages:DeprecationWarning")


def made_queue(server: MessageServer, name: str = "q1", *, raw: bool = False, **attributes: int) -> Queue:
    queue = server.client().get_queue(name)
    queue.create(QueueMeta(**attributes))
    queue.set_encoding(not raw)
    return queue


def send(queue: Queue, *bodies: str, delay_s: int = -1, priority: int = -1) -> Message:
    """The last receipt."""
    return [queue.send_message(Message(body, delay_s, priority)) for body in bodies][-1]


def refused(call: Callable[[], object]) -> Any:
    """How the call is refused, as the client tells it; `type` is the code."""
    with pytest.raises(MNSServerException) as caught:
        call()
    return caught.value


def empty(queue: Queue) -> bool:
    return refused(lambda: queue.receive_message(0)).type == "MessageNotExist"

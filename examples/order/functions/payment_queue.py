"""One queue for each order that waits for its customer's choice, so that no order can take another one's message."""

import hashlib
import json
from typing import Any

from mns.mns_exception import MNSServerException
from mns.queue import Message, Queue, QueueMeta

from cloud import message_service

GONE = "QueueNotExist"
EMPTY = "MessageNotExist"
VISIBILITY_S = 15  # a reader that dies leaves the choice to the next one after this long


def payment_queue(context: Any, order: str) -> Queue:
    # Execution names may hold underscores, queue names may not.
    digest = hashlib.sha256(order.encode()).hexdigest()[:32]
    queue = message_service(context).get_queue(f"payment-{digest}")
    queue.set_encoding(False)
    return queue


def create(queue: Queue) -> None:
    queue.create(QueueMeta(vis_timeout=VISIBILITY_S))


def send(queue: Queue, choice: dict[str, Any]) -> None:
    queue.send_message(Message(json.dumps(choice)))


def receive(queue: Queue, wait_s: int) -> dict[str, Any] | None:
    """The choice, or None when there was none in time or the queue is gone."""
    try:
        return json.loads(queue.receive_message(wait_s).message_body)
    except MNSServerException as error:
        if error.type in {EMPTY, GONE}:
            return None
        raise


def delete(queue: Queue) -> None:
    try:
        queue.delete()
    except MNSServerException as error:
        if error.type != GONE:
            raise

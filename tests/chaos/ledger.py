"""A sender that writes down which of its messages were accepted, and later looks whether each is still there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from mns.account import Account
from mns.mns_exception import MNSExceptionBase, MNSServerException
from mns.queue import Message, Queue, QueueMeta

from tests.chaos.world import KEY, SECRET

QUEUE = "ledger"
BATCH = 16
PAUSE_S = 0.02
EMPTY = "MessageNotExist"


@dataclass
class Ledger:
    url: str
    accepted: list[str] = field(default_factory=list[str])

    @contextmanager
    def queue(self) -> Iterator[Queue]:
        """A client of its own each time, since the SDK's connection dies with the platform."""
        account = Account(self.url, KEY, SECRET)
        try:
            queue = account.get_queue(QUEUE)
            queue.set_encoding(False)  # with it, bodies are sent as text but come back as bytes
            yield queue
        finally:
            account.get_client().close_connection()

    def write(self, stop: threading.Event) -> None:
        """Sends numbered messages until told to stop. A send without an answer may or may not have been accepted."""
        with self.queue() as queue:
            queue.create(QueueMeta(vis_timeout=600))
        number = 0
        while not stop.is_set():
            with suppress(MNSExceptionBase, OSError), self.queue() as queue:
                while not stop.wait(PAUSE_S):
                    number += 1
                    queue.send_message(Message(f"entry-{number}"))
                    self.accepted.append(f"entry-{number}")

    def read_back(self) -> set[str]:
        """Receives and deletes everything in the queue."""
        found: set[str] = set()
        with self.queue() as queue:
            while messages := received(queue):
                found |= {message.message_body for message in messages}
                queue.batch_delete_message([message.receipt_handle for message in messages])
        return found


def received(queue: Queue) -> list[Message]:
    try:
        return queue.batch_receive_message(BATCH)
    except MNSServerException as error:
        if error.type == EMPTY:
            return []
        raise

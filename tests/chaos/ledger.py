"""A sender that writes down which of its messages were accepted, and later looks whether each is still there."""

import threading
from dataclasses import dataclass, field

from mns.account import Account
from mns.mns_exception import MNSExceptionBase, MNSServerException
from mns.queue import Message, Queue, QueueMeta

from tests.chaos.world import KEY, SECRET

QUEUE = "ledger"
BATCH = 16
EMPTY = "MessageNotExist"


@dataclass
class Ledger:
    url: str
    accepted: list[str] = field(default_factory=list[str])

    def queue(self) -> Queue:
        # A client of its own each time: the SDK's keeps a connection, which dies with the platform.
        queue = Account(self.url, KEY, SECRET).get_queue(QUEUE)
        queue.set_encoding(False)  # with it, bodies are sent as text but come back as bytes
        return queue

    def write(self, stop: threading.Event) -> None:
        """Sends numbered messages until told to stop. A send without an answer may or may not have been accepted."""
        self.queue().create(QueueMeta(vis_timeout=600))
        queue, number = self.queue(), 0
        while not stop.wait(0.02):
            number += 1
            try:
                queue.send_message(Message(f"entry-{number}"))
            except (MNSExceptionBase, OSError):
                queue = self.queue()
            else:
                self.accepted.append(f"entry-{number}")

    def read_back(self) -> set[str]:
        """Receives and deletes everything in the queue."""
        queue = self.queue()
        found: set[str] = set()
        while True:
            try:
                messages = queue.batch_receive_message(BATCH)
            except MNSServerException as error:
                if error.type == EMPTY:
                    return found
                raise
            found |= {message.message_body for message in messages}
            queue.batch_delete_message([message.receipt_handle for message in messages])

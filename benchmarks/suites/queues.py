"""Durable messages over signed REST, against pgmq in a PostgreSQL of its own, called over its socket without HTTP."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial

from benchmarks.anchors import durable_appends
from benchmarks.harness import Absent, Duel, Measure, Sample, Suite
from benchmarks.load import Client, burst, crowded, generator, send_all
from benchmarks.peers import pgmq_peer
from benchmarks.platform import KEYS, Platform, platform
from benchmarks.signed import mns_headers, mns_request

MESSAGES = 1600
BATCH = 16
NAMESPACE = 'xmlns="http://mns.aliyuncs.com/doc/v1/"'
MESSAGE = f"<MessageBody>{'x' * 200}</MessageBody><Priority>8</Priority>"
ONE = f"<Message {NAMESPACE}>{MESSAGE}</Message>"
MANY = f"<Messages {NAMESPACE}>{f'<Message>{MESSAGE}</Message>' * BATCH}</Messages>"
HANDLE = re.compile(rb"<ReceiptHandle>([^<]+)</ReceiptHandle>")


def target(queue: str) -> str:
    return f"/queues/{queue}/messages"


def send(ours: Platform, queue: str, body: str, size: int, clients: int) -> Sample:
    """The same signed request again and again: message service signs no nonce. `size`: messages in a request."""
    path = target(queue)
    sent = burst(ours.url + path, mns_headers(KEYS, "POST", path, body), body.encode(), clients=clients)
    return Sample(sent.value * size, sent.facts)


def receive(ours: Platform, clients: int) -> Sample:
    """Receives and deletes messages one by one; putting them there is not counted."""
    queue = f"receive-{clients}"
    fill(ours, queue, MESSAGES)
    ask = mns_request(KEYS, "GET", target(queue))
    left = iter(range(MESSAGES))

    async def act(client: Client, _: int) -> None:
        for _ in left:
            handle = HANDLE.findall((await client.exchange(ask)).expect(200).body)[0].decode()
            (await client.exchange(mns_request(KEYS, "DELETE", f"{target(queue)}?ReceiptHandle={handle}"))).expect(204)

    return Sample(MESSAGES / crowded(ours.port, clients, act))


def receive_batches(ours: Platform, clients: int) -> Sample:
    queue = "receive-batches"
    total = MESSAGES * BATCH // 4
    fill(ours, queue, total)
    ask = mns_request(KEYS, "GET", f"{target(queue)}?numOfMessages={BATCH}")
    left = iter(range(total // BATCH))

    async def act(client: Client, _: int) -> None:
        for _ in left:
            handles = HANDLE.findall((await client.exchange(ask)).expect(200).body)
            body = "".join(f"<ReceiptHandle>{handle.decode()}</ReceiptHandle>" for handle in handles)
            body = f"<ReceiptHandles {NAMESPACE}>{body}</ReceiptHandles>"
            (await client.exchange(mns_request(KEYS, "DELETE", target(queue), body))).expect(204)

    return Sample(total / crowded(ours.port, clients, act))


def fill(ours: Platform, queue: str, messages: int) -> None:
    send_all(ours.port, 4, [mns_request(KEYS, "POST", target(queue), MANY)] * (messages // BATCH))


ROWS = ("queue-send", "queue-send-32", "queue-receive", "queue-receive-32", "queue-send-batch", "queue-receive-batch")


@contextmanager
def duels() -> Iterator[Sequence[Duel]]:
    with ExitStack() as stack:
        ours = stack.enter_context(platform())
        for queue in ("send", "batches", "receive-1", "receive-32", "receive-batches"):
            ours.queue(queue)
        disk = {"SQLite, one durable append each": stack.enter_context(durable_appends())}
        peer = pgmq_peer.started(stack)

        def theirs(question: str) -> dict[str, Measure | Absent]:
            return {"pgmq": peer if isinstance(peer, Absent) else peer.measure(question)}

        took, by = "received and deleted", generator()
        tests: Sequence[tuple[str, Measure, dict[str, Measure | Absent]]] = (
            (f"sent singly, one client, by {by}", partial(send, ours, "send", ONE, 1, 1), {**theirs("send 1"), **disk}),
            (
                f"sent singly, 32 clients, by {by}",
                partial(send, ours, "send", ONE, 1, 32),
                {**theirs("send 32"), **disk},
            ),
            (f"{took} singly, one client", partial(receive, ours, 1), theirs("receive 1")),
            (f"{took} singly, 32 clients", partial(receive, ours, 32), theirs("receive 32")),
            (
                f"sent in batches of 16, 8 clients, by {by}",
                partial(send, ours, "batches", MANY, BATCH, 8),
                theirs("send_batch 8"),
            ),
            (f"{took} in batches of 16, 8 clients", partial(receive_batches, ours, 8), theirs("receive_batch 8")),
        )
        yield [Duel(name, *test[:1], "messages/s", *test[1:]) for name, test in zip(ROWS, tests, strict=True)]


SUITE = Suite("queue", ROWS, duels)

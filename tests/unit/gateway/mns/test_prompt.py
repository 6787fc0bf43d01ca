"""Requests that need no task of their own: they come to the same as those that have one."""

import asyncio
import re
from base64 import b64encode
from email.utils import formatdate
from hashlib import md5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.gateway.asgi import Gateway
from liuyun.gateway.http import Request
from liuyun.gateway.mns.product import MnsProduct
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.keyring import Keyring
from liuyun.identity.signatures import mns
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.model.account import Principal, PrincipalKind
from liuyun.model.people import Role
from liuyun.storage.sqlite import MemoryDatabase
from tests.conftest import run
from tests.unit.gateway.test_asgi import Echo
from tests.unit.http1.wire import Wire, settled
from tests.unit.messaging.stage import ACCOUNT, LateDatabase, Stage

KEY, SECRET = "LTAIkey", "secret"
MESSAGES = "/queues/q/messages"
SEND = b"<Message><MessageBody>x</MessageBody></Message>"
NOBODY = ("AAAA", "wrong")
HANDLE = "1-1-0000000000000003"


def signed(method: str, target: str, body: bytes = b"", *, key: str = KEY, secret: str = SECRET, md5_of: bytes = b""):
    headers = {"date": formatdate(1_700_000_000, usegmt=True), "x-mns-version": "2015-06-06"}
    if body:
        headers["content-md5"] = b64encode(md5(md5_of or body).hexdigest().encode()).decode()
    headers["authorization"] = f"MNS {key}:{mns.sign(secret, mns.string_to_sign(method, target, headers))}"
    lines = [f"{method} {target} HTTP/1.1", "host: h", f"content-length: {len(body)}"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in headers.items()), "", ""]).encode() + body


REQUESTS = [
    signed("POST", MESSAGES, SEND),
    signed("POST", MESSAGES, SEND.replace(b"x<", b"&#120;<")),
    signed("POST", MESSAGES, b"<Messages>" + SEND * 3 + b"</Messages>"),
    signed("POST", MESSAGES, b"<Messages></Messages>"),
    signed("POST", MESSAGES, b"<Message>"),
    signed("POST", MESSAGES, SEND.replace(b"</MessageBody>", b"</MessageBody><DelaySeconds>5</DelaySeconds>")),
    signed("POST", MESSAGES, SEND, md5_of=b"other"),
    signed("POST", MESSAGES, SEND, secret="wrong"),
    signed("POST", MESSAGES, SEND, key="nobody"),
    signed("POST", "/queues/none/messages", SEND),
    signed("POST", "/queues/q/unknown", SEND),
    signed("GET", MESSAGES),
    signed("GET", MESSAGES + "?numOfMessages=16&waitseconds=0"),
    signed("GET", MESSAGES + "?waitseconds=30"),
    signed("GET", MESSAGES + "?waitseconds=31"),
    signed("GET", MESSAGES + "?numOfMessages=17"),
    signed("GET", MESSAGES + "?numOfMessages=x"),
    signed("GET", MESSAGES + "?unknown=1"),
    signed("GET", MESSAGES + "?peekonly=true"),
    signed("DELETE", f"{MESSAGES}?ReceiptHandle={HANDLE}"),
    signed("DELETE", MESSAGES),
    signed("DELETE", MESSAGES, f"<ReceiptHandles><ReceiptHandle>{HANDLE}</ReceiptHandle></ReceiptHandles>".encode()),
    signed("PUT", f"{MESSAGES}?receiptHandle={HANDLE}&visibilityTimeout=1"),
    b"GET /queues/q/messages HTTP/1.1\r\nhost: h\r\n\r\n",
]


class World:
    """A queue `q` behind a connection; `by_tasks`: nothing is begun without one."""

    def __init__(self, db: MemoryDatabase | None = None, *, by_tasks: bool = False) -> None:
        self.stage = Stage(db)
        self.keyring = Keyring()
        self.let_in()
        temporary = TemporaryCredentials(b"t" * 32, self.stage.clock, self.stage.ids)
        authenticator = Authenticator(self.keyring, temporary, self.stage.clock, max_nonces=10)
        self.gateway = Gateway(self.stage.clock, self.stage.ids)
        self.product = MnsProduct(messaging=self.stage.messaging, authenticator=authenticator)
        self.gateway.mount(self.product)
        self.by_tasks = by_tasks

    def let_in(self, role: Role = Role.OPERATOR) -> None:
        principal = Principal(ACCOUNT, KEY, PrincipalKind.USER, user="u", role=role)
        self.keyring.replace({KEY: (principal, SECRET)}, ())

    async def opened(self) -> Wire:
        await self.stage.queue()
        return Wire(self.gateway) if self.by_tasks else Wire(self.gateway, begin=self.gateway.begin)


def answers(requests: list[bytes], *, by_tasks: bool) -> bytes:
    async def main() -> bytes:
        return await (await World(by_tasks=by_tasks).opened()).say(*requests)

    return run(main())


@given(st.lists(st.tuples(st.sampled_from(REQUESTS), st.integers(1, 3)), max_size=6))
def test_both_ways_come_to_the_same(runs: list[tuple[bytes, int]]):
    """Byte by byte, whatever is asked, also where the same head comes again."""
    requests = [request for request, times in runs for _ in range(times)]
    assert answers(requests, by_tasks=False) == answers(requests, by_tasks=True)


@pytest.mark.parametrize("known", [signed("POST", MESSAGES, SEND), signed("GET", MESSAGES + "?numOfMessages=16")])
def test_what_is_known_of_a_head_is_not_taken_for_another(known: bytes):
    """Who signs and what the query asks for may differ in heads of a kind; of what comes in pieces nothing is known."""
    for other in REQUESTS:
        requests = [signed("POST", MESSAGES, SEND), known, known, known, other, known]
        pieces = [piece for request in requests for piece in (request[:5], request[5:])]
        assert kinds(answers(requests, by_tasks=False)) == kinds(answers(pieces, by_tasks=True))


def kinds(said: bytes) -> list[bytes]:
    """Statuses, errors, and how many messages."""
    return re.findall(rb"HTTP/1.1 \d+|<Code>\w+|<MessageId>", said)


def test_no_task_is_made():
    """For what is one step on a queue that is known."""

    async def main() -> tuple[int, bytes]:
        world = World(LateDatabase())
        wire = await world.opened()
        tasks = len(asyncio.all_tasks())
        made = []
        for request in (signed("POST", MESSAGES, SEND), signed("GET", MESSAGES + "?waitseconds=30")):
            wire.connection.data_received(request)
            made.append(len(asyncio.all_tasks()) - tasks)
            await wire.say()
            await asyncio.sleep(0)
        return sum(made), wire.sent

    made, sent = run(main())
    assert (made, sent.count(b"HTTP/1.1 20")) == (0, 2)


def test_a_receiver_waits_where_there_is_nothing():
    """By a task; whoever comes after it gets what comes after."""

    async def main() -> list[bytes]:
        world = World(LateDatabase())
        first, second = await world.opened(), Wire(world.gateway, begin=world.gateway.begin)
        for wire in (first, second):
            assert await wire.say(signed("GET", MESSAGES + "?waitseconds=30")) == b""
        for body in ("one", "other"):
            await world.stage.send(body)
            await settled()
        return [first.sent, second.sent]

    one, other = run(main())
    assert b"<MessageBody>one</MessageBody>" in one
    assert b"<MessageBody>other</MessageBody>" in other


def test_what_a_receiver_who_left_would_have_got_is_there_for_others():
    """Whoever leaves before the answer has received nothing."""

    async def main() -> list[str]:
        world = World(LateDatabase())
        wire = await world.opened()
        await world.stage.send("x")
        wire.connection.data_received(signed("GET", MESSAGES))
        wire.connection.connection_lost(None)
        await asyncio.sleep(0)
        return await world.stage.receive()

    assert run(main()) == ["x"]


def test_who_may_is_asked_each_time():
    """A head that comes again proves nothing: its key's role may have changed, and the key may be gone."""

    async def main() -> list[bytes]:
        world = World()
        wire = await world.opened()
        said: list[bytes] = []
        for change in (
            world.let_in,
            world.let_in,
            lambda: world.let_in(Role.VIEWER),
            lambda: world.keyring.replace({}, ()),
        ):
            change()
            before = len(wire.sent)
            said.append((await wire.say(signed("POST", MESSAGES, SEND)))[before : before + 12])
        return said

    assert run(main()) == [b"HTTP/1.1 201", b"HTTP/1.1 201", b"HTTP/1.1 403", b"HTTP/1.1 403"]


class Newcomer(Echo):
    """A product that may come to know a request as its own."""

    claims = False

    def matches(self, request: Request) -> bool:
        return self.claims


def test_whose_request_it_is_is_asked_again_after_a_change():
    """A head that comes again is another product's, once that has come to know it."""

    async def main() -> bytes:
        world, newcomer = World(), Newcomer()
        world.gateway.mount(newcomer, world.product, epoch=lambda: int(newcomer.claims))
        wire = await world.opened()
        await wire.say(*[signed("GET", MESSAGES)] * 3)
        newcomer.claims = True
        before = len(wire.sent)
        return (await wire.say(signed("GET", MESSAGES)))[before:]

    assert run(main()).endswith(b"Who are you?")

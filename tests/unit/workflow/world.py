"""A workflow service on a database in memory, with functions that live in the test, for tests of the shell."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Self

import msgspec

from liuyun.errors import PlatformError, Unavailable
from liuyun.model.execution import Execution, ExecutionKey, FlowSpec
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.storage.database import Work
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.storage.stores import executions as store
from liuyun.testing.clock import FakeClock, settle
from liuyun.testing.ids import CountingIds
from liuyun.workflow.core.decision import Limits
from liuyun.workflow.engine import settle as settle_future
from liuyun.workflow.integrations.ports import Ports
from liuyun.workflow.service import Workflow

ACCOUNT = "1234567890123456"

PASS = """
version: v1
type: flow
steps:
  - {type: pass, name: one}
"""
CALL = """
version: v1
type: flow
steps:
  - {type: task, name: call, resourceArn: 'acs:fc:::services/svc/functions/fn'}
"""
ASK = """
version: v1
type: flow
steps:
  - type: task
    name: ask
    resourceArn: acs:mns:::/topics/questions/messages
    pattern: waitForCallback
    inputMappings: [{target: token, source: $context.task.token}]
    serviceParams: {MessageBody: $.token}
"""
REST = """
version: v1
type: flow
steps:
  - {type: wait, name: rest, duration: 10}
"""


class CountingDatabase(MemoryDatabase):
    """Counts commits; refuses some if it is told to; after the `last` one it is silent, as if the process had died.

    With a `gate`, that is where the tellings of commits gather.
    """

    def __init__(self) -> None:
        super().__init__()
        self.commits = 0
        self.refusals = 0
        self.last: int | None = None
        self.is_dead = False
        self.gate: list[Callable[[], object]] | None = None

    def begin(self, work: Work[Any], then: Callable[[Any], object], /) -> None:
        if self.refusals:
            self.refusals -= 1
            raise Unavailable("The disk is full.")
        if self.is_dead:
            return
        self.commits += 1
        told: list[Any] = []
        super().begin(work, told.append)
        self.is_dead = self.commits == self.last
        if self.gate is not None:
            self.gate.append(partial(then, told[0]))
        elif not self.is_dead:
            then(told[0])

    def read(self, work: Work[Any], /) -> Awaitable[Any]:
        found: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        super().begin(work, partial(settle_future, found))
        return found


class Receipt:
    message_id = "message"
    body_md5 = "md5"


class World:
    """`World(earlier)` is the same installation after its process was killed."""

    def __init__(self, earlier: "World | None" = None, *, live_runs: int = 100, prompt: bool = False) -> None:
        self.db = earlier.db if earlier else CountingDatabase()
        self.clock = earlier.clock if earlier else FakeClock()
        self.ids = earlier.ids if earlier else CountingIds()
        self.function: Callable[[Invocation], Awaitable[bytes]] = instantly
        self.invoked: list[Invocation] = []
        self.published: list[str] = []
        self.prompt = prompt  # functions are called without a task
        self.underway: list[Callable[[InvocationResult | Exception], None]] = []
        self.broken = False  # nothing can be begun
        self.given_up = 0
        self.workflow = Workflow(
            db=self.db,
            clock=self.clock,
            ids=self.ids,
            token_key=b"k" * 32,
            ports=Ports(self.invoke, explain, self.publish, self.send, explain, self.begin),
            limits=Limits(),
            live_runs=live_runs,
        )

    async def invoke(self, invocation: Invocation) -> InvocationResult:
        self.invoked.append(invocation)
        try:
            return answer(invocation, await self.function(invocation), None)
        except PlatformError:
            raise
        except Exception as error:  # noqa: BLE001 - as the runtime reports what a handler raises
            document = {"errorMessage": str(error), "errorType": type(error).__name__}
            return answer(invocation, msgspec.json.encode(document), "UnhandledInvocationError")

    def begin(
        self, invocation: Invocation, then: Callable[[InvocationResult | Exception], None]
    ) -> Callable[[], None] | None:
        if not self.prompt:
            return None
        if self.broken:
            raise OSError("?")
        self.invoked.append(invocation)
        self.underway.append(then)
        return self.give_up

    def give_up(self) -> None:
        self.given_up += 1

    async def finish(self, came_to: bytes | Exception = b'{"done":true}') -> None:
        """The calls that are under way without a task come to this."""
        underway, self.underway = self.underway, []
        for then, invocation in zip(underway, self.invoked[-len(underway) :], strict=True):
            then(came_to if isinstance(came_to, Exception) else answer(invocation, came_to, None))
        await settle()

    async def publish(self, account_id: str, topic: str, body: str, **options: Any) -> Receipt:
        self.published.append(body)
        return Receipt()

    async def send(self, account_id: str, queue: str, body: str, **options: Any) -> Receipt:
        return Receipt()

    async def flow(self, name: str, definition: str) -> None:
        await self.workflow.flows.create(ACCOUNT, FlowSpec(name=name, definition=definition))

    async def start(self, flow: str, name: str = "run", **options: Any) -> Execution:
        return (await self.workflow.executions.start(ACCOUNT, flow, name=name, **options)).execution

    async def describe(self, flow: str, name: str = "run", wait_s: float = 0) -> Execution:
        return await self.workflow.executions.describe(ACCOUNT, flow, name, wait_s=wait_s)

    async def kinds(self, flow: str, name: str = "run") -> list[str]:
        """The types of all history events."""
        page = await self.workflow.executions.history(ACCOUNT, flow, name, limit=1000)
        return [event.kind for event in page.items]

    async def stored(self, key: ExecutionKey) -> bool:
        """Whether anything of an execution is left in the database."""
        return await self.db.read(lambda tx: bool(store.find_by_id(tx, key) or store.history(tx, key)))

    async def __aenter__(self) -> Self:
        await self.workflow.start()
        await settle()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.workflow.close(0)


def answer(invocation: Invocation, payload: bytes, error_type: str | None) -> InvocationResult:
    return InvocationResult(payload, error_type, invocation.request_id, "i", "LATEST", "0", 1, 1)


async def instantly(invocation: Invocation) -> bytes:
    return b'{"done":true}'


def explain(error: PlatformError) -> tuple[int, str]:
    return 429, "ResourceThrottled"

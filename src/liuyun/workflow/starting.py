"""How executions begin: of the flow as it is when they are committed."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count

import msgspec

from liuyun.clock import Clock
from liuyun.errors import ConcurrentUpdate, Unsupported
from liuyun.ids import Ids
from liuyun.model.execution import Execution, ExecutionKey, ExecutionMode, ExecutionStatus
from liuyun.workflow.documents import JsonObject
from liuyun.workflow.engine import Begun, Engine, settle
from liuyun.workflow.flows import Flows, ReadyFlow

ATTEMPTS = 3  # to start against a flow that is being changed


class Wanted(msgspec.Struct, frozen=True):
    """An execution that somebody asked for, checked but for its flow."""

    account_id: str
    flow_name: str
    name: str
    mode: ExecutionMode
    input_text: str
    input_value: JsonObject
    callback_token: str = ""


class Starter:
    def __init__(self, *, clock: Clock, ids: Ids, flows: Flows, engine: Engine) -> None:
        self._clock = clock
        self._flows = flows
        self._engine = engine
        self._process = ids.hex(4)  # what makes its execution ids differ from those of every other process
        self._sequence = count()
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self, wanted: Wanted) -> Begun:
        """If an execution of this name runs already, the answer is that one. Raises ExecutionExists if it has ended."""
        for _ in range(ATTEMPTS):
            ready = await self._flows.current(wanted.account_id, wanted.flow_name)
            begun: asyncio.Future[Begun] = asyncio.get_running_loop().create_future()
            self._begin(ready, wanted, partial(settle, begun))
            try:
                return await begun
            except ConcurrentUpdate:
                self._flows.forget(wanted.account_id, wanted.flow_name)
        raise ConcurrentUpdate(
            "flow_changing", "Flow {flow_name} is being changed; please retry.", flow_name=wanted.flow_name
        )

    def begin(self, wanted: Wanted, then: Callable[[Begun | Exception], None]) -> bool:
        """The same without a task, `then` being told; False if the flow is not at hand."""
        ready = self._flows.at_hand(wanted.account_id, wanted.flow_name)
        if ready is None:
            return False

        def begun(outcome: Begun | Exception) -> None:
            if isinstance(outcome, ConcurrentUpdate):
                self._flows.forget(wanted.account_id, wanted.flow_name)
                self._start_behind(wanted, then)
            else:
                then(outcome)

        self._begin(ready, wanted, begun)
        return True

    def _start_behind(self, wanted: Wanted, then: Callable[[Begun | Exception], None]) -> None:
        async def start() -> None:
            try:
                came_to = await self.start(wanted)
            except Exception as error:  # noqa: BLE001 - it is told
                then(error)
            else:
                then(came_to)

        task = asyncio.create_task(start())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _begin(self, ready: ReadyFlow, wanted: Wanted, then: Callable[[Begun | Exception], None]) -> None:
        check_mode(ready, wanted.mode)
        flow, now = ready.stored, self._clock.now()
        execution = Execution(
            key=ExecutionKey(flow.account_id, flow.flow_id, self._execution_id(now)),
            name=wanted.name,
            flow_name=flow.name,
            flow_revision=flow.revision,
            definition=flow.spec.definition,
            role_arn=flow.spec.role_arn,
            environment=flow.spec.environment,
            input=wanted.input_text,
            status=ExecutionStatus.RUNNING,
            started_at=now,
            callback_token=wanted.callback_token,
        )
        self._engine.begin(ready, execution, wanted.input_value, then)

    def _execution_id(self, now: int) -> str:
        """Ids sort by start, those of one millisecond by their sequence."""
        return f"{first_id(now)}{next(self._sequence) % 2**32:08x}{self._process}"


def check_mode(ready: ReadyFlow, mode: ExecutionMode) -> None:
    spec = ready.stored.spec
    if spec.mode is mode:
        return
    if mode is ExecutionMode.EXPRESS:
        raise Unsupported(
            "flow_standard",
            "Standard execution is not supported here; start flow {name} with StartExecution.",
            name=spec.name,
        )
    raise Unsupported(
        "flow_express", "Flow {name} is an express flow; start it with StartSyncExecution.", name=spec.name
    )


def first_id(started_at: int) -> str:
    """No execution that starts at this instant or later has a smaller id."""
    return f"{started_at:012x}"

"""Executions of flows: start, look, wait, stop, report."""

from collections.abc import Callable
from itertools import count

from liuyun.clock import Clock, wait_for
from liuyun.errors import (
    ConcurrentUpdate,
    ExecutionCompleted,
    ExecutionNotFound,
    FlowNotFound,
    TaskCompleted,
    Unsupported,
)
from liuyun.ids import Ids
from liuyun.model.execution import (
    Execution,
    ExecutionFilter,
    ExecutionKey,
    ExecutionMode,
    ExecutionStatus,
    HistoryEvent,
)
from liuyun.model.page import Page
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import executions as store
from liuyun.storage.stores import flows as flow_store
from liuyun.workflow.core.activations import Activation, ReportFailed, ReportSucceeded, Stop
from liuyun.workflow.core.decision import Refusal
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.turn import told
from liuyun.workflow.documents import parse, parse_object
from liuyun.workflow.engine import Begun, Engine
from liuyun.workflow.flows import Flows, ReadyFlow, check_name
from liuyun.workflow.lately import Lately, with_ending
from liuyun.workflow.outbox import decode_events
from liuyun.workflow.tokens import TaskTokens, invalid, read

ATTEMPTS = 3  # to start against a flow that is being changed
SYNC_WAIT_MS = 300_000  # how long an express flow may keep its caller waiting
NEWER_THAN_ALL = "~"  # sorts after every execution id


class Executions:
    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, flows: Flows, engine: Engine, lately: Lately, tokens: TaskTokens
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._flows = flows
        self._engine = engine
        self._lately = lately
        self._tokens = tokens
        self._process = ids.hex(4)  # what makes its execution ids differ from those of every other process
        self._sequence = count()

    async def start(
        self, account_id: str, flow_name: str, *, name: str = "", input_text: str = "{}", callback_token: str = ""
    ) -> Begun:
        """If an execution of this name runs already, the answer is that one. Raises ExecutionExists if it has ended."""
        if name:
            check_name("ExecutionName", name)
        if callback_token:
            read(callback_token)
        return await self._begin(
            account_id,
            flow_name,
            mode=ExecutionMode.STANDARD,
            name=name or self._ids.uuid(),
            input_text=input_text,
            callback_token=callback_token,
        )

    async def start_sync(self, account_id: str, flow_name: str, *, name: str = "", input_text: str = "{}") -> Execution:
        """The execution once it has ended; after five minutes, as it is then."""
        if name:
            check_name("ExecutionName", name)
        begun = await self._begin(
            account_id,
            flow_name,
            mode=ExecutionMode.EXPRESS,
            name=f"{name or self._ids.uuid()}:{self._ids.uuid()}",
            input_text=input_text,
        )
        return await self._wait(begun.execution, self._clock.now() + SYNC_WAIT_MS)

    async def stop(self, account_id: str, flow_name: str, name: str, *, error: str = "", cause: str = "") -> Execution:
        """The execution as stopped. Raises ExecutionCompleted if it had ended."""
        found = await self._find(account_id, flow_name, name)
        decision = await self._engine.advance(found.key, Stop(error, cause))
        if decision.refusal is not None:
            raise ExecutionCompleted(name, flow_name)
        return await self._find(account_id, flow_name, name)

    async def describe(self, account_id: str, flow_name: str, name: str, *, wait_s: float = 0) -> Execution:
        """The execution; while it runs, not before it ends or `wait_s` have passed."""
        deadline = self._clock.steady() + round(wait_s * 1000)
        found = await self._find(account_id, flow_name, name)
        return await self._wait(found, deadline) if wait_s else found

    async def list(
        self, account_id: str, flow_name: str, wanted: ExecutionFilter, *, limit: int, after: str = ""
    ) -> Page[Execution]:
        """Newest first."""
        until = NEWER_THAN_ALL if wanted.started_until is None else first_id(wanted.started_until + 1)
        before = min(until, after or NEWER_THAN_ALL)
        from_id = "" if wanted.started_from is None else first_id(wanted.started_from)

        def unit(tx: Transaction) -> list[Execution]:
            flow = flow_store.find(tx, account_id, flow_name)
            if flow is None:
                raise FlowNotFound(flow_name)
            return store.page(tx, account_id, flow.flow_id, wanted, before=before, from_id=from_id, limit=limit + 1)

        found = await self._db.read(unit)
        return Page(found[:limit], found[limit - 1].key.execution_id if len(found) > limit else None)

    async def history(
        self, account_id: str, flow_name: str, name: str, *, limit: int, first: int = 1
    ) -> Page[HistoryEvent]:
        """Events from id `first` on; the page's next key is the id of the event after it."""
        found = await self._find(account_id, flow_name, name)
        chunks = await self._db.read(lambda tx: store.history(tx, found.key, after=first - 1, limit=limit + 1))
        events = [event for chunk in chunks for event in decode_events(chunk) if event.id >= first][: limit + 1]
        return Page([to_history(event) for event in events[:limit]], str(events[limit].id) if events[limit:] else None)

    async def report_succeeded(self, account_id: str, token: str, output: str) -> int:
        """The id of the event that records it. Raises InvalidTaskToken, TaskCompleted."""
        value = parse(output, "Output")
        return await self._report(account_id, token, lambda event_id: ReportSucceeded(event_id, value))

    async def report_failed(self, account_id: str, token: str, *, error: str, cause: str) -> int:
        """As report_succeeded."""
        return await self._report(account_id, token, lambda event_id: ReportFailed(event_id, error, cause))

    async def _begin(
        self,
        account_id: str,
        flow_name: str,
        *,
        mode: ExecutionMode,
        name: str,
        input_text: str,
        callback_token: str = "",
    ) -> Begun:
        value = parse_object(input_text, "Parameter error. Input")
        for _ in range(ATTEMPTS):
            ready = await self._flows.current(account_id, flow_name)
            check_mode(ready, mode)
            execution = self._new(ready, name, input_text, callback_token)
            try:
                return await self._engine.begin(ready, execution, value)
            except ConcurrentUpdate:
                self._flows.forget(account_id, flow_name)
        raise ConcurrentUpdate("flow_changing", "Flow {flow_name} is being changed; please retry.", flow_name=flow_name)

    def _new(self, ready: ReadyFlow, name: str, input_text: str, callback_token: str) -> Execution:
        flow, now = ready.stored, self._clock.now()
        return Execution(
            key=ExecutionKey(flow.account_id, flow.flow_id, self._execution_id(now)),
            name=name,
            flow_name=flow.name,
            flow_revision=flow.revision,
            definition=flow.spec.definition,
            role_arn=flow.spec.role_arn,
            environment=flow.spec.environment,
            input=input_text,
            status=ExecutionStatus.RUNNING,
            started_at=now,
            callback_token=callback_token,
        )

    def _execution_id(self, now: int) -> str:
        """Ids sort by start, those of one millisecond by their sequence."""
        return f"{first_id(now)}{next(self._sequence) % 2**32:08x}{self._process}"

    def _remembered(self, account_id: str, flow_name: str, name: str) -> Execution | None:
        """Only what can't have changed elsewhere: an execution that has ended, or one that runs here."""
        flow_id = self._flows.remembered_id(account_id, flow_name)
        found = None if flow_id is None else self._lately.find(account_id, flow_id, name)
        if found is None or (found.status is ExecutionStatus.RUNNING and not self._engine.remembers(found.key)):
            return None
        return found

    async def _find(self, account_id: str, flow_name: str, name: str) -> Execution:
        if (remembered := self._remembered(account_id, flow_name, name)) is not None:
            return remembered

        def unit(tx: Transaction) -> Execution:
            found = store.find(tx, account_id, flow_name, name)
            if found is not None:
                return found
            if flow_store.find(tx, account_id, flow_name) is None:
                raise FlowNotFound(flow_name)
            raise ExecutionNotFound(name, flow_name)

        return await self._db.read(unit)

    async def _wait(self, found: Execution, deadline: int) -> Execution:
        if found.status is not ExecutionStatus.RUNNING:
            return found
        with self._engine.watching(found.key) as ended:
            if not self._engine.remembers(found.key):  # it may have ended before the watch began
                now = await self._db.read(lambda tx: store.find_by_id(tx, found.key))
                if now is not None and now.status is not ExecutionStatus.RUNNING:
                    return now
            try:
                return with_ending(found, await wait_for(self._clock, ended, deadline - self._clock.steady()))
            except TimeoutError:
                return found

    async def _report(self, account_id: str, token: str, report: Callable[[int], Activation]) -> int:
        claim = read(token)
        key = await self._db.read(lambda tx: store.find_key(tx, account_id, claim.flow_name, claim.execution_name))
        if key is None:
            raise invalid()
        self._tokens.check(claim, key)
        decision = await self._engine.advance(key, report(claim.event_id))
        if decision.refusal is Refusal.TASK_COMPLETED:
            raise TaskCompleted(token)
        return decision.report_event_id


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


def to_history(event: Event) -> HistoryEvent:
    return HistoryEvent(event.id, event.follows, event.step, event.type.value, event.time, told(event.detail))

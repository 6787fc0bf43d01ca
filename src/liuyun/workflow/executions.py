"""Executions of flows: start, look, wait, stop, report."""

import asyncio
from collections.abc import Callable
from functools import partial

from liuyun.clock import Clock
from liuyun.errors import ExecutionCompleted, ExecutionNotFound, FlowNotFound, TaskCompleted
from liuyun.ids import Ids
from liuyun.model.execution import (
    Execution,
    ExecutionFilter,
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
from liuyun.workflow.engine import Begun, Engine, settle
from liuyun.workflow.flows import Flows, check_name
from liuyun.workflow.lately import Lately
from liuyun.workflow.outbox import decode_events
from liuyun.workflow.starting import Starter, Wanted, first_id
from liuyun.workflow.tokens import TaskTokens, invalid, read
from liuyun.workflow.waiting import SYNC_WAIT_MS, SyncWait, Wait
from liuyun.workflow.watchers import forget

INPUT = "Parameter error. Input"
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
        self._starter = Starter(clock=clock, ids=ids, flows=flows, engine=engine)

    async def start(
        self, account_id: str, flow_name: str, *, name: str = "", input_text: str = "{}", callback_token: str = ""
    ) -> Begun:
        """If an execution of this name runs already, the answer is that one. Raises ExecutionExists if it has ended."""
        wanted = self._standard(account_id, flow_name, name, input_text, callback_token=callback_token)
        return await self._starter.start(wanted)

    def begin_start(
        self,
        account_id: str,
        flow_name: str,
        *,
        name: str,
        input_text: str,
        callback_token: str,
        then: Callable[[Begun | Exception], None],
    ) -> bool:
        """The same for who has no task, `then` being told; False if it needs one. Raises what can be told at once."""
        wanted = self._standard(account_id, flow_name, name, input_text, callback_token=callback_token)
        return self._starter.begin(wanted, then)

    async def start_sync(self, account_id: str, flow_name: str, *, name: str = "", input_text: str = "{}") -> Execution:
        """The execution once it has ended; after five minutes, as it is then."""
        begun = await self._starter.start(self._express(account_id, flow_name, name, input_text))
        return await self._wait(begun.execution, self._clock.steady() + SYNC_WAIT_MS)

    def begin_start_sync(
        self,
        account_id: str,
        flow_name: str,
        *,
        name: str,
        input_text: str,
        then: Callable[[Execution | Exception], None],
    ) -> Callable[[], None] | None:
        """The same as with `begin_start`; the answer gives up the wait, and takes nothing back."""
        waiting = SyncWait(self._engine.watchers, self._clock, then)
        begins = self._starter.begin(self._express(account_id, flow_name, name, input_text), waiting.begun)
        return waiting.abandon if begins else None

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

    def begin_describe(
        self, account_id: str, flow_name: str, name: str, *, wait_s: float, then: Callable[[Execution], None]
    ) -> Callable[[], None] | None:
        """The same as with `begin_start_sync`."""
        found = self._remembered(account_id, flow_name, name)
        if found is None:
            return None
        if wait_s and found.status is ExecutionStatus.RUNNING:
            return Wait(self._engine.watchers, self._clock, found, round(wait_s * 1000), then).abandon
        then(found)
        return forget

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

    def _standard(self, account_id: str, flow_name: str, name: str, input_text: str, *, callback_token: str) -> Wanted:
        if name:
            check_name("ExecutionName", name)
        if callback_token:
            read(callback_token)
        name, value = name or self._ids.uuid(), parse_object(input_text, INPUT)
        return Wanted(account_id, flow_name, name, ExecutionMode.STANDARD, input_text, value, callback_token)

    def _express(self, account_id: str, flow_name: str, name: str, input_text: str) -> Wanted:
        if name:
            check_name("ExecutionName", name)
        name, value = f"{name or self._ids.uuid()}:{self._ids.uuid()}", parse_object(input_text, INPUT)
        return Wanted(account_id, flow_name, name, ExecutionMode.EXPRESS, input_text, value)

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
        ended: asyncio.Future[Execution] = asyncio.get_running_loop().create_future()
        span_ms = max(0, deadline - self._clock.steady())
        wait = Wait(self._engine.watchers, self._clock, found, span_ms, partial(settle, ended))
        try:
            if not self._engine.remembers(found.key):  # it may have ended before the wait began
                now = await self._db.read(lambda tx: store.find_by_id(tx, found.key))
                if now is not None and now.status is not ExecutionStatus.RUNNING:
                    return now
            return await ended
        finally:
            wait.abandon()

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


def to_history(event: Event) -> HistoryEvent:
    return HistoryEvent(event.id, event.follows, event.step, event.type.value, event.time, told(event.detail))

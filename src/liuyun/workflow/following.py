"""Executions from close by: each event as it comes, and what the run waits for."""

from dataclasses import dataclass

from liuyun.clock import Clock, wait_for
from liuyun.errors import TaskCompleted
from liuyun.model.execution import Execution, ExecutionKey, ExecutionStatus
from liuyun.storage.database import Database
from liuyun.storage.stores import executions as store
from liuyun.workflow.core.activations import ReportFailed, ReportSucceeded
from liuyun.workflow.core.decision import Refusal
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.explain import Waiting, explain
from liuyun.workflow.engine import Engine
from liuyun.workflow.executions import Executions
from liuyun.workflow.news import News
from liuyun.workflow.outbox import decode_events


@dataclass(frozen=True, slots=True)
class Seen:
    """`events` are the next ones, in order. `waiting` and `execution` may be newer than they, never older."""

    execution: Execution
    events: tuple[Event, ...]
    waiting: tuple[Waiting, ...]


class Following:
    def __init__(self, *, db: Database, clock: Clock, engine: Engine, executions: Executions, news: News) -> None:
        self._db = db
        self._clock = clock
        self._engine = engine
        self._executions = executions
        self._news = news

    async def look(
        self, account_id: str, flow_name: str, name: str, *, after: int, limit: int, wait_s: float = 0
    ) -> Seen:
        """The events after event `after`. If it runs and there are none yet: as soon as there is one, or `wait_s` have
        passed.
        """
        deadline = self._clock.steady() + round(wait_s * 1000)
        found = await self._executions.describe(account_id, flow_name, name)
        with self._news.following(found.key) as told:
            events = await self._events(found.key, after, limit)
            found = await self._executions.describe(account_id, flow_name, name)
            if not events and wait_s and found.status is ExecutionStatus.RUNNING:
                try:
                    await wait_for(self._clock, told, deadline - self._clock.steady())
                except TimeoutError:
                    return Seen(found, (), await self._waiting(found))
                events = await self._events(found.key, after, limit)
                found = await self._executions.describe(account_id, flow_name, name)
        return Seen(found, events, await self._waiting(found))

    async def report(self, account_id: str, flow_name: str, name: str, report: ReportSucceeded | ReportFailed) -> None:
        """For people who know the execution and not the token. Raises TaskCompleted if nothing waits for it."""
        found = await self._executions.describe(account_id, flow_name, name)
        decision = await self._engine.advance(found.key, report)
        if decision.refusal is Refusal.TASK_COMPLETED:
            raise TaskCompleted(f"of event {report.event_id}")

    async def _events(self, key: ExecutionKey, after: int, limit: int) -> tuple[Event, ...]:
        chunks = await self._db.read(lambda tx: store.history(tx, key, after=after, limit=limit))
        events = (event for chunk in chunks for event in decode_events(chunk))
        return tuple(event for event in events if event.id > after)[:limit]

    async def _waiting(self, found: Execution) -> tuple[Waiting, ...]:
        if found.status is not ExecutionStatus.RUNNING:
            return ()
        live = await self._engine.live(found.key)
        return explain(live.flow, live.run)

"""The workflow service put together: what the composition root builds, starts and closes."""

from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.storage.database import Database
from liuyun.workflow.core.activations import TimerFired
from liuyun.workflow.core.decision import Limits, no_config
from liuyun.workflow.core.effects import InvokeFunction, PublishMessage, SendMessage
from liuyun.workflow.deleted import DeletedFlows
from liuyun.workflow.dispatch import Dispatcher
from liuyun.workflow.engine import LIVE_RUNS, Engine, ReadFor
from liuyun.workflow.executions import Executions
from liuyun.workflow.flows import Flows
from liuyun.workflow.following import Following
from liuyun.workflow.integrations.function import FunctionCalls
from liuyun.workflow.integrations.ports import Ports
from liuyun.workflow.integrations.queue import QueueSends
from liuyun.workflow.integrations.starter import StarterReports
from liuyun.workflow.integrations.topic import TopicPublishes
from liuyun.workflow.lately import Lately
from liuyun.workflow.news import News
from liuyun.workflow.outbox import ReportBack
from liuyun.workflow.prompt import Prompter
from liuyun.workflow.timers import Timers
from liuyun.workflow.tokens import TaskTokens


class Workflow:
    """`token_key` must stay the same for the life of an installation: task tokens are signed with it."""

    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        ids: Ids,
        token_key: bytes,
        ports: Ports,
        limits: Limits,
        config: ReadFor = lambda _: no_config,
        live_runs: int = LIVE_RUNS,
    ) -> None:
        tokens, lately, news = TaskTokens(token_key), Lately(), News()
        self._dispatcher = Dispatcher(db=db, clock=clock)
        self._timers = Timers(db=db, clock=clock)
        self.flows = Flows(db=db, clock=clock, ids=ids)
        self.engine = Engine(
            db=db,
            clock=clock,
            flows=self.flows,
            lately=lately,
            tokens=tokens,
            limits=limits,
            config=config,
            submit=self._dispatcher.submit,
            arm=self._timers.arm,
            news=news,
            live_runs=live_runs,
        )
        self.executions = Executions(
            db=db, clock=clock, ids=ids, flows=self.flows, engine=self.engine, lately=lately, tokens=tokens
        )
        self.following = Following(db=db, clock=clock, engine=self.engine, executions=self.executions, news=news)
        self._deleted = DeletedFlows(db=db, clock=clock, engine=self.engine)
        self.flows.on_deleted = self._deleted.look
        calls = FunctionCalls(ports, ids)
        self._prompter = Prompter(self.engine, {InvokeFunction: calls.begin})
        self._carriers = {
            InvokeFunction: calls,
            PublishMessage: TopicPublishes(ports, ids),
            SendMessage: QueueSends(ports, ids),
            ReportBack: StarterReports(self.executions),
        }

    async def start(self) -> None:
        """Takes up what an earlier process left: effects not answered, alarms not rung."""
        engine = self.engine
        self._dispatcher.start(engine, self._carriers, self._prompter)
        self._timers.start(lambda key, event_id: engine.advance(key, TimerFired(event_id)))
        self._deleted.start()

    async def close(self, drain_s: float = 10) -> None:
        """What was accepted is committed; what isn't done goes on after the next start."""
        await self._deleted.close()
        await self._timers.close()
        await self._dispatcher.close(drain_s)
        await self.engine.close()

    def end_waits(self) -> None:
        """Answers long polls now, so that a clean stop needn't wait for them."""
        self.engine.end_waits()

    def statistics(self) -> dict[str, int]:
        return {**self.engine.statistics(), **self._dispatcher.statistics()}

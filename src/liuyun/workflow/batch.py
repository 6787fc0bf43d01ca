"""What one commit of an execution does: the decisions on a batch of activations, folded into rows. Pure."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from liuyun.model.execution import ExecutionKey, ExecutionStatus
from liuyun.storage.stores.executions import Advance, EffectRow, Ending, TimerRow
from liuyun.workflow.core.activations import Activation, TaskFailed, TaskReturned, TimerFired
from liuyun.workflow.core.decide import decide
from liuyun.workflow.core.decision import Context, Decision
from liuyun.workflow.core.effects import Effect, ExecutionEnded, StartTimer
from liuyun.workflow.core.run import Run
from liuyun.workflow.definition import Flow
from liuyun.workflow.outbox import Outgoing, ReportBack, encode, encode_events, encode_json


class Live(msgspec.Struct, frozen=True):
    """An execution in memory. `callback_token` names the task that waits for its end, if any; `alarmed`: it has ever
    set a timer.
    """

    key: ExecutionKey
    flow: Flow
    run: Run
    context: Context
    callback_token: str = ""
    alarmed: bool = False


class Batch(msgspec.Struct, frozen=True):
    """`live` is the execution after the commit of `rows`; `outgoing` are the effects to carry out then."""

    live: Live
    decisions: Sequence[Decision]
    rows: Advance
    outgoing: Sequence[Outgoing]

    @property
    def is_empty(self) -> bool:
        return not (self.rows.events or self.rows.answered or self.rows.rung)

    @property
    def next_due(self) -> int | None:
        return min((timer.due_at for timer in self.rows.timers), default=None)


def take(live: Live, activations: Sequence[Activation], now: int) -> Batch:
    decisions: list[Decision] = []
    run = live.run
    for activation in activations:
        decisions.append(decide(live.flow, run, activation, now, live.context))
        run = decisions[-1].run
    effects = [effect for decision in decisions for effect in decision.effects]
    alarms = [effect for effect in effects if isinstance(effect, StartTimer)] if run.is_live else []
    after = replace(live, run=run, alarmed=live.alarmed or bool(alarms))
    has_ended = live.run.is_live and not run.is_live
    outgoing = report_back(after) if has_ended else calls(effects)
    rows = Advance(
        first_event_id=live.run.last_event + 1,
        last_event_id=run.last_event,
        events=encode_events([event for decision in decisions for event in decision.events]),
        effects=[EffectRow(effect.event_id, encode(effect)) for effect in outgoing],
        timers=[TimerRow(timer.event_id, timer.at) for timer in alarms],
        answered=[a.event_id for a in activations if isinstance(a, TaskReturned | TaskFailed)],
        rung=[a.event_id for a in activations if isinstance(a, TimerFired)],
        ending=ending(run) if has_ended else None,
        alarmed=after.alarmed,
    )
    return Batch(after, decisions, rows, outgoing)


def calls(effects: Sequence[Effect]) -> list[Outgoing]:
    return [effect for effect in effects if not isinstance(effect, StartTimer | ExecutionEnded)]


def report_back(live: Live) -> list[Outgoing]:
    """An ended execution wants nothing more of the world but that its starter learns how it ended."""
    if not live.callback_token:
        return []
    end = ending(live.run)
    output = end.output if end.status is ExecutionStatus.SUCCEEDED else None
    error = end.error or f"FnF.Execution{end.status.value}"
    return [ReportBack(live.run.last_event, live.callback_token, output, error, end.cause)]


def ending(run: Run) -> Ending:
    assert run.stopped_at is not None, "only a run that has ended has an ending"
    output = "" if run.output is None else encode_json(run.output)
    return Ending(ExecutionStatus(run.status.value), output, run.error, run.cause, run.stopped_at)

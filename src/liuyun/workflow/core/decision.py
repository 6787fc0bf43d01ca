"""What goes into `decide` beside flow, run and activation, and what comes out."""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

import msgspec

from liuyun.workflow.core.effects import Effect
from liuyun.workflow.core.events import Event, EventType
from liuyun.workflow.core.run import Run
from liuyun.workflow.definition.paths import MISSING, Missing
from liuyun.workflow.documents import Json


class Limits(msgspec.Struct, frozen=True):
    step_data_bytes: int = 32 * 1024  # input + local + output of one step
    events: int = 5000  # events of one execution, its end included


ReadConfig: TypeAlias = Callable[[str, str, str], Json | Missing]


def no_config(_tenant: str, _schema: str, _key: str) -> Missing:
    return MISSING


class Context(msgspec.Struct, frozen=True):
    """The world of a run. `token` makes the task token for an event id of this execution (`$context.task.token`).

    `config` reads what a tenant ("": the account) has under a schema and key at this moment. What a decision read is in
    its events, so no replay asks again.
    """

    token: Callable[[int], str]
    limits: Limits = Limits()
    config: ReadConfig = no_config


class Refusal(StrEnum):
    """Why an activation was turned down, where its sender must be told."""

    TASK_COMPLETED = "TaskCompleted"  # a report for a task that has ended or was retried since
    EXECUTION_COMPLETED = "ExecutionCompleted"  # a stop of an execution that has ended


class Decision(msgspec.Struct, frozen=True):
    """`run` is the run after `events`. All of it goes into one commit; without events there is nothing to store."""

    run: Run
    events: tuple[Event, ...] = ()
    effects: tuple[Effect, ...] = ()
    refusal: Refusal | None = None

    @property
    def report_event_id(self) -> int:
        """EventId as ReportTask* answers it: that of the task's result, or of the failure that took its place."""
        return next((event.id for event in self.events if event.type in REPORTED), 0)


REPORTED = frozenset({EventType.TASK_SUCCEEDED, EventType.TASK_FAILED, EventType.STEP_FAILED})

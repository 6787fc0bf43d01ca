"""Activations: everything that can happen to a run from outside.

An activation names what it answers by the id of the event that asked for it: a task's TaskScheduled event, or the event
that started a timer. One that comes twice or too late names an event that nothing waits for any more; the
decision is then empty (or a refusal, for a report whose sender must be told).
"""

from typing import TypeAlias

import msgspec

from liuyun.errors import Phrase
from liuyun.workflow.documents import Json, JsonObject


class Start(msgspec.Struct, frozen=True, tag=True):
    input: JsonObject


class TaskReturned(msgspec.Struct, frozen=True, tag=True):
    """The call of an effect was answered with success. `output` is the answer, a text where it isn't JSON.

    For `requestResponse` it is the task's result; for `waitForCallback` it only shows that the call arrived.
    """

    event_id: int
    output: Json


class TaskFailed(msgspec.Struct, frozen=True, tag=True):
    """The call of an effect was refused or failed."""

    event_id: int
    error: str
    cause: Phrase | str


class ReportSucceeded(msgspec.Struct, frozen=True, tag=True):
    """ReportTaskSucceeded; `event_id` is the task token's."""

    event_id: int
    output: Json


class ReportFailed(msgspec.Struct, frozen=True, tag=True):
    """ReportTaskFailed; `event_id` is the task token's."""

    event_id: int
    error: str
    cause: str


class TimerFired(msgspec.Struct, frozen=True, tag=True):
    """The timer of the StartTimer effect with this `event_id` is due."""

    event_id: int


class Stop(msgspec.Struct, frozen=True, tag=True):
    error: str = ""
    cause: Phrase | str = ""


Activation: TypeAlias = Start | TaskReturned | TaskFailed | ReportSucceeded | ReportFailed | TimerFired | Stop

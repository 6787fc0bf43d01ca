"""Effects: everything that a run may ask of the world outside.

They leave after the commit, at least once. (account, execution, `event_id`) is an effect's identity: the id of
the history event that caused it, new for each attempt. `path` and `attempt` are for people and logs.
"""

from typing import TypeAlias

import msgspec

from liuyun.workflow.documents import JsonObject


class InvokeFunction(msgspec.Struct, frozen=True, tag=True):
    """Answer with TaskReturned or TaskFailed.

    `payload` is the function's event as JSON text; an empty `service` means a function of the third generation.
    """

    event_id: int
    path: str
    attempt: int
    service: str
    function: str
    qualifier: str
    payload: str


class PublishMessage(msgspec.Struct, frozen=True, tag=True):
    """Answer with TaskReturned ({MessageId, MessageBodyMD5, RequestId}) or TaskFailed."""

    event_id: int
    path: str
    attempt: int
    topic: str
    body: str
    tag: str = ""
    attributes: JsonObject | None = None


class SendMessage(msgspec.Struct, frozen=True, tag=True):
    """Answer as for PublishMessage. `priority` and `delay_s` are None where the step doesn't say."""

    event_id: int
    path: str
    attempt: int
    queue: str
    body: str
    priority: int | None = None
    delay_s: int | None = None


class StartTimer(msgspec.Struct, frozen=True, tag=True):
    """Answer with TimerFired(event_id) at `at` (epoch milliseconds) or later.

    Nothing cancels a timer: one that is no longer wanted fires into an empty decision.
    """

    event_id: int
    at: int


class ExecutionEnded(msgspec.Struct, frozen=True, tag=True):
    """The run has reached its final status; whoever waits for it may look."""

    event_id: int


TaskEffect: TypeAlias = InvokeFunction | PublishMessage | SendMessage
Effect: TypeAlias = TaskEffect | StartTimer | ExecutionEnded

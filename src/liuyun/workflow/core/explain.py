"""What a live run is waiting for, in words: for the command line, the console and the log."""

from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from liuyun.workflow.core.events import EventType
from liuyun.workflow.core.routes import target_of
from liuyun.workflow.core.run import Frame, Run, step_path
from liuyun.workflow.core.tasks import RUNNING
from liuyun.workflow.definition.steps import Flow, Step, Task
from liuyun.workflow.definition.targets import FunctionTarget, QueueTarget, Target, TopicTarget


class Reason(StrEnum):
    TIME = "time"  # a wait step's
    REPORT = "report"  # with the task token
    RETRY = "retry"  # the time of the next attempt
    FUNCTION = "function"  # the answer of what `target` names, or that it takes the message
    TOPIC = "topic"
    QUEUE = "queue"


@dataclass(frozen=True, slots=True)
class Waiting:
    """`path` is the step waiting `for_what`, `since` and at most `until` (epoch milliseconds; None: without end).

    `event_id` names the wait (see activations); `target` is what the step calls, if it calls anything.
    """

    path: str
    step: str
    for_what: str
    since: int
    until: int | None
    event_id: int
    reason: Reason
    target: str = ""
    attempt: int = 0


def explain(flow: Flow, run: Run) -> tuple[Waiting, ...]:
    active = [(path, scope.frame) for path, scope in run.scopes.items() if scope.frame is not None]
    return tuple(waiting(flow, path, frame) for path, frame in active if frame.awaits)


def waiting(flow: Flow, scope: str, frame: Frame) -> Waiting:
    step = flow.places[frame.step].step
    reason = reason_of(step, frame)
    target = name_of(target_of(step, frame)) if isinstance(step, Task) else ""
    return Waiting(
        path=step_path(scope, frame.step),
        step=frame.step,
        for_what=awaited(reason, target, frame.attempt),
        since=frame.since,
        until=frame.due,
        event_id=frame.awaits,
        reason=reason,
        target=target,
        attempt=frame.attempt,
    )


def reason_of(step: Step, frame: Frame) -> Reason:
    if not isinstance(step, Task):
        return Reason.TIME
    if frame.phase is EventType.TASK_SUBMITTED:
        return Reason.REPORT
    return called(target_of(step, frame)) if frame.phase in RUNNING else Reason.RETRY


def called(target: Target) -> Reason:
    match target:
        case FunctionTarget():
            return Reason.FUNCTION
        case TopicTarget():
            return Reason.TOPIC
        case QueueTarget():
            return Reason.QUEUE
        case _:
            assert_never(target)


def name_of(target: Target) -> str:
    match target:
        case FunctionTarget(service, function):
            return f"{service}/{function}" if service else function
        case TopicTarget(topic):
            return topic
        case QueueTarget(queue):
            return queue
        case _:
            assert_never(target)


def awaited(reason: Reason, target: str, attempt: int) -> str:
    match reason:
        case Reason.TIME:
            return "its time"
        case Reason.REPORT:
            return "a report with its task token"
        case Reason.RETRY:
            return f"the time of attempt {attempt + 1}"
        case Reason.FUNCTION:
            return f"function {target}"
        case Reason.TOPIC | Reason.QUEUE:
            return f"{reason} {target} to take its message"
        case _:
            assert_never(reason)

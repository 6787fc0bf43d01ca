"""What a live run is waiting for, in words: for the command line, the console and the log."""

from dataclasses import dataclass
from typing import assert_never

from liuyun.workflow.core.events import EventType
from liuyun.workflow.core.routes import target_of
from liuyun.workflow.core.run import Frame, Run, step_path
from liuyun.workflow.core.tasks import RUNNING
from liuyun.workflow.definition.steps import Flow, Step, Task
from liuyun.workflow.definition.targets import FunctionTarget, QueueTarget, Target, TopicTarget


@dataclass(frozen=True, slots=True)
class Waiting:
    """`path` is the step waiting `for_what`, `since` and at most `until` (epoch milliseconds; None: without end)."""

    path: str
    step: str
    for_what: str
    since: int
    until: int | None


def explain(flow: Flow, run: Run) -> tuple[Waiting, ...]:
    active = [(path, scope.frame) for path, scope in run.scopes.items() if scope.frame is not None]
    return tuple(
        Waiting(
            step_path(path, frame.step),
            frame.step,
            awaited(flow.places[frame.step].step, frame),
            frame.since,
            frame.due,
        )
        for path, frame in active
        if frame.awaits
    )


def awaited(step: Step, frame: Frame) -> str:
    if not isinstance(step, Task):
        return "its time"
    if frame.phase is EventType.TASK_SUBMITTED:
        return "a report with its task token"
    return callee(target_of(step, frame)) if frame.phase in RUNNING else f"the time of attempt {frame.attempt + 1}"


def callee(target: Target) -> str:
    match target:
        case FunctionTarget(service, function):
            return f"function {service}/{function}" if service else f"function {function}"
        case TopicTarget(topic):
            return f"topic {topic} to take its message"
        case QueueTarget(queue):
            return f"queue {queue} to take its message"
        case _:
            assert_never(target)

"""Every state a run can be in meets everything that can happen to it."""

from collections.abc import Callable, Mapping
from itertools import product

import pytest

from liuyun.workflow.core.activations import (
    Activation,
    ReportFailed,
    ReportSucceeded,
    Start,
    Stop,
    TaskFailed,
    TaskReturned,
    TimerFired,
)
from liuyun.workflow.core.decision import Refusal
from tests.unit.workflow.core.play import Play
from tests.unit.workflow.definition.texts import FUNCTION, flow_of

TASK = f"{{type: task, name: pay, resourceArn: '{FUNCTION}', timeoutSeconds: 9"
REQUEST = f"- {TASK}, retry: [{{errors: [Again]}}]}}"
CALLBACK = f"- {TASK}, pattern: waitForCallback}}"


def begun(steps: str) -> Play:
    play = Play(flow_of(steps, "timeoutSeconds: 60\n"))
    play.happen(Start({}))
    return play


def submitted() -> Play:
    play = begun(CALLBACK)
    play.returned({})
    return play


def backing_off() -> Play:
    play = begun(REQUEST)
    play.failed("Again")
    return play


STATES: dict[str, Callable[[], Play]] = {
    "starting": lambda: Play(flow_of(REQUEST)),
    "waiting": lambda: begun("- {type: wait, name: w, duration: 9}"),
    "calling": lambda: begun(REQUEST),
    "calling for a callback": lambda: begun(CALLBACK),
    "submitted": submitted,
    "backing off": backing_off,
    "ended": lambda: begun("- {type: pass, name: a}"),
}
HAPPENINGS: dict[str, Callable[[int], Activation]] = {
    "start": lambda _: Start({}),
    "returned": lambda awaited: TaskReturned(awaited, {}),
    "failed": lambda awaited: TaskFailed(awaited, "E", "c"),
    "reported": lambda awaited: ReportSucceeded(awaited, {}),
    "failure reported": lambda awaited: ReportFailed(awaited, "E", "c"),
    "own timer": TimerFired,
    "flow timer": lambda _: TimerFired(1),
    "stop": lambda _: Stop("E", "c"),
}
REFUSED = {"reported": Refusal.TASK_COMPLETED, "failure reported": Refusal.TASK_COMPLETED}
ENDED = {**REFUSED, "stop": Refusal.EXECUTION_COMPLETED}
LIVE = {"flow timer": "ExecutionTimedOut", "stop": "ExecutionStopped"}
TASK_ENDS = {"own timer": "TaskTimedOut", **LIVE}

OUTCOMES: dict[str, Mapping[str, str]] = {  # the first event, a refusal, or nothing
    "starting": {**REFUSED, "start": "ExecutionStarted", "stop": "ExecutionStopped"},
    "waiting": {**REFUSED, **LIVE, "own timer": "StepSucceeded"},
    "calling": {**REFUSED, **TASK_ENDS, "returned": "TaskSucceeded", "failed": "TaskFailed"},
    "calling for a callback": {
        **TASK_ENDS,
        "returned": "TaskSubmitted",
        "failed": "TaskSubmitFailed",
        "reported": "TaskSubmitted",
        "failure reported": "TaskSubmitted",
    },
    "submitted": {**TASK_ENDS, "reported": "TaskSucceeded", "failure reported": "TaskFailed"},
    "backing off": {**REFUSED, **LIVE, "own timer": "TaskScheduled"},
    "ended": ENDED,
}


def awaited(play: Play) -> int:
    """The event that the run waits for; any other id where it waits for nothing."""
    frames = [scope.frame for scope in play.run.scopes.values() if scope.frame is not None]
    return next((frame.awaits for frame in frames), 4)


@pytest.mark.parametrize(("state", "happening"), list(product(STATES, HAPPENINGS)))
def test_every_state_meets_everything(state: str, happening: str):
    """One table says what follows; what it doesn't name changes nothing."""
    play = STATES[state]()
    decision = play.happen(HAPPENINGS[happening](awaited(play)))
    outcome = decision.refusal or (decision.events[0].type if decision.events else None)
    assert outcome == OUTCOMES[state].get(happening)

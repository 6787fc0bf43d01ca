from typing import Any

from order_service.progress import as_document, steps


def event(kind: str, step: str = "", **detail: Any) -> dict[str, Any]:
    return {"Type": kind, "StepName": step, "Time": f"t-{kind}", "EventDetail": str(detail)}


WAITING = [
    event("ExecutionStarted"),
    event("StepEntered", "payment"),
    event("StepStarted", "payment", taskToken="secret"),
    event("TaskScheduled", "payment"),
    event("TaskStarted", "payment"),
    event("TaskSubmitted", "payment"),
]


def test_a_step_that_waits() -> None:
    """A task that was handed over waits for its report."""
    document = as_document(WAITING)
    assert [(step["name"], step["state"], step["left"]) for step in document["steps"]] == [("payment", "waiting", "")]
    assert document["execution"] == "running"


def test_task_tokens_stay_inside() -> None:
    """Whoever knows an order's number learns nothing that could answer for a task."""
    assert "secret" not in str(as_document(WAITING))


def test_a_step_that_runs_out_of_time() -> None:
    """A timeout stays a timeout, though the step failed by it."""
    events = [
        *WAITING,
        event("TaskTimedOut", "payment"),
        event("StepFailed", "payment"),
        event("StepExited", "payment"),
        event("ExecutionFailed"),
    ]
    document = as_document(events)
    assert (document["steps"][0]["state"], document["steps"][0]["left"]) == ("timedOut", "t-StepExited")
    assert document["execution"] == "failed"


def test_tries_are_counted() -> None:
    """A task that is tried again says how often, and runs again meanwhile."""
    events = [*WAITING, event("TaskFailed", "payment"), event("TaskScheduled", "payment")]
    assert [(step.state, step.attempts) for step in steps(events)] == [("running", 2)]


def test_a_step_that_is_visited_twice() -> None:
    """What happens to a step belongs to its open visit."""
    events = [
        event("StepEntered", "a"),
        event("StepExited", "a"),
        event("StepEntered", "a"),
        event("StepSucceeded", "a"),
    ]
    assert [(step.left, step.state) for step in steps(events)] == [("t-StepExited", "running"), ("", "succeeded")]

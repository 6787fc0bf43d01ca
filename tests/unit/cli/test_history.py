from typing import Any

from liuyun.cli.history import Status, visits


def event(kind: str, step: str = "a", second: int = 0) -> dict[str, Any]:
    return {"Type": kind, "StepName": step, "Time": f"2026-01-01T00:00:{second:02}.500Z"}


def test_step_that_succeeds() -> None:
    """A visit lasts from entering to exiting."""
    events = [event("ExecutionStarted", ""), event("StepEntered"), event("StepStarted")]
    (visit,) = visits([*events, event("StepSucceeded", second=1), event("StepExited", second=2)])
    assert (visit.step, visit.status, visit.seconds) == ("a", Status.SUCCEEDED, 2.0)


def test_waiting_for_a_callback() -> None:
    """A submitted task waits until it is reported."""
    events = [event("StepEntered"), event("TaskScheduled"), event("TaskStarted"), event("TaskSubmitted")]
    assert visits(events)[0].status is Status.WAITING
    assert visits([*events, event("TaskSucceeded")])[0].status is Status.RUNNING


def test_timeout_stays_a_timeout() -> None:
    """The failure of the step that follows a timeout doesn't hide it."""
    events = [event("StepEntered"), event("TaskTimedOut"), event("StepFailed"), event("StepExited")]
    assert visits(events)[0].status is Status.TIMED_OUT


def test_loops_make_visits() -> None:
    """A step that a goto leads back to is visited again."""
    events = [event("StepEntered"), event("StepSucceeded"), event("StepExited")] * 2 + [event("StepEntered", "b")]
    assert [(visit.step, visit.status) for visit in visits(events)] == [
        ("a", Status.SUCCEEDED),
        ("a", Status.SUCCEEDED),
        ("b", Status.RUNNING),
    ]


def test_steps_inside_a_choice() -> None:
    """Inner events belong to the inner step."""
    events = [event("StepEntered"), event("StepEntered", "b"), event("StepFailed", "b"), event("StepExited", "b")]
    assert [visit.status for visit in visits(events)] == [Status.RUNNING, Status.FAILED]

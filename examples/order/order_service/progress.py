"""What an execution's history says about its steps. Pure.

Names, states and times alone: what a history holds beside them (task tokens, inputs) is not for customers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

ENDS = {
    "ExecutionSucceeded": "succeeded",
    "ExecutionFailed": "failed",
    "ExecutionStopped": "stopped",
    "ExecutionTimedOut": "timedOut",
}
OUTCOMES = {
    "TaskSubmitted": "waiting",  # for a report with its task token
    "TaskScheduled": "running",
    "TaskSucceeded": "running",
    "TaskTimedOut": "timedOut",
    "StepSucceeded": "succeeded",
    "StepFailed": "failed",
}


@dataclass(frozen=True)
class Step:
    """One entering of a step. `attempts` counts the tries of its task."""

    name: str
    entered: str
    state: str = "running"
    left: str = ""
    attempts: int = 0


def steps(events: Iterable[Mapping[str, Any]]) -> list[Step]:
    found: list[Step] = []
    for event in events:
        name, kind, time = (str(event.get(field) or "") for field in ("StepName", "Type", "Time"))
        if kind == "StepEntered":
            found.append(Step(name, time))
            continue
        place = next((i for i in reversed(range(len(found))) if found[i].name == name and not found[i].left), None)
        if place is not None:
            found[place] = after(found[place], kind, time)
    return found


def after(step: Step, kind: str, time: str) -> Step:
    if kind == "TaskScheduled":
        return replace(step, state="running", attempts=step.attempts + 1)
    if kind == "StepFailed" and step.state == "timedOut":
        return step  # it stays what it was
    if kind == "StepExited":
        return replace(step, left=time)
    return replace(step, state=OUTCOMES.get(kind, step.state))


def ended(events: Iterable[Mapping[str, Any]]) -> str:
    """How the execution ended; empty while it runs."""
    return next((ENDS[event["Type"]] for event in events if event.get("Type") in ENDS), "")


def as_document(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"steps": [asdict(step) for step in steps(events)], "execution": ended(events) or "running"}

"""What an execution's history says about its steps: pure, for watching, the demo and tests."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    RUNNING = "running"
    WAITING = "waiting for a callback"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    TIMED_OUT = "timed out"


@dataclass(frozen=True, slots=True)
class Visit:
    """One entering of a step; a step that a goto leads back to is visited again."""

    step: str
    entered: str
    status: Status = Status.RUNNING
    left: str = ""
    open: bool = True

    @property
    def seconds(self) -> float | None:
        if not self.left:
            return None
        return (instant(self.left) - instant(self.entered)).total_seconds()


OUTCOMES: Mapping[str, Status] = {
    "TaskSubmitted": Status.WAITING,
    "TaskSucceeded": Status.RUNNING,
    "TaskFailed": Status.FAILED,
    "TaskSubmitFailed": Status.FAILED,
    "TaskTimedOut": Status.TIMED_OUT,
    "StepStarted": Status.RUNNING,
    "StepSucceeded": Status.SUCCEEDED,
}


def visits(events: Iterable[Mapping[str, Any]]) -> Sequence[Visit]:
    found: list[Visit] = []
    for event in events:
        name, kind, time = str(event.get("StepName", "")), str(event.get("Type", "")), str(event.get("Time", ""))
        if kind == "StepEntered":
            found.append(Visit(name, time))
            continue
        place = next((i for i in reversed(range(len(found))) if found[i].step == name and found[i].open), None)
        if place is not None:
            found[place] = after(found[place], kind, time)
    return found


def after(visit: Visit, kind: str, time: str) -> Visit:
    if kind == "StepExited":
        return replace(visit, left=time, open=False)
    if kind == "StepFailed":
        # A timeout stays what it was: StepFailed follows it.
        status = visit.status if visit.status is Status.TIMED_OUT else Status.FAILED
        return replace(visit, status=status, left=time)
    if kind in OUTCOMES:
        return replace(visit, status=OUTCOMES[kind])
    return visit


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)

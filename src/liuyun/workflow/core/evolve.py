"""How a run changes: one small function per event type, applied by `evolve` and by nothing else.

The rules that replay rests on:

* A run is a function of its events alone. `evolve` sees neither the definition, the clock nor the limits, so a history
  can be replayed for as long as it can be read, also after the flow was updated or the limits were changed.
* Events are facts. `evolve` never refuses one and decides nothing; whether an event may happen is `decide`'s matter.
* Values in events are shared by the run, never copied and never changed: everything here is a new value.
* Scopes live from the entering of their first step until the step that owns them has its result, or the run its end.

A rule changed here changes what stored histories mean: runs in flight would go on elsewhere than where they stood.
"""

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from liuyun.workflow.core.events import Event, EventType
from liuyun.workflow.core.run import Frame, Run, Scope, Status, last_part, parent_path


def evolve(run: Run, event: Event) -> Run:
    return APPLY[event.type](run, event)


def execution_started(run: Run, event: Event) -> Run:
    return replace(
        run,
        status=Status.RUNNING,
        started_at=event.time,
        input=event.detail["input"],
        due=event.due,
        last_event=event.id,
        last_time=event.time,
    )


def execution_succeeded(run: Run, event: Event) -> Run:
    return ended(run, event, Status.SUCCEEDED, output=event.detail["output"])


def execution_failed(run: Run, event: Event) -> Run:
    return ended(run, event, Status.FAILED, error=event.detail["error"], cause=event.detail["cause"])


def execution_stopped(run: Run, event: Event) -> Run:
    return ended(run, event, Status.STOPPED, error=event.detail["error"], cause=event.detail["cause"])


def execution_timed_out(run: Run, event: Event) -> Run:
    return ended(run, event, Status.TIMED_OUT, error=event.detail["error"], cause=event.detail["cause"])


def ended(run: Run, event: Event, status: Status, **result: Any) -> Run:
    return replace(run, status=status, scopes={}, due=None, last_event=event.id, last_time=event.time, **result)


def step_entered(run: Run, event: Event) -> Run:
    path = parent_path(event.path)
    scope = run.scopes.get(path)
    frame = Frame(event.step, event.type, event.time)
    if scope is None:
        detail = event.detail
        return with_scope(run, event, path, Scope(detail["input"], event.id, detail["local"], frame))
    return with_scope(run, event, path, replace(scope, last=event.id, frame=frame))


def step_started(run: Run, event: Event) -> Run:
    awaits = 0 if event.due is None else event.id
    detail = event.detail
    return with_frame(
        run, event, input=detail["input"], elements=detail.get("collection"), awaits=awaits, due=event.due
    )


def step_has_result(run: Run, event: Event) -> Run:
    return with_frame(without_inner(run, event.path), event, awaits=0, due=None)


def step_exited(run: Run, event: Event) -> Run:
    path = parent_path(event.path)
    scope = replace(run.scopes[path], local=event.detail["local"], last=event.id, frame=None)
    return with_scope(run, event, path, scope)


def task_scheduled(run: Run, event: Event) -> Run:
    detail = event.detail
    changes: dict[str, Any] = {
        "awaits": event.id,
        "due": event.due,
        "attempt": detail["attempt"],
        "resource_arn": detail["resourceArn"],
    }
    if "input" in detail:
        changes["input"] = detail["input"]
    return with_frame(run, event, **changes)


def task_goes_on(run: Run, event: Event) -> Run:
    return with_frame(run, event)


def task_succeeded(run: Run, event: Event) -> Run:
    return with_frame(run, event, awaits=0, due=None)


def attempt_failed(run: Run, event: Event) -> Run:
    if event.retry is None:
        return with_frame(run, event, awaits=0, due=None)
    retries = frame_at(run, event.path).retries
    retries = {**retries, event.retry: retries.get(event.retry, 0) + 1}
    return with_frame(run, event, awaits=event.id, due=event.due, retries=retries)


def branch_entered(run: Run, event: Event) -> Run:
    owner = parent_path(event.path)
    run = with_scope(run, event, event.path, Scope(event.detail["input"], event.id))
    return with_owner(run, owner, entered=frame_at(run, owner).entered + 1)


def branch_exited(run: Run, event: Event) -> Run:
    owner = parent_path(event.path)
    scopes = {path: scope for path, scope in run.scopes.items() if path != event.path}
    results = {**frame_at(run, owner).results, int(last_part(event.path)): event.detail["local"]}
    run = replace(run, last_event=event.id, last_time=event.time, scopes=scopes)
    return with_owner(run, owner, results=results)


def frame_at(run: Run, step: str) -> Frame:
    frame = run.scopes[parent_path(step)].frame
    assert frame is not None, "a step that something happens to is active"
    return frame


def with_owner(run: Run, owner: str, **changes: Any) -> Run:
    """The step that owns a branch notes what became of it; its own list's chain doesn't move."""
    path = parent_path(owner)
    scope = replace(run.scopes[path], frame=replace(frame_at(run, owner), **changes))
    return replace(run, scopes={**run.scopes, path: scope})


def with_frame(run: Run, event: Event, **changes: Any) -> Run:
    path = parent_path(event.path)
    scope = run.scopes[path]
    assert scope.frame is not None, "a step that something happens to is active"
    frame = replace(scope.frame, phase=event.type, since=event.time, **changes)
    return with_scope(run, event, path, replace(scope, last=event.id, frame=frame))


def with_scope(run: Run, event: Event, path: str, scope: Scope) -> Run:
    return replace(run, last_event=event.id, last_time=event.time, scopes={**run.scopes, path: scope})


def without_inner(run: Run, step: str) -> Run:
    """The scopes that a step owns, and all inside them, end with its result."""
    if len(run.scopes) == 1:
        return run
    inner = f"{step}/"
    return replace(run, scopes={path: scope for path, scope in run.scopes.items() if not path.startswith(inner)})


APPLY: dict[EventType, Callable[[Run, Event], Run]] = {
    EventType.EXECUTION_STARTED: execution_started,
    EventType.EXECUTION_SUCCEEDED: execution_succeeded,
    EventType.EXECUTION_FAILED: execution_failed,
    EventType.EXECUTION_STOPPED: execution_stopped,
    EventType.EXECUTION_TIMED_OUT: execution_timed_out,
    EventType.STEP_ENTERED: step_entered,
    EventType.STEP_STARTED: step_started,
    EventType.STEP_SUCCEEDED: step_has_result,
    EventType.STEP_FAILED: step_has_result,
    EventType.STEP_EXITED: step_exited,
    EventType.TASK_SCHEDULED: task_scheduled,
    EventType.TASK_STARTED: task_goes_on,
    EventType.TASK_SUBMITTED: task_goes_on,
    EventType.TASK_SUCCEEDED: task_succeeded,
    EventType.TASK_FAILED: attempt_failed,
    EventType.TASK_SUBMIT_FAILED: attempt_failed,
    EventType.TASK_TIMED_OUT: attempt_failed,
    EventType.BRANCH_ENTERED: branch_entered,
    EventType.BRANCH_EXITED: branch_exited,
    EventType.ITERATION_ENTERED: branch_entered,
    EventType.ITERATION_EXITED: branch_exited,
}

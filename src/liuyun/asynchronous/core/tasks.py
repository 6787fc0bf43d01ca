"""The life of a task: which status follows, and the event that says so. Source: fc contract 1.7 and 4.3.

Enqueued -> Dequeued -> Running -> Succeeded, Failed, Expired or Invalid
               ^            │
               └─ Retrying <┤
                            └-> Stopping -> Stopped
"""

import re
from dataclasses import replace

from liuyun.errors import Invalid, TaskEnded
from liuyun.model.asynchronous import ENDED, Accepted, Task, TaskEvent, TaskStatus

TASK_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,127}")
MOST_EVENTS = 200  # a task that is throttled for hours has many
LONGEST_ERROR = 1024


def check_task_id(task_id: str) -> None:
    if TASK_ID.fullmatch(task_id) is None:
        raise Invalid(
            "the id of a task begins with a letter or an underscore and has at most 128 letters, digits, underscores "
            f"and hyphens, but is '{task_id[:140]}'"
        )


def enqueued(accepted: Accepted) -> Task:
    call = accepted.invocation
    first = TaskEvent(1, TaskStatus.ENQUEUED, accepted.enqueued_at)
    return Task(
        account_id=call.account_id,
        service=call.service,
        function=call.function,
        task_id=accepted.invocation_id,
        qualifier=call.qualifier,
        status=TaskStatus.ENQUEUED,
        request_id=call.request_id,
        started_at=accepted.enqueued_at,
        events=(first,),
        payload=call.payload,
    )


def moved(task: Task, status: TaskStatus, at: int, detail: str = "") -> Task:
    """The task in its next status. What has ended stays as it is."""
    if task.status in ENDED:
        return task
    event = TaskEvent(task.events[-1].event_id + 1, status, at, detail[:LONGEST_ERROR])
    events = (*task.events[:1], *task.events[1:][2 - MOST_EVENTS :], event)
    return replace(task, status=status, events=events, ended_at=at if status in ENDED else None)


def begun(task: Task, at: int) -> Task:
    """Taken out of the queue and running, which is one commit here."""
    return moved(moved(task, TaskStatus.DEQUEUED, at), TaskStatus.RUNNING, at)


def stopped(task: Task, at: int, *, under_way: bool) -> Task:
    """Raises TaskEnded if it has ended in another way; stopping twice is stopping once."""
    if task.status in {TaskStatus.STOPPED, TaskStatus.STOPPING}:
        return task
    if task.status in ENDED:
        raise TaskEnded(f"the asynchronous task '{task.task_id}' has already ended: {task.status}")
    return moved(task, TaskStatus.STOPPING if under_way else TaskStatus.STOPPED, at)

"""The life of a task."""

import pytest

from liuyun.asynchronous.core.tasks import MOST_EVENTS, begun, check_task_id, enqueued, moved, stopped
from liuyun.errors import Invalid, TaskEnded
from liuyun.model.asynchronous import Accepted, AsyncConfig, TaskStatus
from liuyun.model.invocation import Invocation

TASK = enqueued(
    Accepted(invocation=Invocation("1", "s", "f", b"in", "r"), invocation_id="t", config=AsyncConfig(), enqueued_at=10)
)


@pytest.mark.parametrize("task_id", ["a", "_1", "Order-42_x", "x" * 128])
def test_ids_of_tasks(task_id: str) -> None:
    """A letter or underscore first."""
    check_task_id(task_id)


@pytest.mark.parametrize("task_id", ["1a", "-a", "a b", "a/b", "x" * 129, "\u4e91"])
def test_what_is_no_id_of_a_task(task_id: str) -> None:
    """Said when it is given."""
    with pytest.raises(Invalid):
        check_task_id(task_id)


def test_each_step_is_an_event() -> None:
    """Numbered from 1, with its time; the end has its own field."""
    task = moved(begun(TASK, 20), TaskStatus.SUCCEEDED, 30)
    assert [(event.event_id, event.status, event.at) for event in task.events] == [
        (1, "Enqueued", 10), (2, "Dequeued", 20), (3, "Running", 20), (4, "Succeeded", 30),
    ]  # fmt: skip
    assert (task.status, task.started_at, task.ended_at) == ("Succeeded", 10, 30)
    assert moved(task, TaskStatus.RUNNING, 40) == task


def test_events_are_bounded() -> None:
    """The first and the newest stay."""
    task = TASK
    for i in range(MOST_EVENTS * 2):
        task = moved(task, TaskStatus.RETRYING, i)
    assert len(task.events) == MOST_EVENTS
    assert (task.events[0].event_id, task.events[-1].event_id) == (1, MOST_EVENTS * 2 + 1)


def test_stopping() -> None:
    """What waits has stopped at once, what runs is stopping, what has ended can't be stopped, twice is once."""
    assert stopped(TASK, 20, under_way=False).status is TaskStatus.STOPPED
    stopping = stopped(begun(TASK, 20), 30, under_way=True)
    assert stopping.status is TaskStatus.STOPPING
    assert stopped(stopping, 40, under_way=True) == stopping
    with pytest.raises(TaskEnded):
        stopped(moved(TASK, TaskStatus.FAILED, 20), 30, under_way=False)

"""Asynchronous invocations: accepted now, carried out later, perhaps more than once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from liuyun.model.invocation import Invocation

LONGEST_AGE_S, MOST_RETRIES = 2_592_000, 8
DEFAULT_AGE_S, DEFAULT_RETRIES = 86_400, 3


@dataclass(frozen=True, slots=True)
class AsyncConfig:
    """How a function's asynchronous invocations are treated. `stateful`: each is kept as a task.

    `on_success` and `on_failure` name where an account of the end goes, as the vendor writes it; empty: nowhere.
    """

    max_age_s: int = DEFAULT_AGE_S
    max_retries: int = DEFAULT_RETRIES
    stateful: bool = False
    on_success: str = ""
    on_failure: str = ""


def async_config(document: Mapping[str, Any] | None) -> AsyncConfig:
    """What a function's owner has set, checked before it was stored; None: nothing. Both names of `stateful` count."""
    if document is None:
        return AsyncConfig()
    destinations: Mapping[str, Any] = document.get("destinationConfig") or {}
    return AsyncConfig(
        max_age_s=document.get("maxAsyncEventAgeInSeconds", DEFAULT_AGE_S),
        max_retries=document.get("maxAsyncRetryAttempts", DEFAULT_RETRIES),
        stateful=bool(document.get("statefulInvocation") or document.get("asyncTask")),
        on_success=destination(destinations.get("onSuccess")),
        on_failure=destination(destinations.get("onFailure")),
    )


def destination(document: Mapping[str, Any] | None) -> str:
    return (document or {}).get("destination") or ""


class TaskStatus(StrEnum):
    ENQUEUED = "Enqueued"
    DEQUEUED = "Dequeued"
    RUNNING = "Running"
    RETRYING = "Retrying"
    STOPPING = "Stopping"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    STOPPED = "Stopped"
    EXPIRED = "Expired"
    INVALID = "Invalid"


ENDED = frozenset({
    TaskStatus.SUCCEEDED, TaskStatus.FAILED, TaskStatus.STOPPED, TaskStatus.EXPIRED, TaskStatus.INVALID
})  # fmt: skip

FunctionKey = tuple[str, str, str]  # account_id, service, function


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """An invocation to be carried out. `number` is its place in the queue, 0 before it has one.

    `throttled_since`: since when it finds no room, None while it does. `hops` counts the destinations that led here.
    """

    invocation: Invocation
    invocation_id: str
    config: AsyncConfig
    enqueued_at: int
    number: int = 0
    failures: int = 0
    throttles: int = 0
    throttled_since: int | None = None
    hops: int = 0

    @property
    def key(self) -> FunctionKey:
        return self.invocation.account_id, self.invocation.service, self.invocation.function

    @property
    def expires_at(self) -> int:
        return self.enqueued_at + self.config.max_age_s * 1000


@dataclass(frozen=True, slots=True)
class TaskEvent:
    event_id: int
    status: TaskStatus
    at: int
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """An asynchronous invocation that is kept, while it goes on and for a while after. Its id is its function's own."""

    account_id: str
    service: str
    function: str
    task_id: str
    qualifier: str
    status: TaskStatus
    request_id: str
    started_at: int
    ended_at: int | None = None
    duration_ms: float = 0
    retries: int = 0
    instance_id: str = ""
    error: str = ""
    destination_status: str = ""
    events: tuple[TaskEvent, ...] = ()
    payload: bytes = b""
    returned: bytes = b""

    @property
    def key(self) -> FunctionKey:
        return self.account_id, self.service, self.function


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks of a function are listed; what is None or empty doesn't restrict. Instants are inclusive."""

    status: TaskStatus | None = None
    prefix: str = ""
    qualifier: str = ""
    started_from: int | None = None
    started_until: int | None = None
    newest_first: bool = False

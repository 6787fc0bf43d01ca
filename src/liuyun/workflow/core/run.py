"""A run: the state of one execution, a pure fold of its history.

A run is a tree of *scopes*. A scope is a step list being run: the flow's own, that of the branch a choice took, of a
parallel branch, of a foreach iteration. Each has at most one active step (a *frame*), and a frame may own scopes in
turn. Only live scopes are kept, flat, under their paths:

    ""               the flow's step list          "pay"              its step `pay`
    "pick/0"         choice `pick`, branch 0       "pick/0/notify"    the step `notify` in it
    "pick/default"   its default
    "all/2"          parallel (foreach) `all`, branch (iteration) 2

`~` and `/` in step names are written `~0` and `~1`, as in JSON pointers.
"""

from enum import StrEnum

import msgspec

from liuyun.workflow.core.events import EventType
from liuyun.workflow.documents import Json, JsonObject


class Status(StrEnum):
    STARTING = "Starting"
    RUNNING = "Running"
    STOPPED = "Stopped"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    TIMED_OUT = "TimedOut"


LIVE = frozenset({Status.STARTING, Status.RUNNING})


class Frame(msgspec.Struct, frozen=True, omit_defaults=True):
    """An active step. `phase` is the type of its last event, `since` that event's time.

    `awaits` is the id of the event that what happens next will name (see activations): the current TaskScheduled, or
    the event that started the wait; 0 while nothing from outside is awaited.
    """

    step: str
    phase: EventType
    since: int
    input: JsonObject = {}
    awaits: int = 0
    due: int | None = None
    attempt: int = 0
    resource_arn: str = ""  # what its attempts call
    elements: list[Json] | None = None  # of a foreach, if the configuration gave them
    retries: dict[int, int] = {}  # retry entry -> retries granted
    entered: int = 0  # branches or iterations begun
    results: dict[int, JsonObject] = {}  # and the local data of those that are done


class Scope(msgspec.Struct, frozen=True, omit_defaults=True):
    """A live step list. `local` holds the merged outputs of its finished steps, `last` is its chain's newest event."""

    input: JsonObject
    last: int
    local: JsonObject = {}
    frame: Frame | None = None


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """`due` is the flow's deadline. `output` is set on success, `error` and `cause` on any other end."""

    flow: str
    execution: str
    status: Status = Status.STARTING
    last_event: int = 0
    last_time: int = 0
    started_at: int = 0
    input: JsonObject = {}
    output: JsonObject | None = None
    error: str = ""
    cause: str = ""
    due: int | None = None
    scopes: dict[str, Scope] = {}

    @property
    def is_live(self) -> bool:
        return self.status in LIVE

    @property
    def stopped_at(self) -> int | None:
        return None if self.is_live else self.last_time


ROOT = ""
DEFAULT = "default"  # a choice's default branch


def step_path(scope: str, step: str) -> str:
    if "~" in step or "/" in step:
        step = step.replace("~", "~0").replace("/", "~1")
    return f"{scope}/{step}" if scope else step


def scope_path(step: str, branch: str | int) -> str:
    return f"{step}/{branch}"


def parent_path(path: str) -> str:
    """The scope of a step; the step that owns a scope."""
    return path.rpartition("/")[0]


def last_part(path: str) -> str:
    """The branch of a scope's path."""
    return path.rpartition("/")[2]

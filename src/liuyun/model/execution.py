"""Flows and their executions, as the workflow API shows them.

Executions are structs, as one is made at each start and each end: a frozen dataclass takes ten times as long to make.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

import msgspec


class ExecutionMode(StrEnum):
    STANDARD = "Standard"
    EXPRESS = "Express"


class ExecutionStatus(StrEnum):
    STARTING = "Starting"
    RUNNING = "Running"
    STOPPED = "Stopped"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"
    TIMED_OUT = "TimedOut"


@dataclass(frozen=True, slots=True)
class Variable:
    """One of a flow's environment variables."""

    name: str
    value: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSpec:
    """What the owner of a flow says of it. `definition` is the text as it was given."""

    name: str
    definition: str
    description: str = ""
    role_arn: str = ""
    mode: ExecutionMode = ExecutionMode.STANDARD
    environment: tuple[Variable, ...] = ()
    external_storage_location: str = ""
    resource_group_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowChanges:
    """None leaves a part as it is."""

    definition: str | None = None
    description: str | None = None
    role_arn: str | None = None
    environment: tuple[Variable, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFlow:
    """A flow as it is kept. Its id is new when a deleted name is used again; its revision grows with each update."""

    account_id: str
    flow_id: str
    revision: int
    spec: FlowSpec
    created_at: int
    updated_at: int

    @property
    def name(self) -> str:
        return self.spec.name


class ExecutionKey(NamedTuple):
    """Execution ids sort by the time of their start. A tuple, because keys are hashed at every turn."""

    account_id: str
    flow_id: str
    execution_id: str


class Execution(msgspec.Struct, frozen=True, kw_only=True):
    """`input` and `output` are JSON texts; `output` is empty until the execution has succeeded."""

    key: ExecutionKey
    name: str
    flow_name: str
    flow_revision: int
    definition: str
    input: str
    status: ExecutionStatus
    started_at: int
    role_arn: str = ""
    environment: tuple[Variable, ...] = ()
    output: str = ""
    error: str = ""
    cause: str = ""
    stopped_at: int | None = None
    callback_token: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionFilter:
    """Times are inclusive instants; None and empty texts don't restrict."""

    status: ExecutionStatus | None = None
    started_from: int | None = None
    started_until: int | None = None
    name_prefix: str = ""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """One row of an execution's history; `schedule_event_id` is the event that it follows from."""

    event_id: int
    schedule_event_id: int
    step_name: str
    kind: str
    time: int
    detail: Mapping[str, Any] = field(default_factory=dict[str, Any])

"""Flows and executions as the API shows and takes them."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import Field

from liuyun.gateway.console.models import LARGEST, Body, PhraseView, phrase_view
from liuyun.model.execution import Execution, ExecutionMode, ExecutionStatus, StoredFlow
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.explain import Reason, Waiting
from liuyun.workflow.definition.document import MAX_BYTES, drawable
from liuyun.workflow.definition.parse import Inspected
from liuyun.workflow.definition.problems import Problem
from liuyun.workflow.following import Seen

Definition = Annotated[str, Field(max_length=MAX_BYTES, description="A flow, as YAML or JSON.")]
Words = Annotated[str, Field(max_length=4096)]
JsonText = Annotated[str, Field(max_length=262_144, description="A JSON text.")]


class ProblemView(PhraseView):
    """`line` and `column` count from 1."""

    line: int
    column: int
    step: str


class DefinitionText(Body):
    definition: Definition


class InspectedView(Body):
    """`document` is the definition as JSON, as far as it can be read: None if it can't, or is too large to draw."""

    problems: list[ProblemView]
    document: Any = None
    lines: dict[str, int] = Field(description="Where each step is named.")


class FlowSummary(Body):
    name: str
    description: str
    mode: ExecutionMode
    created_at: int
    updated_at: int


class FlowList(Body):
    flows: list[FlowSummary]
    next: str | None = Field(None, description="For `after`, if there are more.")


class FlowView(FlowSummary):
    definition: str
    role_arn: str
    revision: int
    inspected: InspectedView


class NewFlow(Body):
    name: Annotated[str, Field(min_length=1, max_length=128)]
    definition: Definition
    description: Words = ""
    mode: ExecutionMode = ExecutionMode.STANDARD
    role_arn: Annotated[str, Field(max_length=512)] = ""


class FlowChange(Body):
    """What is absent stays as it is."""

    definition: Definition | None = None
    description: Words | None = None
    revision: int = Field(ge=1, le=LARGEST, description="The revision that was seen.")


class ExecutionSummary(Body):
    name: str
    status: ExecutionStatus
    started_at: int
    stopped_at: int | None = None
    flow_revision: int


class ExecutionView(ExecutionSummary):
    """`input` and `output` are JSON texts; `output` is empty until the execution has succeeded."""

    flow_name: str
    input: str
    output: str
    error: str
    cause: str


class ExecutionList(Body):
    executions: list[ExecutionSummary]
    next: str | None = Field(None, description="For `after`, if there are more.")


class ExecutionDetail(ExecutionView):
    definition: str
    document: Any = Field(None, description="The definition that it runs by, as JSON.")


class NewExecution(Body):
    name: Annotated[str, Field(max_length=128, description="One is made up without it.")] = ""
    input: JsonText = "{}"


class Ending(Body):
    error: Annotated[str, Field(max_length=128)] = ""
    cause: Words = ""


class Report(Ending):
    """How a task that waits for a report has gone. With `output` it has succeeded, else it has failed."""

    event_id: int = Field(ge=1, le=LARGEST, description="As `waiting` tells it.")
    output: JsonText | None = None


class EventView(Body):
    """`path` is the step in the run's tree: a step in a loop has one for each iteration."""

    id: int
    follows: int
    type: str
    time: int
    step: str
    path: str
    due: int | None = None
    detail: dict[str, Any]


class WaitingView(Body):
    """`for_what` is for people; `reason` and `target` say the same to programs. A report names `event_id`."""

    path: str
    step: str
    for_what: str
    since: int
    until: int | None = None
    event_id: int
    reason: Reason
    target: str
    attempt: int


class SeenView(Body):
    """`execution` and `waiting` may be newer than `events`, never older."""

    execution: ExecutionView
    events: list[EventView]
    waiting: list[WaitingView]


def inspected_view(found: Inspected) -> InspectedView:
    problems = [problem_view(problem) for problem in found.problems]
    return InspectedView(problems=problems, document=drawable(found.node), lines=found.lines)


def problem_view(found: Problem) -> ProblemView:
    return ProblemView(**dict(phrase_view(found.what)), line=found.line, column=found.column, step=found.step)


def flow_summary(flow: StoredFlow) -> FlowSummary:
    return FlowSummary(
        name=flow.name, description=flow.spec.description, mode=flow.spec.mode, created_at=flow.created_at,
        updated_at=flow.updated_at,
    )  # fmt: skip


def flow_view(flow: StoredFlow, found: Inspected) -> FlowView:
    spec = flow.spec
    return FlowView(
        **dict(flow_summary(flow)), definition=spec.definition, role_arn=spec.role_arn, revision=flow.revision,
        inspected=inspected_view(found),
    )  # fmt: skip


def execution_list(executions: Sequence[Execution], following: str | None) -> ExecutionList:
    return ExecutionList(executions=[ExecutionSummary.model_validate(found) for found in executions], next=following)


def execution_view(found: Execution) -> ExecutionView:
    return ExecutionView.model_validate(found)


def execution_detail(found: Execution, inspected: Inspected) -> ExecutionDetail:
    return ExecutionDetail(
        **dict(execution_view(found)), definition=found.definition, document=drawable(inspected.node)
    )


def seen_view(seen: Seen) -> SeenView:
    return SeenView(
        execution=execution_view(seen.execution),
        events=[event_view(event) for event in seen.events],
        waiting=[waiting_view(waiting) for waiting in seen.waiting],
    )


def event_view(event: Event) -> EventView:
    return EventView(
        id=event.id, follows=event.follows, type=event.type.value, time=event.time, step=event.step, path=event.path,
        due=event.due, detail=event.detail,
    )  # fmt: skip


def waiting_view(waiting: Waiting) -> WaitingView:
    return WaitingView.model_validate(waiting)

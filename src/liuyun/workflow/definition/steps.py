"""A validated flow. Whoever holds a Flow can run it: every name, path and condition in it has been checked."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias, TypedDict

from liuyun.workflow.definition.conditions import Condition
from liuyun.workflow.definition.paths import Path
from liuyun.workflow.definition.targets import Target
from liuyun.workflow.documents import Json

ALL_ERRORS = "FnF.ALL"


@dataclass(frozen=True, slots=True)
class Constant:
    value: Json


Source: TypeAlias = Constant | Path


@dataclass(frozen=True, slots=True)
class Mapping:
    target: str
    source: Source


Mappings: TypeAlias = tuple[Mapping, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """A list or object of service parameters with paths somewhere inside."""

    items: tuple["Template", ...] | dict[str, "Template"]


Template: TypeAlias = Constant | Path | Composed


class Pattern(StrEnum):
    REQUEST_RESPONSE = "requestResponse"
    WAIT_FOR_CALLBACK = "waitForCallback"


@dataclass(frozen=True, slots=True)
class Retry:
    """The n-th retry comes min(interval · multiplier^(n-1), max_interval) seconds after a failure."""

    errors: tuple[str, ...]
    interval_s: float = 1
    max_interval_s: float = 86400
    max_attempts: int = 3
    multiplier: float = 2


@dataclass(frozen=True, slots=True)
class Catch:
    errors: tuple[str, ...]
    goto: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """None: the definition has no such mappings, which is not the same as an empty list of them."""

    name: str
    input_mappings: Mappings | None = None
    output_mappings: Mappings | None = None
    end: bool = False


class Shared(TypedDict):
    """What Common is made from."""

    name: str
    input_mappings: Mappings | None
    output_mappings: Mappings | None
    end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Common):
    resource_arn: str
    target: Target | Path  # a path under CONFIG leads to the ARN of what is called
    pattern: Pattern = Pattern.REQUEST_RESPONSE
    timeout_s: int | None = None
    params: dict[str, Template] = field(default_factory=dict[str, Template])
    error_mappings: Mappings = ()
    retry: tuple[Retry, ...] = ()
    catch: tuple[Catch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(Common):
    pass


@dataclass(frozen=True, slots=True)
class Duration:
    """Seconds, or where they stand in the step's input."""

    seconds: float | Path


@dataclass(frozen=True, slots=True)
class Instant:
    """Epoch milliseconds, or where an RFC 3339 text stands in the step's input."""

    at: int | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Common):
    until: Duration | Instant


@dataclass(frozen=True, slots=True)
class Branch:
    """What a choice does if its condition holds: its steps, then go to the sibling `goto` if there is one."""

    condition: Condition
    steps: tuple["Step", ...] = ()
    goto: str = ""


@dataclass(frozen=True, slots=True)
class Default:
    steps: tuple["Step", ...] = ()
    goto: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Common):
    branches: tuple[Branch, ...]
    default: Default | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeed(Common):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(Common):
    error: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Common):
    branches: tuple[tuple["Step", ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreach(Common):
    """Runs `steps` for each element of the list at `collection`; they see it as `item`, and its number as `index`."""

    collection: Path
    item: str
    index: str = ""
    steps: tuple["Step", ...]


Step: TypeAlias = Task | Pass | Wait | Choice | Parallel | Foreach | Succeed | Fail


@dataclass(frozen=True, slots=True)
class Place:
    """A step and the sibling after it; `next` is empty where its list ends."""

    step: Step
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    steps: tuple[Step, ...]
    input_mappings: Mappings | None = None
    output_mappings: Mappings | None = None
    timeout_s: int | None = None
    config_tenant: Source | None = None  # whose configuration it reads; a path reads the execution's input
    places: dict[str, Place] = field(compare=False, repr=False)  # every step of the flow by its name


def lists_of(step: Step) -> tuple[tuple[Step, ...], ...]:
    """The step lists that a step owns."""
    match step:
        case Choice(branches=branches, default=default):
            lists = tuple(branch.steps for branch in branches)
            return lists if default is None else (*lists, default.steps)
        case Parallel(branches=branches):
            return branches
        case Foreach(steps=steps):
            return (steps,)
        case _:
            return ()


def places_of(steps: tuple[Step, ...]) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for index, step in enumerate(steps):
        places[step.name] = Place(step, steps[index + 1].name if index + 1 < len(steps) else "")
        for inner in lists_of(step):
            places.update(places_of(inner))
    return places

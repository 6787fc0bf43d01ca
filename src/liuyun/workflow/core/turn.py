"""One decision in the making: the run so far, what has been decided, and what is still to be done."""

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from liuyun.errors import Phrase, phrase, written
from liuyun.workflow.core.decision import Context, Decision, Refusal
from liuyun.workflow.core.effects import Effect, ExecutionEnded, StartTimer, TaskEffect
from liuyun.workflow.core.events import Event, EventType
from liuyun.workflow.core.evolve import evolve
from liuyun.workflow.core.mappings import Outside, lookup
from liuyun.workflow.core.run import Frame, Run, Scope, parent_path
from liuyun.workflow.definition.bounds import MAX_CAUSE, MAX_ERROR
from liuyun.workflow.definition.paths import Missing, Path
from liuyun.workflow.definition.steps import Flow, Pattern, Step, Task
from liuyun.workflow.documents import Json, JsonObject, TooDeep, measure

DATA_LIMIT = "FnF.DataLimitExceeded"
EVENT_LIMIT = "FnF.EventLimitExceeded"
RUNTIME_ERROR = "FnF.RuntimeError"  # the data doesn't fit what a step needs


PHRASE = "phrase"  # where the detail of a failure keeps what the platform said


class Enter(msgspec.Struct, frozen=True):
    """Enter the step of that name in the scope at `path`; a scope that doesn't exist yet begins as `scope`."""

    path: str
    scope: Scope
    step: str


class Complete(msgspec.Struct, frozen=True):
    """The step at `path` has its result; `goto` names the sibling where control goes next, if not to the next one."""

    path: str
    local: Json
    goto: str = ""


class GiveUp(msgspec.Struct, frozen=True):
    """The step at `path` has failed for good; `detail` is a `failure`."""

    path: str
    detail: JsonObject
    catchable: bool = True


class Finish(msgspec.Struct, frozen=True):
    """The scope at `path` has come to its end."""

    path: str


class Spread(msgspec.Struct, frozen=True):
    """Begin the next branch or iteration of the step at `path`, or complete it once all have ended."""

    path: str


What: TypeAlias = Callable[[str], Phrase]  # names what is measured, of the step of this name
Move: TypeAlias = Enter | Complete | GiveUp | Finish | Spread


class Exhausted(Exception):
    """A limit of the run is reached, which no catch of the flow can mend; `path` is the step at fault, or empty."""

    def __init__(self, path: str, error: str, cause: Phrase) -> None:
        super().__init__(str(cause))
        self.path = path
        self.detail = failure(error, cause)


class Turn:
    """`emit` is the only way in which anything happens to `run`, so that what was decided is what will be replayed."""

    def __init__(self, flow: Flow, run: Run, now: int, context: Context) -> None:
        self.flow = flow
        self.run = run
        self.now = max(now, run.last_time)  # a clock that was set back doesn't turn a history round
        self.follows = run.last_event  # what the next event follows from
        self.moves: list[Move] = []  # still to be done, the next one last
        self._context = context
        self._events: list[Event] = []
        self._effects: list[Effect] = []

    def emit(
        self,
        kind: EventType,
        detail: JsonObject,
        *,
        path: str = "",
        step: str = "",
        due: int | None = None,
        retry: int | None = None,
    ) -> Event:
        """A `due` starts a timer. Raises Exhausted when only the room for the event that ends the run is left."""
        number, limit = self.run.last_event + 1, self._context.limits.events
        if number >= limit and kind not in ENDS:
            template = "The execution has {most} history events, the most that it may have."
            raise Exhausted("", EVENT_LIMIT, phrase("events_most", template, most=limit))
        event = Event(number, self.follows, kind, self.now, detail, step, path, due, retry)
        self._events.append(event)
        self.run = evolve(self.run, event)
        self.follows = number
        if due is not None:
            self._effects.append(StartTimer(event.id, due))
        return event

    def ask(self, effect: TaskEffect) -> None:
        self._effects.append(effect)

    def end(self, kind: EventType, detail: JsonObject) -> None:
        """Whatever was still to be done is not done any more."""
        event = self.emit(kind, detail)
        self.moves.clear()
        self._effects = [ExecutionEnded(event.id)]

    def resume(self, path: str) -> Frame:
        """The step at `path`, of which the next event will follow from the last one of its chain."""
        self.follows = self.scope(path).last
        return self.frame(path)

    def scope(self, path: str) -> Scope:
        """The scope of the step at `path`."""
        return self.run.scopes[parent_path(path)]

    def frame(self, path: str) -> Frame:
        frame = self.scope(path).frame
        assert frame is not None, "a step that something happens to is active"
        return frame

    def step(self, path: str) -> Step:
        return self.flow.places[self.frame(path).step].step

    def outside(self, step: Step | None = None, attempt: int = 0) -> Outside:
        """`$context` has the task token of `attempt`, the id of a TaskScheduled event, if there is one."""

        def make() -> JsonObject:
            context: JsonObject = {"flow": {"name": self.run.flow}, "execution": {"name": self.run.execution}}
            if step is not None:
                context["step"] = {"name": step.name}
            if attempt and waits_for_callback(step):
                context["task"] = {"token": self._context.token(attempt)}
            return context

        return Outside(make, self._config)

    def _config(self, schema: str, key: str) -> Json | Missing:
        """For the tenant that the flow names by a constant or from the execution's input; else for the account."""
        tenant = self.flow.config_tenant
        if isinstance(tenant, Path):
            found = lookup(tenant, self.run.input, {}, self.outside())
        else:
            found = tenant.value if tenant is not None else ""
        return self._context.config(found if isinstance(found, str) else "", schema, key)

    def check_size(self, path: str, what: What, *values: Json) -> None:
        """Raises Exhausted for the step at `path`, or the execution if it is empty."""
        limit = self._context.limits.step_data_bytes
        try:
            size = sum(map(measure, values))
        except TooDeep as error:
            deep = phrase("data_deep", "{what}: {problem}", what=self._named(what, path), problem=error.phrase)
            raise Exhausted(path, DATA_LIMIT, deep) from None
        if size > limit:
            template = "{what} takes {size} bytes as JSON; at most {limit} are allowed."
            raise Exhausted(
                path, DATA_LIMIT, phrase("data_large", template, what=self._named(what, path), size=size, limit=limit)
            )

    def _named(self, what: What, path: str) -> Phrase:
        return what(self.step(path).name if path else "")

    def decision(self, refusal: Refusal | None = None) -> Decision:
        return Decision(self.run, tuple(self._events), tuple(self._effects), refusal)


ENDS = frozenset(
    {
        EventType.EXECUTION_SUCCEEDED,
        EventType.EXECUTION_FAILED,
        EventType.EXECUTION_STOPPED,
        EventType.EXECUTION_TIMED_OUT,
    }
)


def waits_for_callback(step: Step | None) -> bool:
    return isinstance(step, Task) and step.pattern is Pattern.WAIT_FOR_CALLBACK


def execution_input(_: str) -> Phrase:
    return phrase("input_of_execution", "The input of the execution")


def flow_output(_: str) -> Phrase:
    return phrase("output_of_flow", "The output of the flow")


def gathered(step: str, _: str) -> Phrase:
    return phrase("data_gathered", "The data that has gathered when step {step} ends", step=step)


def step_input(step: str) -> Phrase:
    return phrase("input_of_step", "The input of step {step}", step=step)


def iteration_input(number: int, step: str) -> Phrase:
    return phrase("input_of_iteration", "The input of iteration {number} of step {step}", number=number, step=step)


def input_and_result(step: str) -> Phrase:
    return phrase("input_and_result", "The input and result of step {step}", step=step)


def input_result_output(step: str) -> Phrase:
    return phrase("input_result_output", "The input, result and output of step {step}", step=step)


def input_and_collection(step: str) -> Phrase:
    return phrase("input_and_collection", "The input and collection of step {step}", step=step)


def failure(error: str, cause: Phrase | str) -> JsonObject:
    """The detail of a failure; causes come from outside and are cut to what a report may hold. What the platform says
    itself is kept as a phrase too, for its own pages: flows and the vendor's API see error and cause (`told`).
    """
    text = str(cause)
    detail: JsonObject = {"error": error[:MAX_ERROR], "cause": cut(text)}
    return {**detail, PHRASE: written(cause)} if isinstance(cause, Phrase) else detail


def cut(text: str) -> str:
    return text if len(text) <= MAX_CAUSE else text[: MAX_CAUSE - 1] + "…"


def told(detail: JsonObject) -> JsonObject:
    return {key: value for key, value in detail.items() if key != PHRASE}

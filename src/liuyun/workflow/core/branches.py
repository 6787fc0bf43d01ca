"""Parallel branches and foreach iterations: many lists of one step, side by side in one run.

Each has a scope of its own under its number and a chain of events of its own, which begins at the StepStarted of the
step that owns it. In a turn they go on one after another, each until it waits, so that the order of their events is
always the same. At most CONCURRENT of them are live at once; the next begins when one ends. The result is the list of
their local data, in their order. A failure of one fails the owner, and with it go all the others.
"""

from functools import partial

from liuyun.errors import phrase
from liuyun.workflow.core.events import EventType
from liuyun.workflow.core.mappings import lookup
from liuyun.workflow.core.run import parent_path, scope_path
from liuyun.workflow.core.turn import (
    RUNTIME_ERROR,
    Complete,
    Enter,
    GiveUp,
    Spread,
    Turn,
    failure,
    input_and_collection,
    iteration_input,
)
from liuyun.workflow.definition.paths import MISSING, Missing, Root
from liuyun.workflow.definition.steps import Foreach, Parallel
from liuyun.workflow.documents import Json, JsonObject, is_list, kind

CONCURRENT = 100


def begin_branches(turn: Turn, path: str, step: Parallel | Foreach, data: JsonObject) -> None:
    """Elements from the configuration are kept in StepStarted: it may change while the iterations go on."""
    elements: Json | Missing = collection(turn, step, data) if isinstance(step, Foreach) else []
    detail: JsonObject = {"input": data}
    if isinstance(step, Foreach) and step.collection.root is Root.CONFIG and is_list(elements):
        turn.check_size(path, input_and_collection, data, elements)
        detail["collection"] = elements
    turn.emit(EventType.STEP_STARTED, detail, path=path, step=step.name)
    if is_list(elements):
        turn.moves.append(Spread(path))
        return
    found = phrase("kind_nothing", "nothing") if elements is MISSING else kind(elements)
    template = "collection must lead to a list, but the input gives {found}."
    turn.moves.append(GiveUp(path, failure(RUNTIME_ERROR, phrase("collection_no_list", template, found=found))))


def elements_of(turn: Turn, path: str, step: Foreach) -> list[Json]:
    """Of a foreach step that has begun."""
    frame = turn.frame(path)
    found = collection(turn, step, frame.input) if frame.elements is None else frame.elements
    assert is_list(found), "else it would not have begun"
    return found


def collection(turn: Turn, step: Foreach, data: JsonObject) -> Json | Missing:
    return lookup(step.collection, data, {}, turn.outside(step))


def spread(turn: Turn, move: Spread) -> None:
    step, frame = turn.step(move.path), turn.frame(move.path)
    assert isinstance(step, Parallel | Foreach), "no other step spreads"
    total = len(step.branches) if isinstance(step, Parallel) else len(elements_of(turn, move.path, step))
    if len(frame.results) == total:
        turn.moves.append(Complete(move.path, [frame.results[number] for number in range(total)]))
    elif frame.entered < total and frame.entered - len(frame.results) < CONCURRENT:
        turn.moves.append(move)
        enter_branch(turn, move.path, step, frame.entered)


def enter_branch(turn: Turn, owner: str, step: Parallel | Foreach, number: int) -> None:
    data, path = turn.frame(owner).input, scope_path(owner, number)
    if isinstance(step, Parallel):
        event, first = EventType.BRANCH_ENTERED, step.branches[number][0]
    else:
        event, first = EventType.ITERATION_ENTERED, step.steps[0]
        data = {**data, step.item: elements_of(turn, owner, step)[number]}
        if step.index:
            data[step.index] = number
        turn.check_size(owner, partial(iteration_input, number), data)
    turn.follows = turn.scope(owner).last
    turn.emit(event, {"input": data}, path=path, step=step.name)
    turn.moves.append(Enter(path, turn.run.scopes[path], first.name))


def exit_branch(turn: Turn, path: str, step: Parallel | Foreach, local: JsonObject) -> None:
    event = EventType.BRANCH_EXITED if isinstance(step, Parallel) else EventType.ITERATION_EXITED
    turn.emit(event, {"local": local}, path=path, step=step.name)
    more = Spread(parent_path(path))
    if more not in turn.moves:  # it is there while the first branches are being begun
        turn.moves.append(more)

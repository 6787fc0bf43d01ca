"""How a run moves from step to step: entering, completing, giving up, finishing a list.

Each function carries out one move and leaves the moves that follow from it on the turn. They nest as deep as the
flow's text does, and none calls another, so a flow of any length runs in constant stack.
"""

from functools import partial
from typing import assert_never

from liuyun.workflow.core.branches import begin_branches, exit_branch
from liuyun.workflow.core.events import EventType
from liuyun.workflow.core.mappings import lookup, mapped
from liuyun.workflow.core.retry import catcher
from liuyun.workflow.core.run import DEFAULT, ROOT, Scope, last_part, parent_path, scope_path, step_path
from liuyun.workflow.core.tasks import begin_attempt
from liuyun.workflow.core.turn import (
    RUNTIME_ERROR,
    Complete,
    Enter,
    Finish,
    GiveUp,
    Turn,
    failure,
    flow_output,
    gathered,
    input_and_result,
    input_result_output,
    step_input,
    told,
)
from liuyun.workflow.core.waits import BadWait, due_at
from liuyun.workflow.definition.operators import holds
from liuyun.workflow.definition.paths import Missing, Path
from liuyun.workflow.definition.steps import (
    Branch,
    Choice,
    Default,
    Fail,
    Foreach,
    Parallel,
    Pass,
    Step,
    Succeed,
    Task,
    Wait,
)
from liuyun.workflow.documents import Json, JsonObject


def enter(turn: Turn, move: Enter) -> None:
    """A step's first event shows the data around it, its second the input that it gets."""
    step, scope, path = turn.flow.places[move.step].step, move.scope, step_path(move.path, move.step)
    turn.emit(EventType.STEP_ENTERED, {"input": scope.input, "local": scope.local}, path=path, step=step.name)
    first_attempt = turn.run.last_event + 2  # StepStarted comes before TaskScheduled
    if step.input_mappings is None:
        data = {**scope.input, **scope.local}
    else:
        data = mapped(step.input_mappings, scope.input, scope.local, turn.outside(step, first_attempt))
    turn.check_size(path, step_input, data)
    begin(turn, path, step, data)


def begin(turn: Turn, path: str, step: Step, data: JsonObject) -> None:
    if isinstance(step, Wait):
        begin_wait(turn, path, step, data)
        return
    if isinstance(step, Parallel | Foreach):
        begin_branches(turn, path, step, data)
        return
    turn.emit(EventType.STEP_STARTED, {"input": data}, path=path, step=step.name)
    match step:
        case Task():
            begin_attempt(turn, path, step)
        case Choice():
            choose(turn, path, step, data)
        case Fail(error=error, cause=cause):
            turn.moves.append(GiveUp(path, failure(error, cause)))
        case Pass() | Succeed():
            turn.moves.append(Complete(path, {}))
        case _:
            assert_never(step)


def begin_wait(turn: Turn, path: str, step: Wait, data: JsonObject) -> None:
    due, problem = turn.now, None
    try:
        due = due_at(step.until, data, turn.now, turn.outside(step))
    except BadWait as error:
        problem = error.phrase
    waits = due > turn.now
    turn.emit(EventType.STEP_STARTED, {"input": data}, path=path, step=step.name, due=due if waits else None)
    if problem:
        turn.moves.append(GiveUp(path, failure(RUNTIME_ERROR, problem)))
    elif not waits:
        turn.moves.append(Complete(path, {}))


def choose(turn: Turn, path: str, step: Choice, data: JsonObject) -> None:
    """The first branch whose condition holds, else the default, else nothing."""
    outside = turn.outside(step)

    def read(value: Path) -> Json | Missing:
        return lookup(value, data, {}, outside)

    holding = (index for index, branch in enumerate(step.branches) if holds(branch.condition, read))
    key = str(next(holding, DEFAULT))
    branch = branch_of(step, key)
    if branch is None:
        turn.moves.append(Complete(path, {}))
    elif branch.steps:
        turn.moves.append(Enter(scope_path(path, key), Scope(data, turn.follows), branch.steps[0].name))
    else:
        turn.moves.append(Complete(path, {}, branch.goto))


def branch_of(step: Choice, key: str) -> Branch | Default | None:
    return step.default if key == DEFAULT else step.branches[int(key)]


def complete(turn: Turn, move: Complete) -> None:
    step, data = turn.step(move.path), turn.frame(move.path).input
    if step.output_mappings is None:
        output: JsonObject = {} if isinstance(step, Parallel | Foreach) else move.local
        turn.check_size(move.path, input_and_result, data, move.local)
    else:
        output = mapped(step.output_mappings, data, move.local, turn.outside(step))
        turn.check_size(move.path, input_result_output, data, move.local, output)
    turn.emit(EventType.STEP_SUCCEEDED, {"output": output}, path=move.path, step=step.name)
    leave(turn, move.path, step, output, move.goto)


def give_up(turn: Turn, move: GiveUp) -> None:
    """A failure that nothing catches fails the step around, and so on up to the execution."""
    step, detail = turn.step(move.path), move.detail
    turn.emit(EventType.STEP_FAILED, detail, path=move.path, step=step.name)
    scope = parent_path(move.path)
    if isinstance(step, Task) and move.catchable and (catch := catcher(step.catch, detail["error"])) is not None:
        error_data = {**told(detail), "code": detail["error"]}
        output = mapped(step.error_mappings, turn.frame(move.path).input, error_data, turn.outside(step))
        leave(turn, move.path, step, output, catch.goto)
    elif scope == ROOT:
        turn.end(EventType.EXECUTION_FAILED, detail)
    else:
        turn.moves.append(GiveUp(parent_path(scope), detail, move.catchable))


def leave(turn: Turn, path: str, step: Step, output: JsonObject, goto: str) -> None:
    """The step's output joins its list's local data; control goes on."""
    scope = parent_path(path)
    local = {**turn.run.scopes[scope].local, **output}
    turn.check_size("", partial(gathered, step.name), local)
    turn.emit(EventType.STEP_EXITED, {"local": local}, path=path, step=step.name)
    ends = step.end or isinstance(step, Succeed)
    following = goto or ("" if ends else turn.flow.places[step.name].next)
    if following:
        turn.moves.append(Enter(scope, turn.run.scopes[scope], following))
    else:
        turn.moves.append(Finish(scope))


def finish(turn: Turn, move: Finish) -> None:
    if move.path == ROOT:
        succeed(turn)
        return
    owner, key = parent_path(move.path), last_part(move.path)
    step, local = turn.step(owner), turn.run.scopes[move.path].local
    if isinstance(step, Parallel | Foreach):
        exit_branch(turn, move.path, step, local)
        return
    assert isinstance(step, Choice), "no other step owns lists"
    branch = branch_of(step, key)
    assert branch is not None, "a scope belongs to a branch"
    turn.moves.append(Complete(owner, local, branch.goto))


def succeed(turn: Turn) -> None:
    scope, mappings = turn.run.scopes[ROOT], turn.flow.output_mappings
    output = scope.local if mappings is None else mapped(mappings, scope.input, scope.local, turn.outside())
    turn.check_size("", flow_output, output)
    turn.end(EventType.EXECUTION_SUCCEEDED, {"output": output})

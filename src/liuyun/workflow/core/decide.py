"""What happens next: a pure function from a run and something that happened to it, to events and effects.

    decide(flow, run, activation, now, context) -> Decision(run, events, effects, refusal)

A run is data. It lives in its history; a process only holds it for a moment. Something happens (an *activation*: a
function returned, a timer is due, somebody reports a task), `decide` says what follows from it, and the caller stores
the events and the effects in one commit. What isn't committed didn't happen; what is committed will be carried out. So
a run survives a crash between any two commits, and one function serves live running, replay, dry runs and tests.

A turn
    `decide` goes on until the run waits for the world again. It keeps a stack of *moves* (enter a step, complete it,
    give it up, finish its list); carrying out one emits events and leaves the moves that follow from it. Every event
    is folded into the run by `evolve` as it is emitted: decisions are made on the very state that a replay reaches. A
    flow of pass steps is one turn; a loop that never waits is ended by the limit of events.

Events
    They are the vendor's history, in the vendor's words, one chain per step list:

        StepEntered > StepStarted > [ TaskScheduled > TaskStarted > (TaskSubmitted) > TaskSucceeded | TaskFailed … ]
                    > (what happens in the lists that the step owns) > StepSucceeded | StepFailed > StepExited

    An uncaught failure has no StepExited: it fails the step around, and at the top the execution. A caught one has,
    and goes on at the catch's goto. The first event is ExecutionStarted; one of four Execution… events is the last.

Expectations
    Whatever a run waits for is named by the id of the event that began the wait; a frame `awaits` one at most:

        TaskScheduled        the result of its effect, a report with its token, or its timeout
        a failed attempt     the timer of the next attempt
        StepStarted          the timer of a wait step
        ExecutionStarted     the timer of the whole flow

    So late, repeated and redelivered activations need no bookkeeping: they name an event that nothing awaits any
    more, and the decision is empty. Two senders must be told and get a *refusal*: of a report for a task that is over,
    of a stop for an execution that is over.

Time and chance
    `now` is given; times in a history never run backwards. The caller's function makes task tokens from event ids.

What breaks if you touch it
    The order of events within a turn is stored in histories and in task tokens: TaskScheduled must stay the event
    after StepStarted (a token in the step's input cites it before it exists). Histories written before a change must
    still fold to a run that `decide` can go on with.
"""

from contextlib import suppress
from typing import assert_never

from liuyun.errors import Phrase, phrase
from liuyun.workflow.core import branches, progress, tasks
from liuyun.workflow.core.activations import (
    Activation,
    ReportFailed,
    ReportSucceeded,
    Start,
    Stop,
    TaskFailed,
    TaskReturned,
    TimerFired,
)
from liuyun.workflow.core.decision import Context, Decision, Refusal
from liuyun.workflow.core.events import EventType
from liuyun.workflow.core.mappings import mapped
from liuyun.workflow.core.run import ROOT, Run, Scope, Status, step_path
from liuyun.workflow.core.turn import (
    Complete,
    Enter,
    Exhausted,
    Finish,
    GiveUp,
    Move,
    Spread,
    Turn,
    execution_input,
    failure,
    waits_for_callback,
)
from liuyun.workflow.definition.steps import Flow, Task
from liuyun.workflow.documents import JsonObject

EXECUTION_TIMEOUT = "FnF.ExecutionTimeout"
STARTED = 1  # the id of ExecutionStarted


def decide(flow: Flow, run: Run, activation: Activation, now: int, context: Context) -> Decision:
    turn = Turn(flow, run, now, context)
    refusal = None
    try:
        refusal = receive(turn, activation)
        carry_out(turn)
    except Exhausted as limit:
        break_off(turn, limit)
    return turn.decision(refusal)


def receive(turn: Turn, activation: Activation) -> Refusal | None:
    match activation:
        case Start(input=data):
            start(turn, data)
        case Stop(error=error, cause=cause):
            return stop(turn, error, cause)
        case TimerFired(event_id=event_id):
            ring(turn, event_id)
        case TaskReturned() | TaskFailed():
            answer(turn, activation)
        case ReportSucceeded() | ReportFailed():
            return report(turn, activation)
        case _:
            assert_never(activation)
    return None


def carry_out(turn: Turn) -> None:
    while turn.moves:
        make(turn, turn.moves.pop())


def make(turn: Turn, move: Move) -> None:
    match move:
        case Enter():
            progress.enter(turn, move)
        case Complete():
            progress.complete(turn, move)
        case GiveUp():
            progress.give_up(turn, move)
        case Finish():
            progress.finish(turn, move)
        case Spread():
            branches.spread(turn, move)
        case _:
            assert_never(move)


def break_off(turn: Turn, limit: Exhausted) -> None:
    """The run fails, through the steps around the one that reached a limit, as far as there is room to tell it."""
    turn.moves[:] = [GiveUp(limit.path, limit.detail, catchable=False)] if limit.path else []
    with suppress(Exhausted):
        carry_out(turn)
    if turn.run.is_live:
        turn.end(EventType.EXECUTION_FAILED, limit.detail)


def start(turn: Turn, data: JsonObject) -> None:
    if turn.run.status is not Status.STARTING:
        return
    flow = turn.flow
    due = None if flow.timeout_s is None else turn.now + flow.timeout_s * 1000
    turn.emit(EventType.EXECUTION_STARTED, {"input": data}, due=due)
    turn.check_size("", execution_input, data)
    if flow.input_mappings is not None:
        data = mapped(flow.input_mappings, data, {}, turn.outside())
    turn.moves.append(Enter(ROOT, Scope(data, STARTED), flow.steps[0].name))


def stop(turn: Turn, error: str, cause: Phrase | str) -> Refusal | None:
    if not turn.run.is_live:
        return Refusal.EXECUTION_COMPLETED
    turn.end(EventType.EXECUTION_STOPPED, failure(error, cause))
    return None


def ring(turn: Turn, event_id: int) -> None:
    if turn.run.due is not None and event_id == STARTED:
        template = "The execution didn't end within the flow's timeoutSeconds, {seconds}."
        cause = phrase("execution_timeout", template, seconds=turn.flow.timeout_s)
        turn.end(EventType.EXECUTION_TIMED_OUT, failure(EXECUTION_TIMEOUT, cause))
        return
    path = awaiting(turn.run, event_id)
    if path is None:
        return
    phase, step = turn.resume(path).phase, turn.step(path)
    if not isinstance(step, Task):
        turn.moves.append(Complete(path, {}))
    elif phase in tasks.RUNNING:
        tasks.timed_out(turn, path, step)
    else:
        tasks.begin_attempt(turn, path, step)


def answer(turn: Turn, activation: TaskReturned | TaskFailed) -> None:
    found = running_task(turn, activation.event_id)
    if found is None:
        return
    match activation:
        case TaskReturned(output=output):
            tasks.returned(turn, *found, output)
        case TaskFailed(error=error, cause=cause):
            tasks.call_failed(turn, *found, error, cause)
        case _:
            assert_never(activation)


def report(turn: Turn, activation: ReportSucceeded | ReportFailed) -> Refusal | None:
    found = running_task(turn, activation.event_id)
    if found is None or not waits_for_callback(found[1]):
        return Refusal.TASK_COMPLETED
    match activation:
        case ReportSucceeded(output=output):
            tasks.report_succeeded(turn, *found, output)
        case ReportFailed(error=error, cause=cause):
            tasks.report_failed(turn, *found, error, cause)
        case _:
            assert_never(activation)
    return None


def running_task(turn: Turn, event_id: int) -> tuple[str, Task] | None:
    """The task whose current attempt was scheduled by that event, and its path."""
    path = awaiting(turn.run, event_id)
    if path is None or turn.resume(path).phase not in tasks.RUNNING:
        return None
    step = turn.step(path)
    assert isinstance(step, Task), "only tasks are scheduled"
    return path, step


def awaiting(run: Run, event_id: int) -> str | None:
    """The path of the step that waits for what that event began."""
    for path, scope in run.scopes.items():
        if scope.frame is not None and scope.frame.awaits == event_id:
            return step_path(path, scope.frame.step)
    return None

"""The life of a task inside its step: attempts, what comes back, what is tried again.

    TaskScheduled, TaskStarted ─ one effect ─┬─ requestResponse: TaskReturned ────────────> TaskSucceeded
                                             ├─ waitForCallback: TaskReturned > TaskSubmitted, then a report
                                             │                   a report ────────────────> TaskSucceeded, TaskFailed
                                             ├─ TaskFailed ───────────────────────────────> TaskFailed, TaskSubmitFailed
                                             └─ its timer ────────────────────────────────> TaskTimedOut

An attempt is known by its TaskScheduled event: effect, task token and timer all cite that id, and a new attempt has a
new one. A report may come before the call that hands out the token has returned (the called function reports itself):
it shows that the call arrived, so it is taken at once, and what the call returns later is nobody's business any more.
"""

from liuyun.errors import Phrase, phrase
from liuyun.workflow.core.calls import Attempt, BadParameter, call
from liuyun.workflow.core.events import EventType
from liuyun.workflow.core.mappings import mapped, with_context
from liuyun.workflow.core.retry import grant
from liuyun.workflow.core.routes import resolved, target_of
from liuyun.workflow.core.turn import Complete, GiveUp, Turn, failure, input_and_result, waits_for_callback
from liuyun.workflow.definition.steps import Task
from liuyun.workflow.definition.targets import BadTarget, FunctionTarget
from liuyun.workflow.documents import Json, JsonObject, compact, is_object, kind

TIMEOUT = "FnF.TaskTimeout"
INVALID_TARGET = "FnF.InvalidTarget"
INVALID_LOCAL = "FnF.InvalidLocal"
BAD_MESSAGE = "MNS.InvalidArgument"
RUNNING = frozenset({EventType.TASK_STARTED, EventType.TASK_SUBMITTED})
MAX_SHOWN = 200  # characters of a wrong result in its message


def begin_attempt(turn: Turn, path: str, task: Task) -> None:
    """TaskScheduled is the very next event: a token in the step's input may cite its id already (see `steps.enter`)."""
    frame, event_id = turn.frame(path), turn.run.last_event + 1
    try:
        arn, target = resolved(task, frame, turn.outside(task))
    except BadTarget as error:
        turn.moves.append(GiveUp(path, failure(INVALID_TARGET, error.phrase)))
        return
    attempt = Attempt(event_id, path, frame.attempt + 1, renewed_input(turn, path, task, event_id), target)
    detail: JsonObject = {
        "resourceArn": arn,
        "pattern": task.pattern.value,
        "attempt": attempt.number,
    }
    due = None
    if task.timeout_s is not None:
        detail["timeoutSeconds"] = task.timeout_s
        due = turn.now + task.timeout_s * 1000
    if attempt.input != frame.input:
        detail["input"] = attempt.input
    turn.emit(EventType.TASK_SCHEDULED, detail, path=path, step=task.name, due=due)
    turn.emit(EventType.TASK_STARTED, {}, path=path, step=task.name)
    try:
        turn.ask(call(task, attempt, turn.outside(task, event_id)))
    except BadParameter as error:
        attempt_failed(turn, path, task, failure(BAD_MESSAGE, error.phrase))


def renewed_input(turn: Turn, path: str, task: Task, event_id: int) -> JsonObject:
    """The step's input with the task token, if one is in it, made for this attempt."""
    scope, frame = turn.scope(path), turn.frame(path)
    if frame.attempt == 0 or not waits_for_callback(task) or not (mappings := with_context(task.input_mappings)):
        return frame.input
    return {**frame.input, **mapped(mappings, scope.input, scope.local, turn.outside(task, event_id))}


def returned(turn: Turn, path: str, task: Task, output: Json) -> None:
    if not waits_for_callback(task):
        succeeded(turn, path, task, output)
    elif turn.frame(path).phase is EventType.TASK_STARTED:
        # What a function returns is discarded; what a message service answers helps to find the message.
        answer = not isinstance(target_of(task, turn.frame(path)), FunctionTarget) and is_object(output)
        turn.emit(EventType.TASK_SUBMITTED, {"output": output} if answer else {}, path=path, step=task.name)


def call_failed(turn: Turn, path: str, task: Task, error: str, cause: Phrase | str) -> None:
    if not waits_for_callback(task):
        attempt_failed(turn, path, task, failure(error, cause))
    elif turn.frame(path).phase is EventType.TASK_STARTED:
        attempt_failed(turn, path, task, failure(error, cause), EventType.TASK_SUBMIT_FAILED)


def report_succeeded(turn: Turn, path: str, task: Task, output: Json) -> None:
    arrived(turn, path, task)
    succeeded(turn, path, task, output)


def report_failed(turn: Turn, path: str, task: Task, error: str, cause: str) -> None:
    arrived(turn, path, task)
    attempt_failed(turn, path, task, failure(error, cause))


def arrived(turn: Turn, path: str, task: Task) -> None:
    if turn.frame(path).phase is EventType.TASK_STARTED:
        turn.emit(EventType.TASK_SUBMITTED, {}, path=path, step=task.name)


def timed_out(turn: Turn, path: str, task: Task) -> None:
    template = "The task didn't complete within its timeoutSeconds, {seconds}."
    cause = phrase("task_timeout", template, seconds=task.timeout_s)
    attempt_failed(turn, path, task, failure(TIMEOUT, cause), EventType.TASK_TIMED_OUT)


def succeeded(turn: Turn, path: str, task: Task, output: Json) -> None:
    if not is_object(output):
        template = "The result must be a JSON object, not {found}: {result}"
        cause = phrase("result_no_object", template, found=kind(output), result=compact(output)[:MAX_SHOWN])
        attempt_failed(turn, path, task, failure(INVALID_LOCAL, cause))
        return
    turn.check_size(path, input_and_result, turn.frame(path).input, output)
    turn.emit(EventType.TASK_SUCCEEDED, {"output": output}, path=path, step=task.name)
    turn.moves.append(Complete(path, output))


def attempt_failed(
    turn: Turn, path: str, task: Task, detail: JsonObject, event: EventType = EventType.TASK_FAILED
) -> None:
    granted = grant(task.retry, turn.frame(path).retries, detail["error"])
    if granted is None:
        turn.emit(event, detail, path=path, step=task.name)
        turn.moves.append(GiveUp(path, detail))
        return
    again = {"retryAfterSeconds": granted.after_ms / 1000, "retryCount": granted.count}
    due = turn.now + granted.after_ms
    turn.emit(event, {**detail, **again}, path=path, step=task.name, due=due, retry=granted.entry)

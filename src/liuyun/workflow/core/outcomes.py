"""The answers of the services that tasks call, as activations with the error names that flows retry and catch.

A call that the function service refuses fails as `FC.<its error code>`. A function that ran and raised fails under the
name of what it raised (`errorType`, for Python the class); one that died without naming anything fails as FC.Unknown.
"""

from liuyun.errors import Invalid
from liuyun.model.invocation import InvocationResult
from liuyun.workflow.core.activations import TaskFailed, TaskReturned
from liuyun.workflow.documents import Json, is_object, parse

UNKNOWN = "FC.Unknown"
INTERNAL = "FC.InternalServerError"
THROTTLED = "FC.ResourceThrottled"
EXHAUSTED = "FC.ResourceExhausted"


def function_error(status: int, code: str) -> str:
    """The error name of a call that the function service refused with this HTTP status and error code."""
    if status == 500:
        return INTERNAL
    if code:
        return f"FC.{code}"
    return THROTTLED if status in {429, 503} else UNKNOWN


def of_invocation(event_id: int, result: InvocationResult) -> TaskReturned | TaskFailed:
    """A function's result; a text stands for a payload that isn't JSON."""
    answer = payload_of(result)
    if result.error_type is None:
        return TaskReturned(event_id, answer)
    document = answer if is_object(answer) else {}
    name, message = document.get("errorType"), document.get("errorMessage")
    cause = result.why or (message if isinstance(message, str) else result.payload.decode(errors="replace"))
    return TaskFailed(event_id, name if isinstance(name, str) and name else UNKNOWN, cause)


def payload_of(result: InvocationResult) -> Json:
    try:
        return parse(result.payload, "The result")
    except Invalid:
        return result.payload.decode(errors="replace")

import pytest
from msgspec.structs import replace

from liuyun.errors import phrase
from liuyun.model.invocation import InvocationResult
from liuyun.workflow.core.activations import TaskFailed, TaskReturned
from liuyun.workflow.core.outcomes import function_error, of_invocation


def result(payload: bytes, error_type: str | None = None) -> InvocationResult:
    return InvocationResult(
        payload=payload,
        error_type=error_type,
        request_id="r",
        instance_id="i",
        version_id="LATEST",
        code_checksum="0",
        duration_ms=1,
        memory_mb=1,
    )


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        (404, "FunctionNotFound", "FC.FunctionNotFound"),
        (400, "InvalidArgument", "FC.InvalidArgument"),
        (403, "AccessDenied", "FC.AccessDenied"),
        (429, "ResourceExhausted", "FC.ResourceExhausted"),
        (503, "ResourceThrottled", "FC.ResourceThrottled"),
        (429, "", "FC.ResourceThrottled"),
        (503, "", "FC.ResourceThrottled"),
        (500, "Anything", "FC.InternalServerError"),
        (502, "", "FC.Unknown"),
    ],
)
def test_refused_calls_are_named_after_their_code(status: int, code: str, name: str):
    """So that flows can retry what is worth it and catch the rest."""
    assert function_error(status, code) == name


@pytest.mark.parametrize(
    ("payload", "output"),
    [
        (b'{"a": 1}', {"a": 1}),
        (b"[1]", [1]),
        (b"", ""),
        (b"plain", "plain"),
        (b"\xff", "\ufffd"),
        (b"[" * 200 + b"]" * 200, "[" * 200 + "]" * 200),
    ],
)
def test_a_result_is_its_json_or_its_text(payload: bytes, output: object):
    """Whether that will do is for the task to say."""
    assert of_invocation(4, result(payload)) == TaskReturned(4, output)


@pytest.mark.parametrize(
    ("payload", "error", "cause"),
    [
        (b'{"errorMessage": "full", "errorType": "BookHotelError", "stackTrace": []}', "BookHotelError", "full"),
        (b'{"errorMessage": "Process exited"}', "FC.Unknown", "Process exited"),
        (b'{"errorMessage": "m", "errorType": ""}', "FC.Unknown", "m"),
        (b'{"errorMessage": {"a": 1}, "errorType": 5}', "FC.Unknown", '{"errorMessage": {"a": 1}, "errorType": 5}'),
        (b"Function timed out", "FC.Unknown", "Function timed out"),
        (b'["x"]', "FC.Unknown", '["x"]'),
    ],
)
def test_a_failed_function_is_named_after_what_it_raised(payload: bytes, error: str, cause: str):
    """The class of the exception is the error's name; without one the cause is unknown."""
    assert of_invocation(4, result(payload, "UnhandledInvocationError")) == TaskFailed(4, error, cause)


def test_what_the_platform_says_of_a_call_stays_its_own():
    """A function that was cut short has said nothing: the cause is the platform's, in any language."""
    why = phrase("process_status", "The process exited with status {status}.", status=1)
    cut_short = replace(result(b'{"errorMessage": "The process exited with status 1."}', "Unhandled"), why=why)
    assert of_invocation(7, cut_short) == TaskFailed(7, "FC.Unknown", why)

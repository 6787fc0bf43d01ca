from collections.abc import Iterator

import pytest

import liuyun.errors
from liuyun.errors import ExecutionExists, FlowExists, FlowNotFound, PlatformError, SignatureMismatch, TaskCompleted
from liuyun.gateway.fnf.errors import TABLE, status_and_code


def subclasses(base: type[PlatformError]) -> Iterator[type[PlatformError]]:
    yield base
    for child in base.__subclasses__():
        yield from subclasses(child)


ALL: list[type[PlatformError]] = sorted(set(subclasses(PlatformError)), key=lambda error: error.__name__)


@pytest.mark.parametrize("error", ALL)
def test_every_error_has_a_status_and_a_code(error: type[PlatformError]):
    """No expected failure reaches a client as an internal error, unless it is the root of the tree."""
    status, code = status_and_code(error)
    assert 400 <= status < 600
    assert code != "InternalServerError" or error is PlatformError


@pytest.mark.parametrize(
    ("error", "row"),
    [
        (FlowNotFound, (404, "FlowNotExists")),
        (FlowExists, (409, "FlowAlreadyExists")),
        (ExecutionExists, (400, "ExecutionAlreadyExists")),
        (TaskCompleted, (400, "TaskAlreadyCompleted")),
        (SignatureMismatch, (403, "SignatureNotMatch")),
        (liuyun.errors.InvalidTaskToken, (400, "InvalidArgument")),
        (liuyun.errors.OperationUnknown, (400, "ActionNotSupported")),
    ],
)
def test_the_contract_s_codes(error: type[PlatformError], row: tuple[int, str]):
    """The rows that clients depend on (fnf contract 2.4)."""
    assert status_and_code(error) == row


def test_the_table_has_a_row_for_the_root():
    """So that every error finds a row."""
    assert PlatformError in TABLE

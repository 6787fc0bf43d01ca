"""Every error of the platform has a status and a code of Message Service."""

from collections.abc import Iterator

import pytest

from liuyun import errors
from liuyun.errors import Conflict, Denied, Invalid, NotFound, PlatformError, Throttled, Unavailable, Unsupported
from liuyun.gateway.mns.errors import FAULT, TABLE, explain


def kinds(kind: type[PlatformError] = PlatformError) -> Iterator[type[PlatformError]]:
    for child in kind.__subclasses__():
        yield child
        yield from kinds(child)


ALL: list[type[PlatformError]] = sorted(set(kinds()), key=lambda kind: kind.__qualname__)


@pytest.mark.parametrize("kind", ALL)
def test_every_error_is_explained(kind: type[PlatformError]) -> None:
    """By a row of its own or of a base; nothing expected is shown as a fault of the platform."""
    status, code = explain(kind.__new__(kind))
    assert (status, code) != FAULT
    assert 400 <= status <= 500
    assert code.isalnum()


@pytest.mark.parametrize("base", [Invalid, Denied, NotFound, Conflict, Throttled, Unavailable, Unsupported])
def test_every_base_has_a_row(base: type[PlatformError]) -> None:
    """So that an error that is added later is answered sensibly."""
    assert base in TABLE


def test_a_bare_error_is_a_fault() -> None:
    """What says nothing about itself is the platform's own fault."""
    assert explain(PlatformError("?")) == FAULT


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (errors.QueueNotFound("q"), (404, "QueueNotExist")),
        (errors.QueueExists("q"), (409, "QueueAlreadyExist")),
        (errors.MessageNotFound(""), (404, "MessageNotExist")),
        (errors.InvalidReceiptHandle(""), (400, "ReceiptHandleError")),
        (errors.DigestMismatch(""), (400, "InvalidDegist")),
        (errors.ClockSkewed(""), (408, "TimeExpired")),
        (errors.SignatureMismatch(""), (403, "SignatureDoesNotMatch")),
        (errors.TooLarge("", limit=1), (400, "InvalidArgument")),
        (errors.SubscriptionNameLength(""), (400, "SubsciptionNameLengthError")),
        (errors.Unavailable(""), (500, "InternalServerError")),
    ],
)
def test_the_vendors_codes(error: PlatformError, expected: tuple[int, str]) -> None:
    """As the contract's table has them, the vendor's misspellings included."""
    assert explain(error) == expected

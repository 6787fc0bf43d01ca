"""Every call leaves one record."""

import asyncio
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from liuyun.errors import FunctionNotFound, PlatformError, Throttled
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.record import InvocationRecord, Outcome
from liuyun.observability.observer import Observer
from liuyun.testing.clock import FakeClock
from tests.conftest import run

CALL = Invocation("1", "s", "f", b"", "r", "prod", retry_count=2, source="timer", trigger="t1", caused_at=1000)
RESULT = InvocationResult(b"", None, "r", "i", "3", "", 7.5, 30.5, cold_start=True)


def observed(outcome: InvocationResult | BaseException, clock: FakeClock | None = None) -> Observer:
    async def invoke(_: Invocation) -> InvocationResult:
        if isinstance(outcome, BaseException):
            raise outcome
        return outcome

    def begin(_: Invocation, then: Callable[[InvocationResult | Exception], None]) -> Begun:
        begun = Begun()
        if isinstance(outcome, InvocationResult | PlatformError):
            then(outcome)
        return begun

    return Observer(invoke=invoke, begin=begin, clock=clock or FakeClock(2000), most=2)


class Begun:
    def abandon(self) -> None: ...


def test_a_call_that_ran() -> None:
    """With all that is known of it; it is taken once."""
    observer = observed(RESULT)
    assert run(observer.invoke(CALL)) is RESULT
    (record,) = observer.take()
    assert record == InvocationRecord(
        "1", "s", "f", "prod", "r", "timer", "t1", 1000, 2, 2000, 2000, Outcome.OK, "", "3", "i", 7.5, 30.5, cold=True
    )
    assert (record.billed_ms, record.lag_ms) == (8, 992)
    assert observer.take() == []


@pytest.mark.parametrize(
    ("outcome", "recorded", "error"),
    [
        (replace(RESULT, error_type="UnhandledInvocationError"), Outcome.ERROR, "UnhandledInvocationError"),
        (Throttled("full"), Outcome.THROTTLED, "Throttled"),
        (FunctionNotFound("s", "f"), Outcome.REFUSED, "FunctionNotFound"),
        (asyncio.CancelledError(), Outcome.CANCELLED, ""),
    ],
)
def test_a_call_that_did_not_succeed(outcome: InvocationResult | BaseException, recorded: Outcome, error: str) -> None:
    """Its failure, or why it could not be called; the caller learns it as before."""

    async def main() -> Observer:
        observer = observed(outcome)
        try:
            await observer.invoke(CALL)
        except (PlatformError, asyncio.CancelledError) as raised:
            assert raised is outcome  # noqa: PT017 - some of them return
        return observer

    (record,) = run(main()).take()
    assert (record.outcome, record.error) == (recorded, error)


@pytest.mark.parametrize(("came_to", "recorded"), [(RESULT, Outcome.OK), (Throttled("full"), Outcome.THROTTLED)])
def test_a_call_that_has_no_task(came_to: InvocationResult | PlatformError, recorded: Outcome) -> None:
    """Whoever asked is told, and there is a record as of any other."""
    told: list[InvocationResult | Exception] = []
    observer = observed(came_to)
    assert observer.begin(CALL, told.append)
    assert told == [came_to]
    assert [record.outcome for record in observer.take()] == [recorded]


def test_a_call_without_a_task_that_is_given_up() -> None:
    """It was cancelled, like one whose task is."""
    observer = observed(asyncio.CancelledError())
    abandon = observer.begin(CALL, lambda _: None)
    assert abandon is not None
    abandon()
    assert [record.outcome for record in observer.take()] == [Outcome.CANCELLED]


def test_what_nobody_takes_is_bounded() -> None:
    """And it is known how much was lost."""
    observer = observed(RESULT)
    for _ in range(5):
        run(observer.invoke(CALL))
    assert (len(observer.take()), observer.lost) == (2, 3)

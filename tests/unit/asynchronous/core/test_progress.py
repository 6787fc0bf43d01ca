"""What follows from a try of an asynchronous invocation."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from liuyun.asynchronous.core.progress import (
    THROTTLED_FOR_MS,
    Condition,
    Finish,
    Outcome,
    Retry,
    step,
)
from liuyun.model.asynchronous import Accepted, AsyncConfig, TaskStatus
from liuyun.model.invocation import Invocation

NOW = 1_700_000_000_000
CALL = Invocation("1", "s", "f", b"", "r")


def accepted(*, max_retries: int = 3, max_age_s: int = 86_400) -> Accepted:
    config = AsyncConfig(max_age_s, max_retries)
    return Accepted(invocation=CALL, invocation_id="r", config=config, enqueued_at=NOW)


def after(one: Accepted, retry: Retry) -> Accepted:
    return replace(one, failures=retry.failures, throttles=retry.throttles, throttled_since=retry.throttled_since)


def life(one: Accepted, outcomes: list[Outcome], now: int = NOW) -> tuple[list[int], Finish | None]:
    """The pauses before the tries that follow, and the end, each try taking no time."""
    pauses: list[int] = []
    for outcome in outcomes:
        verdict = step(one, outcome, now)
        if isinstance(verdict, Finish):
            return pauses, verdict
        pauses.append(verdict.due_at - now)
        one, now = after(one, verdict), verdict.due_at
    return pauses, None


def test_a_failing_function_is_retried_with_doubling_pauses() -> None:
    """Three times by default, and then it has failed."""
    pauses, end = life(accepted(), [Outcome.FAILED] * 10)
    assert pauses == [1000, 2000, 4000]
    assert end == Finish(TaskStatus.FAILED, Condition.RETRIES_EXHAUSTED)


def test_the_first_failure_can_be_the_last() -> None:
    """maxAsyncRetryAttempts 0."""
    pauses, end = life(accepted(max_retries=0), [Outcome.FAILED])
    assert (pauses, end) == ([], Finish(TaskStatus.FAILED, Condition.RETRIES_EXHAUSTED))


def test_a_throttled_one_is_tried_for_five_hours() -> None:
    """Half a second, one, two, four …, and no retry of a failure is used up."""
    pauses, end = life(accepted(), [Outcome.THROTTLED] * 1000)
    assert pauses[:5] == [500, 1000, 2000, 4000, 8000]
    assert sum(pauses) == THROTTLED_FOR_MS
    assert end == Finish(TaskStatus.FAILED, Condition.RETRIES_EXHAUSTED)
    one = step(accepted(), Outcome.THROTTLED, NOW)
    assert isinstance(one, Retry)
    assert one.failures == 0


def test_room_that_was_found_ends_the_count_of_the_throttled() -> None:
    """A failure between them starts the back-off anew."""
    pauses, _ = life(accepted(), [Outcome.THROTTLED, Outcome.THROTTLED, Outcome.FAILED, Outcome.THROTTLED])
    assert pauses == [500, 1000, 1000, 500]


def test_what_grows_too_old_expires() -> None:
    """No pause is begun whose end is past the maximum age."""
    pauses, end = life(accepted(max_age_s=3), [Outcome.FAILED] * 10)
    assert (pauses, end) == ([1000], Finish(TaskStatus.EXPIRED, Condition.TOO_OLD))


def test_what_can_never_run_ends_at_once() -> None:
    """A function that was deleted meanwhile."""
    assert step(accepted(), Outcome.IMPOSSIBLE, NOW) == Finish(TaskStatus.INVALID, Condition.IMPOSSIBLE)


outcomes = st.lists(st.sampled_from([Outcome.FAILED, Outcome.THROTTLED]), min_size=1, max_size=400)


@given(outcomes, st.integers(0, 8), st.integers(1, 90_000))
def test_every_life_is_bounded(given_outcomes: list[Outcome], retries: int, age_s: int) -> None:
    """Tries lie apart, none begins past the maximum age, and failures are retried as often as configured at most."""
    one = accepted(max_retries=retries, max_age_s=age_s)
    now, failures = NOW, 0
    for outcome in given_outcomes:
        verdict = step(one, outcome, now)
        failures += outcome is Outcome.FAILED
        if isinstance(verdict, Finish):
            return
        assert now < verdict.due_at < one.expires_at
        assert verdict.failures == failures <= retries
        one, now = after(one, verdict), verdict.due_at

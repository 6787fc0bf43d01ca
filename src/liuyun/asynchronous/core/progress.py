"""What happens to an asynchronous invocation after a try. Source: fc contract 4.3.

A function that ran and failed is retried as often as its configuration says, with doubling pauses. One that had no
room, or that the platform couldn't run at the moment, is tried again for five hours, which costs none of those retries.
No try begins when the invocation is older than its configuration allows.
"""

from dataclasses import dataclass
from enum import Enum, auto

from liuyun.model.asynchronous import Accepted, TaskStatus

FAILURE_FIRST_MS = 1000
THROTTLE_FIRST_MS, THROTTLE_LONGEST_MS = 500, 300_000
THROTTLED_FOR_MS = 5 * 3600 * 1000


class Outcome(Enum):
    SUCCEEDED = auto()
    FAILED = auto()  # the function ran and failed
    THROTTLED = auto()  # it could not be run now
    IMPOSSIBLE = auto()  # it can never be run: there is no such function


class Condition(Enum):
    """Why it has ended, as a destination is told."""

    SUCCESS = "Success"
    RETRIES_EXHAUSTED = "RetriesExhausted"
    TOO_OLD = "EventAgeExceeded"
    IMPOSSIBLE = "InvocationImpossible"
    STOPPED = "Stopped"


@dataclass(frozen=True, slots=True)
class Retry:
    due_at: int
    failures: int
    throttles: int
    throttled_since: int | None


@dataclass(frozen=True, slots=True)
class Finish:
    status: TaskStatus
    condition: Condition


TOO_OLD = Finish(TaskStatus.EXPIRED, Condition.TOO_OLD)
STOPPED = Finish(TaskStatus.STOPPED, Condition.STOPPED)


def step(accepted: Accepted, outcome: Outcome, now: int) -> Retry | Finish:
    match outcome:
        case Outcome.SUCCEEDED:
            return Finish(TaskStatus.SUCCEEDED, Condition.SUCCESS)
        case Outcome.IMPOSSIBLE:
            return Finish(TaskStatus.INVALID, Condition.IMPOSSIBLE)
        case Outcome.FAILED:
            retry = after_failure(accepted, now)
        case Outcome.THROTTLED:
            retry = after_throttle(accepted, now)
    if retry is None:
        return Finish(TaskStatus.FAILED, Condition.RETRIES_EXHAUSTED)
    return retry if retry.due_at < accepted.expires_at else TOO_OLD


def after_failure(accepted: Accepted, now: int) -> Retry | None:
    failures = accepted.failures + 1
    if failures > accepted.config.max_retries:
        return None
    return Retry(now + FAILURE_FIRST_MS * 2 ** (failures - 1), failures, 0, None)


def after_throttle(accepted: Accepted, now: int) -> Retry | None:
    since = now if accepted.throttled_since is None else accepted.throttled_since
    if now - since >= THROTTLED_FOR_MS:
        return None
    throttles = accepted.throttles + 1
    pause_ms = min(THROTTLE_FIRST_MS * 2 ** min(throttles - 1, 16), THROTTLE_LONGEST_MS)
    return Retry(min(now + pause_ms, since + THROTTLED_FOR_MS), accepted.failures, throttles, since)

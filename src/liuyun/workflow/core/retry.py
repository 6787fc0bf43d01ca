"""Which failures are tried again, after how long, and which are caught."""

from collections.abc import Mapping, Sequence

import msgspec

from liuyun.workflow.definition.steps import ALL_ERRORS, Catch, Retry


class Grant(msgspec.Struct, frozen=True):
    """Another attempt, by the retry entry of that index, as its `count`-th retry."""

    entry: int
    count: int
    after_ms: int


def covers(errors: Sequence[str], error: str) -> bool:
    return error in errors or ALL_ERRORS in errors


def grant(retries: Sequence[Retry], granted: Mapping[int, int], error: str) -> Grant | None:
    """Only the first entry that covers the error is asked; once it is used up, later ones don't help."""
    for index, retry in enumerate(retries):
        if covers(retry.errors, error):
            count = granted.get(index, 0) + 1
            return Grant(index, count, interval_ms(retry, count)) if count <= retry.max_attempts else None
    return None


def interval_ms(retry: Retry, count: int) -> int:
    try:
        interval_s = retry.interval_s * float(retry.multiplier) ** (count - 1)
    except OverflowError:
        interval_s = retry.max_interval_s
    return round(min(interval_s, retry.max_interval_s) * 1000)


def catcher(catches: Sequence[Catch], error: str) -> Catch | None:
    return next((catch for catch in catches if covers(catch.errors, error)), None)

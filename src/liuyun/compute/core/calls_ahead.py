"""Calls that are handed to an instance before it is free, so that it goes from one to the next without being woken.

Rules
- Only where an instance takes one call at a time, from a worker that takes frames in order: a call begins when the one
  ahead of it is answered, never beside it. Where the function has hooks or single-use instances, each call waits.
- Only if the function is brisk: its calls take less than BRISK_MS in the mean of the latest, by the worker's own clock.
  What isn't known to be brisk is not; a function whose busy instance ends has to show it anew.
- Only once `enough` of its instances are busy, two for each core: until then calls go to idle instances or start some.
  More than that would only take turns on the same cores, so a brisk function gets no more started.
- The least busy instance gets the call, and never more than DEPTH of them. One that has not answered for STALLED_MS
  gets none, and if all are like that, instances are started as for any other function.
"""

from collections.abc import Collection, Iterable
from typing import Protocol, TypeVar

DEPTH = 8
BRISK_MS = 1.0
STALLED_MS = 5
UNKNOWN_MS = 10.0  # so many, until it is known
MEAN_OF = 32
PER_CORE = 2


class Busy(Protocol):
    """An instance that works on `running` calls, and was heard of last at `heard_at`."""

    running: int
    heard_at: int


Instance = TypeVar("Instance", bound=Busy)


def usual(usual_ms: float, took_ms: float) -> float:
    """The mean with one more call, of which the latest count most."""
    return usual_ms + (took_ms - usual_ms) / MEAN_OF


def is_brisk(usual_ms: float) -> bool:
    return usual_ms < BRISK_MS


def least_busy(busy: Iterable[Instance], now: int) -> Instance | None:
    """Which of the busy instances takes one more call."""
    chosen = None
    least = DEPTH
    for each in busy:
        if each.running < least and now - each.heard_at <= STALLED_MS:
            chosen, least = each, each.running
    return chosen


def suffices(usual_ms: float, size: int, enough: int, busy: Collection[Busy], now: int) -> bool:
    """Whether no more instances are to be started although calls wait."""
    answers = not busy or any(now - each.heard_at <= STALLED_MS for each in busy)
    return is_brisk(usual_ms) and size >= enough and answers

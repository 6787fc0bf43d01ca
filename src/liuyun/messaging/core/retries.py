"""When a delivery that didn't succeed is tried again. Sources: mns contract 4.1, fc contract 4.3.

A target that can't be reached or answers with an error is retried as the subscription's NotifyStrategy says. A function
that ran and failed is retried as an asynchronous invocation. A function that has no room, or that the platform can't
run at the moment, is asked again, with growing pauses, for as long as the message lives; such tries count for nothing
else.
"""

from dataclasses import dataclass
from enum import Enum, auto

import msgspec

from liuyun.errors import Phrase, written
from liuyun.messaging.core.attributes import TOPIC_RETENTION_S
from liuyun.model.message import Delivery, NotifyStrategy, Retried

BACKOFF_RETRIES = 3
BACKOFF_LEAST_MS, BACKOFF_SPREAD_MS = 10_000, 10_000
DECAY_RETRIES = 176
DECAY_LONGEST_MS = 512_000
FUNCTION_RETRIES = 3
PHRASE_CHARACTERS = 4000
REASON_CHARACTERS = 500
THROTTLE_FIRST_MS, THROTTLE_LONGEST_MS = 500, 32_000


class Outcome(Enum):
    DELIVERED = auto()
    UNREACHED = auto()  # refused, timed out, answered with an error, or the target doesn't exist
    FAILED = auto()  # the function ran and failed
    THROTTLED = auto()


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try. `reason`: why it didn't deliver; a text if these are somebody else's words."""

    outcome: Outcome
    reason: Phrase | str = ""


def reschedule(delivery: Delivery, tried: Tried, now: int, chance: float) -> Retried | None:
    """The next try after one that didn't deliver, or None when it was the last. `chance` is from [0, 1)."""
    outcome = tried.outcome
    throttled = outcome is Outcome.THROTTLED
    failures = delivery.failures + (not throttled)
    throttles = delivery.throttles + 1 if throttled else 0
    pause_ms = pause(delivery, outcome, failures, throttles, chance)
    if pause_ms is None or now + pause_ms >= expires_at(delivery):
        return None
    return Retried(now + pause_ms, failures, throttles, str(tried.reason)[:REASON_CHARACTERS], now, kept(tried.reason))


def kept(reason: Phrase | str) -> str:
    """As JSON; empty if these are somebody else's words, or more than is kept."""
    text = msgspec.json.encode(written(reason)).decode() if isinstance(reason, Phrase) else ""
    return text if len(text) <= PHRASE_CHARACTERS else ""


def pause(delivery: Delivery, outcome: Outcome, failures: int, throttles: int, chance: float) -> int | None:
    match outcome, delivery.subscription.attributes.strategy:
        case Outcome.THROTTLED, _:
            return min(THROTTLE_FIRST_MS * 2 ** min(throttles - 1, 16), THROTTLE_LONGEST_MS)
        case Outcome.FAILED, _:
            return 1000 * 2 ** (failures - 1) if failures <= FUNCTION_RETRIES else None
        case _, NotifyStrategy.BACKOFF_RETRY:
            return BACKOFF_LEAST_MS + round(BACKOFF_SPREAD_MS * chance) if failures <= BACKOFF_RETRIES else None
        case _, NotifyStrategy.EXPONENTIAL_DECAY_RETRY:
            return min(1000 * 2 ** min(failures - 1, 16), DECAY_LONGEST_MS) if failures <= DECAY_RETRIES else None


def expires_at(delivery: Delivery) -> int:
    return delivery.publication.published_at + TOPIC_RETENTION_S * 1000

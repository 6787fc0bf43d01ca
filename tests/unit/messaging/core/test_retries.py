"""When deliveries are tried again."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.messaging.core.retries import Outcome, Tried, expires_at, reschedule
from liuyun.model.message import Delivery, NotifyStrategy, Publication, Subscription, SubscriptionAttributes

NOW = 1_700_000_000_000
DAY_MS = 86_400_000


def delivery(strategy: NotifyStrategy) -> Delivery:
    subscription = Subscription("a", "t", "s", 1, SubscriptionAttributes("http://h", strategy=strategy), NOW, NOW)
    return Delivery(1, Publication("M", "x", "D", NOW), subscription)


def pauses(strategy: NotifyStrategy, outcome: Outcome, chance: float = 0.5) -> list[int]:
    """The pauses in ms between tries that all end in the same way."""
    current, now, found = delivery(strategy), NOW, []
    while retry := reschedule(current, Tried(outcome), now, chance):
        found.append(retry.due_at - now)
        current, now = replace(current, failures=retry.failures, throttles=retry.throttles), retry.due_at
    return found


@given(st.floats(0, 1, exclude_max=True))
def test_back_off_tries_three_times_more(chance: float) -> None:
    """Three retries, each after 10 to 20 seconds as chance has it."""
    found = pauses(NotifyStrategy.BACKOFF_RETRY, Outcome.UNREACHED, chance)
    assert len(found) == 3
    assert all(10_000 <= pause <= 20_000 for pause in found)


def test_exponential_decay_tries_for_a_day() -> None:
    """176 retries: 1, 2, 4 … 256 seconds, then 512 seconds 167 times; the last one still within the message's day."""
    found = pauses(NotifyStrategy.EXPONENTIAL_DECAY_RETRY, Outcome.UNREACHED)
    assert found == [1000 * 2**n for n in range(9)] + [512_000] * 167
    assert sum(found) < DAY_MS


@pytest.mark.parametrize("strategy", list(NotifyStrategy))
def test_a_function_that_fails_is_called_three_times_more(strategy: NotifyStrategy) -> None:
    """As an asynchronous invocation, whatever the subscription's strategy."""
    assert pauses(strategy, Outcome.FAILED) == [1000, 2000, 4000]


def test_a_full_function_is_asked_as_long_as_the_message_lives() -> None:
    """Pauses grow to a bound, and the tries cost none of the retries."""
    found = pauses(NotifyStrategy.BACKOFF_RETRY, Outcome.THROTTLED)
    assert found[:8] == [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000]
    assert DAY_MS - 32_000 <= sum(found) < DAY_MS
    throttled = reschedule(delivery(NotifyStrategy.BACKOFF_RETRY), Tried(Outcome.THROTTLED), NOW, 0)
    assert throttled is not None
    assert (throttled.failures, throttled.throttles) == (0, 1)


def test_after_a_failure_throttling_begins_anew() -> None:
    """The pauses of throttling grow only while it lasts."""
    failed = reschedule(replace(delivery(NotifyStrategy.BACKOFF_RETRY), throttles=5), Tried(Outcome.FAILED), NOW, 0)
    assert failed is not None
    assert (failed.failures, failed.throttles) == (1, 0)


def test_no_try_after_the_messages_day() -> None:
    """A message that would be too old at its next try is given up now."""
    current = delivery(NotifyStrategy.BACKOFF_RETRY)
    assert reschedule(current, Tried(Outcome.UNREACHED), expires_at(current) - 10_000, 0) is None

"""Which ticks of a timer count, and what the function gets. Pure. Source: triggers contract 2.2."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from liuyun.model.function import Trigger
from liuyun.model.invocation import Invocation
from liuyun.scheduling.cron import Every, Schedule


@dataclass(frozen=True, slots=True)
class Tick:
    """What to do with a timer whose time has come: call for the tick `at`, if there is one, and wait for `next_at`.

    `skipped`: ticks were left out because they are too old. No `next_at`: it never comes again.
    """

    at: int | None
    next_at: int | None
    skipped: bool = False


def tick(made: Schedule, due_at: int, now: int, catch_up_ms: int) -> Tick:
    """A tick that was missed is made up for if it is not older than that; older ones are gone."""
    at = due_at if due_at >= now - catch_up_ms else first_from(made, due_at, now - catch_up_ms)
    skipped = at != due_at
    if at is None or at > now:
        return Tick(None, at, skipped)
    return Tick(at, made.after(at), skipped)


def first_from(made: Schedule, due_at: int, instant: int) -> int | None:
    """The first tick at `instant` or later, of a timer one of whose ticks is `due_at`."""
    if isinstance(made, Every):
        period_ms = made.period_s * 1000
        return due_at + -(-(instant - due_at) // period_ms) * period_ms
    return made.after(instant - 1)


def invocation(trigger: Trigger, at: int, request_id: str) -> Invocation:
    return Invocation(
        account_id=trigger.account_id,
        service=trigger.service,
        function=trigger.function,
        payload=event(trigger, at),
        request_id=request_id,
        qualifier=trigger.qualifier,
        source="timer",
        trigger=trigger.trigger_id,
        caused_at=at,
    )


def event(trigger: Trigger, at: int) -> bytes:
    """The time is the one that was due, in whole seconds of UTC; the payload stays a text, whatever it holds."""
    time = datetime.fromtimestamp(at // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    document = {"triggerTime": time, "triggerName": trigger.name, "payload": trigger.config["payload"]}
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()

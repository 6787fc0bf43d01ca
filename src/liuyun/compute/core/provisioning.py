"""How many instances are to be kept warm, and when: a pure reading of a provision configuration.

    target(provision, load, now) -> int

Rules
- A scheduled action holds from each of its times until the next time of any of them, within its window.
- Outside of all of them the default target holds.
- A tracking policy whose window is open sets as many instances as keep its metric at its target, within its bounds. It
  adds to what is scheduled: whichever is more.
- More instances come at once. Fewer come when they have been too many for `SETTLE_MS`: that much of the past is looked
  at, so a load that goes up and down doesn't start and end instances all the time.
- An old revision keeps its instances until the new one has as many: `keep_old`.

The answer depends on nothing that was decided before, so a restart changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from liuyun.compute.core.autoscale import ceil_ratio
from liuyun.model.scaling import PROVISIONED, At, Provision, ScheduledAction, TrackingPolicy
from liuyun.scheduling.cron import Cron

SETTLE_MS = 120_000
SPANS_MS = (60_000, 3_600_000, 86_400_000, 32 * 86_400_000, 400 * 86_400_000)


@dataclass(frozen=True, slots=True)
class Measured:
    """At one moment: calls that ran, of `concurrency` for each instance, and how many cores all instances used."""

    at: int
    calls: int
    concurrency: int
    cores: float = 0.0


def target(provision: Provision, measured: Sequence[Measured], now: int) -> int:
    wanted = [scheduled_target(provision, now)]
    wanted += [tracked(policy, measured, now) for policy in provision.policies if now in policy.window]
    return max(wanted)


def scheduled_target(provision: Provision, now: int) -> int:
    times = [(time, action.target) for action in provision.actions if (time := last_time(action, now)) is not None]
    return max(times)[1] if times else provision.default_target


def last_time(action: ScheduledAction, now: int) -> int | None:
    """When the action came last, if it still holds."""
    return last(action.when, action.window.start, now) if now in action.window else None


def last(when: Cron | At, start: int, now: int) -> int | None:
    """The latest time from `start` to `now`, looked for in ever longer spans of the past."""
    for span in SPANS_MS:
        since = max(start, now - span)
        if (time := when.after(since - 1)) is not None and time <= now:
            while (later := when.after(time)) is not None and later <= now:
                time = later
            return time
        if since == start:
            return None
    return None


def tracked(policy: TrackingPolicy, measured: Sequence[Measured], now: int) -> int:
    needs = [need(policy, each) for each in measured if each.at > now - SETTLE_MS]
    return min(policy.most, max([policy.least, *needs]))


def need(policy: TrackingPolicy, measured: Measured) -> int:
    if policy.metric == PROVISIONED:
        return ceil_ratio(measured.calls, measured.concurrency * policy.target)
    return ceil_ratio(round(measured.cores * 1000), 1000 * policy.target)


def keep_old(wanted: int, ready: int) -> int:
    """How many provisioned instances an old revision keeps while the new one has `ready` of the `wanted`."""
    return max(0, wanted - ready)

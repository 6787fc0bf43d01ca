"""Who runs where: one pure decision for the instances of one function and the calls that wait for them.

    assign(waiting, instances, limits, now) -> Plan(reuse, start, refuse, reap, wake_at)

Rules
- Calls are served in the order in which they came.
- A call goes to the ready instance that was busy last: the others fall idle, and what is idle for `idle_ms` is reaped.
- A call that finds no place gets an instance started, unless one is on its way for it already. It is served by
  whichever is free first; the new one is there for the next.
- `keep` instances are kept however idle they are: the provisioned ones.
- Never more instances than `limits.room` more, and never more starts than calls that wait for one.
- Never more starts at once than `limits.starts`: a crowd of first calls is served sooner by a few instances that are
  up and used again than by one each that all start together. Those that may start later count as on their way.
- No more than `queued` calls wait without an instance on its way: beyond that the newest are refused, and so is every
  call that has waited `wait_ms` when none is being started for it. Those that are have what a start may take.
- The plan says when to ask again although nothing happened (`wake_at`).

It looks at frozen facts and changes nothing; `compute/pool.py` carries the plan out. `limits.room` is what the
function's own limit and the node's leave free (`core/sharing.py`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from liuyun.compute.core.instance_states import InstanceState


@dataclass(frozen=True, slots=True)
class Waiting:
    ticket: int
    since: int


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """`used_at`: when it last took or gave back a call."""

    instance_id: str
    state: InstanceState
    running: int
    used_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLimits:
    concurrency: int
    room: int
    starts: int
    queued: int
    idle_ms: int
    wait_ms: int
    keep: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    reuse: tuple[tuple[int, str], ...] = ()  # ticket, instance
    start: int = 0
    refuse: tuple[int, ...] = ()
    reap: tuple[str, ...] = ()
    wake_at: int | None = None


def assign(waiting: Sequence[Waiting], instances: Sequence[InstanceFacts], limits: PoolLimits, now: int) -> Plan:
    reuse = give(waiting, instances, limits.concurrency)
    left = waiting[len(reuse) :]
    if not left:
        return Plan(reuse, reap=idle(instances, dict(reuse).values(), limits, now))
    starting = sum(instance.state is InstanceState.STARTING for instance in instances) * limits.concurrency
    wanted = min(-(-max(0, len(left) - starting) // limits.concurrency), limits.room)
    coming = starting + wanted * limits.concurrency
    start = min(wanted, limits.starts)
    begun = starting + start * limits.concurrency
    refuse = refused(left, begun, coming, limits, now)
    wake_at = left[begun].since + limits.wait_ms if begun < len(left) else None
    return Plan(reuse, start, refuse, wake_at=wake_at)


def give(
    waiting: Sequence[Waiting], instances: Sequence[InstanceFacts], concurrency: int
) -> tuple[tuple[int, str], ...]:
    free = [
        (instance.used_at, instance.instance_id, concurrency - instance.running)
        for instance in instances
        if instance.state is InstanceState.READY and instance.running < concurrency
    ]
    places = (name for _, name, places in sorted(free, reverse=True) for _ in range(places))
    return tuple((call.ticket, name) for call, name in zip(waiting, places, strict=False))


def refused(left: Sequence[Waiting], begun: int, coming: int, limits: PoolLimits, now: int) -> tuple[int, ...]:
    late = [call.ticket for call in left[begun:] if now - call.since >= limits.wait_ms]
    over = [call.ticket for call in left[coming + limits.queued :]]
    return tuple(dict.fromkeys((*late, *over)))


def idle(instances: Sequence[InstanceFacts], taken: Iterable[str], limits: PoolLimits, now: int) -> tuple[str, ...]:
    busy = set(taken)
    ready = [instance for instance in instances if instance.state is InstanceState.READY]
    gone = sorted(
        (instance.used_at, instance.instance_id)
        for instance in ready
        if not instance.running and instance.instance_id not in busy and now - instance.used_at >= limits.idle_ms
    )
    return tuple(name for _, name in gone[: max(0, len(ready) - limits.keep)])

"""Who runs where: one pure decision for the instances of one function and the calls that wait for them.

    assign(waiting, instances, limits, now) -> Plan(reuse, start, refuse, reap, wake_at)

Rules
- Calls are served in the order in which they came.
- A call goes to the ready instance that was busy last: the others fall idle, and what is idle for `idle_ms` is reaped.
- A call that finds no place gets an instance started, unless one is on its way for it already. It is served by
  whichever is free first; the new one is there for the next.
- Never more instances than `limits.room` more, and never more starts than calls that wait for one.
- No more than `queued` calls wait without an instance on its way: beyond that the newest are refused, and so is every
  call that has waited `wait_ms`.
- The plan says when to ask again although nothing happened (`wake_at`).

It looks at frozen facts and changes nothing; `compute/pool.py` carries the plan out. `limits.room` is what the
function's own limit and the node's leave free.
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
    queued: int
    idle_ms: int
    wait_ms: int


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
        return Plan(reuse, reap=idle(instances, dict(reuse).values(), limits.idle_ms, now))
    starting = sum(instance.state is InstanceState.STARTING for instance in instances) * limits.concurrency
    start = min(-(-max(0, len(left) - starting) // limits.concurrency), limits.room)
    coming = starting + start * limits.concurrency
    return Plan(reuse, start, refused(left, coming, limits, now), wake_at=left[0].since + limits.wait_ms)


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


def refused(left: Sequence[Waiting], coming: int, limits: PoolLimits, now: int) -> tuple[int, ...]:
    late = [call.ticket for call in left if now - call.since >= limits.wait_ms]
    over = [call.ticket for call in left[coming + limits.queued :]]
    return tuple(dict.fromkeys((*late, *over)))


def idle(instances: Sequence[InstanceFacts], taken: Iterable[str], idle_ms: int, now: int) -> tuple[str, ...]:
    busy = set(taken)
    return tuple(
        instance.instance_id
        for instance in instances
        if instance.state is InstanceState.READY
        and instance.running == 0
        and instance.instance_id not in busy
        and now - instance.used_at >= idle_ms
    )


def surplus(idle_instances: Sequence[InstanceFacts], needed: int) -> tuple[str, ...]:
    """Whom to remove when the node is full and another function needs room: who was idle longest."""
    oldest = sorted(idle_instances, key=lambda instance: instance.used_at)
    return tuple(instance.instance_id for instance in oldest[:needed])

"""How many stem cells of each kind shall stand ready: those of kinds that are in use, and of no others."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class KindFacts:
    """`ready` and `coming` are numbers of stem cells; `used_at` is when a sandbox of this kind was last wanted."""

    ready: int
    coming: int
    used_at: int


@dataclass(frozen=True, slots=True)
class StemLimits:
    """`each` stem cells of every kind, of at most `kinds` kinds, for `idle_ms` after a kind's last use."""

    each: int
    kinds: int
    idle_ms: int


@dataclass(frozen=True, slots=True)
class StemPlan(Generic[K]):
    """`start` has a kind once for each stem cell that it lacks, those used last first; `drop` are kinds to give up."""

    start: tuple[K, ...]
    drop: tuple[K, ...]


def plan(facts: Mapping[K, KindFacts], limits: StemLimits, now: int) -> StemPlan[K]:
    by_use = sorted(facts, key=lambda kind: facts[kind].used_at, reverse=True)
    kept = [kind for kind in by_use[: limits.kinds] if now - facts[kind].used_at < limits.idle_ms]
    lacking = [kind for kind in kept for _ in range(limits.each - facts[kind].ready - facts[kind].coming)]
    return StemPlan(tuple(lacking), tuple(kind for kind in by_use if kind not in kept))

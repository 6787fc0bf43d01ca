"""How calls went lately, minute by minute, for who looks at the platform as a whole. Pure.

Kept in memory for an hour: longer stretches are what `/metrics` is for.
"""

from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from liuyun.model.record import InvocationRecord, Outcome

MINUTE_MS = 60_000
KEPT = 60  # minutes
MOST_FUNCTIONS = 1000  # in one minute; the others are in its sums alone
STEP = 1.25
BOUNDS_MS = tuple(STEP**power for power in range(-10, 62))  # of durations: each is known to within a quarter
FUNCTION = attrgetter("service", "function")


@dataclass(slots=True)
class Sums:
    calls: int = 0
    errors: int = 0  # of the function's own
    refused: int = 0  # throttled, or it could not be called
    cold: int = 0

    def add(self, records: Sequence[InvocationRecord]) -> None:
        outcomes = Counter([record.outcome for record in records])
        self.calls += len(records)
        self.errors += outcomes[Outcome.ERROR]
        self.refused += outcomes[Outcome.THROTTLED] + outcomes[Outcome.REFUSED]
        self.cold += sum([record.cold for record in records])


@dataclass(slots=True)
class Minute:
    """`at` is when it began."""

    at: int
    sums: Sums = field(default_factory=Sums)
    durations: list[int] = field(default_factory=lambda: [0] * (len(BOUNDS_MS) + 1))
    functions: dict[tuple[str, str], Sums] = field(default_factory=dict[tuple[str, str], Sums])

    def add(self, records: Sequence[InvocationRecord]) -> None:
        self.sums.add(records)
        for record in records:
            if record.instance_id:
                self.durations[bisect_left(BOUNDS_MS, record.duration_ms)] += 1
        for name, own in groupby(records, FUNCTION):
            if name in self.functions or len(self.functions) < MOST_FUNCTIONS:
                self.functions.setdefault(name, Sums()).add(list(own))

    def quantile_ms(self, share: float) -> float:
        """No more than so long did this share of the calls take; 0 if none ran."""
        wanted = share * sum(self.durations)
        so_far = 0
        for bound, count in zip((*BOUNDS_MS, BOUNDS_MS[-1]), self.durations, strict=True):
            so_far += count
            if count and so_far >= wanted:
                return bound
        return 0.0


class Minutes:
    def __init__(self) -> None:
        self._minutes: OrderedDict[int, Minute] = OrderedDict()

    def add(self, records: Iterable[InvocationRecord]) -> None:
        for at, own in groupby(records, minute_of):
            if at not in self._minutes:
                self._minutes[at] = Minute(at)
                while len(self._minutes) > KEPT:
                    del self._minutes[min(self._minutes)]
            if at in self._minutes:  # else it is older than what is kept
                self._minutes[at].add(list(own))

    def until(self, now: int) -> list[Minute]:
        """The last hour, the running minute at its end; a minute without calls is there as well."""
        last = now - now % MINUTE_MS
        return [self._minutes.get(at) or Minute(at) for at in range(last - (KEPT - 1) * MINUTE_MS, last + 1, MINUTE_MS)]

    def functions(self, since: int) -> dict[tuple[str, str], Sums]:
        """Of the minutes that began at `since` or later, summed up."""
        found: dict[tuple[str, str], Sums] = {}
        for minute in self._minutes.values():
            if minute.at >= since:
                for name, sums in minute.functions.items():
                    into = found.setdefault(name, Sums())
                    into.calls += sums.calls
                    into.errors += sums.errors
                    into.refused += sums.refused
                    into.cold += sums.cold
        return found


def minute_of(record: InvocationRecord) -> int:
    return record.ended_at - record.ended_at % MINUTE_MS

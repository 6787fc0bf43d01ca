"""How calls went lately, minute by minute, for who looks at the platform as a whole. Pure.

Kept in memory for an hour: longer stretches are what `/metrics` is for.
"""

from bisect import bisect_left
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
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
Name = tuple[str, str]  # service and function


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
class Activity:
    """Of the platform or of one function. `instances` are the most that were seen at the same time."""

    sums: Sums = field(default_factory=Sums)
    durations: Counter[int] = field(default_factory=Counter[int])  # how many within which bound: few of them occur
    instances: int = 0

    def add(self, records: Sequence[InvocationRecord]) -> None:
        self.sums.add(records)
        self.durations.update([bisect_left(BOUNDS_MS, record.duration_ms) for record in records if record.instance_id])

    def quantile_ms(self, share: float) -> float:
        """No more than so long did this share of the calls take; 0 if none ran."""
        wanted = share * self.durations.total()
        so_far = 0
        for place, count in sorted(self.durations.items()):
            so_far += count
            if so_far >= wanted:
                return BOUNDS_MS[min(place, len(BOUNDS_MS) - 1)]
        return 0.0


@dataclass(slots=True)
class Minute:
    """`at` is when it began."""

    at: int
    whole: Activity = field(default_factory=Activity)
    functions: dict[Name, Activity] = field(default_factory=dict[Name, Activity])

    def add(self, records: Sequence[InvocationRecord]) -> None:
        self.whole.add(records)
        for name, own in groupby(records, FUNCTION):
            if (function := self.of(name)) is not None:
                function.add(list(own))

    def of(self, name: Name) -> Activity | None:
        """None if there is no room for another function."""
        if name not in self.functions and len(self.functions) >= MOST_FUNCTIONS:
            return None
        return self.functions.setdefault(name, Activity())


class Minutes:
    def __init__(self) -> None:
        self._minutes: OrderedDict[int, Minute] = OrderedDict()

    def add(self, records: Iterable[InvocationRecord]) -> None:
        for at, own in groupby(records, minute_of):
            if (minute := self._minute(at)) is not None:
                minute.add(list(own))

    def counted(self, now: int, instances: Mapping[Name, int]) -> None:
        """So many instances has each function now."""
        minute = self._minute(now - now % MINUTE_MS)
        if minute is None:
            return
        minute.whole.instances = max(minute.whole.instances, sum(instances.values()))
        for name, count in instances.items():
            if (function := minute.of(name)) is not None:
                function.instances = max(function.instances, count)

    def until(self, now: int) -> list[Minute]:
        """The last hour, the running minute at its end; a minute without calls is there as well."""
        last = now - now % MINUTE_MS
        begins = range(last - (KEPT - 1) * MINUTE_MS, last + 1, MINUTE_MS)
        return [self._minutes.get(at) or Minute(at) for at in begins]

    def of_function(self, name: Name, now: int) -> list[tuple[int, Activity]]:
        """The same for one of them, each with when it began."""
        return [(minute.at, minute.functions.get(name) or Activity()) for minute in self.until(now)]

    def functions(self, since: int) -> dict[Name, Sums]:
        """Of the minutes that began at `since` or later, summed up."""
        found: dict[Name, Sums] = {}
        for minute in self._minutes.values():
            if minute.at >= since:
                for name, function in minute.functions.items():
                    into = found.setdefault(name, Sums())
                    into.calls += function.sums.calls
                    into.errors += function.sums.errors
                    into.refused += function.sums.refused
                    into.cold += function.sums.cold
        return found

    def _minute(self, at: int) -> Minute | None:
        """None if it is older than what is kept."""
        if at not in self._minutes:
            self._minutes[at] = Minute(at)
            while len(self._minutes) > KEPT:
                del self._minutes[min(self._minutes)]
        return self._minutes.get(at)


def minute_of(record: InvocationRecord) -> int:
    return record.ended_at - record.ended_at % MINUTE_MS

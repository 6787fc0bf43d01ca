"""What became of a trigger's events lately: the last deliveries, how many failed, and how late they were. Pure.

Kept in memory: the counts begin with the platform's start.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from liuyun.model.function import Trigger
from liuyun.model.record import InvocationRecord, Outcome

LAST = 20
MOST_TRIGGERS = 10_000  # beyond these the one that was silent longest is forgotten
HTTP = "http"
SOURCE = attrgetter("source", "trigger", "account_id", "service", "qualifier", "function")


@dataclass(slots=True)
class Summary:
    """Of one trigger. `last` are the newest deliveries, newest first."""

    delivered: int = 0
    failed: int = 0
    worst_lag_ms: int = 0
    total_lag_ms: int = 0
    last: deque[InvocationRecord] = field(default_factory=lambda: deque(maxlen=LAST))

    def add(self, records: Sequence[InvocationRecord]) -> None:
        """Oldest first."""
        self.delivered += len(records)
        self.failed += sum([record.outcome is not Outcome.OK for record in records])
        lags_ms = [record.lag_ms for record in records]
        self.worst_lag_ms = max(self.worst_lag_ms, *lags_ms)
        self.total_lag_ms += sum(lags_ms)
        self.last.extendleft(records[-LAST:])

    @property
    def mean_lag_ms(self) -> float:
        return self.total_lag_ms / self.delivered if self.delivered else 0.0


class Deliveries:
    def __init__(self, *, most: int = MOST_TRIGGERS) -> None:
        self._most = most
        self._summaries: OrderedDict[str, Summary] = OrderedDict()  # the longest silent first

    def add(self, records: Iterable[InvocationRecord]) -> None:
        for _, group in groupby(records, SOURCE):
            own = list(group)
            if key := key_of_record(own[0]):
                self._summary(key).add(own)

    def of(self, trigger: Trigger) -> Summary:
        return self._summaries.get(key_of(trigger)) or Summary()

    def _summary(self, key: str) -> Summary:
        found = self._summaries.pop(key, None) or Summary()
        self._summaries[key] = found
        if len(self._summaries) > self._most:
            self._summaries.popitem(last=False)
        return found


def key_of(trigger: Trigger) -> str:
    if trigger.kind == HTTP:  # a version has one, and the warm path looks for no id
        return http_key(trigger.account_id, trigger.service, trigger.qualifier, trigger.function)
    return trigger.trigger_id


def key_of_record(record: InvocationRecord) -> str:
    if record.source == HTTP:
        return http_key(record.account_id, record.service, record.qualifier or "LATEST", record.function)
    return record.trigger


def http_key(*names: str) -> str:
    return "/".join(names)

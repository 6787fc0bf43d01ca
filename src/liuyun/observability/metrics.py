"""Metrics of invocations and of the platform, for Prometheus.

Sums are kept here, in plain numbers, and put into the client library's families when somebody asks: adding to its own
counters costs ten times as much, and there is an addition for every invocation. The number of functions with labels of
their own is bounded; what comes after them is counted together.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil
from operator import attrgetter

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric

from liuyun.model.record import InvocationRecord

MOST_FUNCTIONS = 1000
OTHERS = ("(others)", "(others)")
DURATIONS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 600.0)
FUNCTION = ("service", "function")


@dataclass(slots=True)
class Histogram:
    """The last bucket is for what is longer than all bounds."""

    buckets: list[int] = field(default_factory=lambda: [0] * (len(DURATIONS_S) + 1))
    total_s: float = 0.0

    def add(self, seconds: Sequence[float]) -> None:
        for each in seconds:
            self.buckets[bisect_left(DURATIONS_S, each)] += 1
        self.total_s += sum(seconds)

    def cumulated(self) -> list[tuple[str, float]]:
        names = [*(str(bound) for bound in DURATIONS_S), "+Inf"]
        found: list[tuple[str, float]] = []
        so_far = 0
        for name, count in zip(names, self.buckets, strict=True):
            so_far += count
            found.append((name, so_far))
        return found


@dataclass(slots=True)
class FunctionSums:
    calls: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])  # by source and outcome
    cold_starts: int = 0
    billed_ms: int = 0
    peak_memory_mb: float = 0.0
    durations: Histogram = field(default_factory=Histogram)
    lags: Histogram = field(default_factory=Histogram)

    def add(self, records: Sequence[InvocationRecord]) -> None:
        """Many at a time, each in little: there are as many as calls, and calls wait meanwhile."""
        self.calls.update([(record.source, record.outcome) for record in records])
        ran = [record for record in records if record.instance_id]
        self.cold_starts += sum([record.cold for record in ran])
        self.billed_ms += sum([ceil(record.duration_ms) for record in ran])
        self.peak_memory_mb = max([self.peak_memory_mb, *[record.memory_mb for record in ran]])
        self.durations.add([record.duration_ms / 1000 for record in ran])
        self.lags.add([record.lag_ms / 1000 for record in ran])


class Metrics:
    def __init__(self, *, most_functions: int = MOST_FUNCTIONS) -> None:
        self._statistics: dict[str, Callable[[], Mapping[str, int]]] = {}
        self._most = most_functions
        self._functions: dict[tuple[str, str], FunctionSums] = {}
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)

    def watch(self, part: str, statistics: Callable[[], Mapping[str, int]]) -> None:
        """`statistics` of this part of the platform, numbers by name, are asked for at each look."""
        self._statistics[part] = statistics

    def statistics(self) -> dict[str, Mapping[str, int]]:
        """The numbers of all parts that are watched, as they are now."""
        return {part: ask() for part, ask in self._statistics.items()}

    def add(self, records: Iterable[InvocationRecord]) -> None:
        for key, own in groupby(records, attrgetter("service", "function")):
            self._sums(key).add(list(own))

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """For the client library."""
        yield from self._counters()
        yield from self._histograms()
        for part, ask in self._statistics.items():
            gauge = GaugeMetricFamily(f"liuyun_{part}", f"What {part} is at.", labels=["what"])
            for name, number in ask().items():
                gauge.add_metric([name], number)
            yield gauge

    def _sums(self, key: tuple[str, str]) -> FunctionSums:
        found = self._functions.get(key)
        if found is None:
            key = key if len(self._functions) < self._most else OTHERS
            found = self._functions.setdefault(key, FunctionSums())
        return found

    def _counters(self) -> Iterator[Metric]:
        calls = CounterMetricFamily("liuyun_invocations", "Invocations.", labels=[*FUNCTION, "source", "outcome"])
        cold = CounterMetricFamily(
            "liuyun_cold_starts", "Invocations that had to wait for an instance.", labels=FUNCTION
        )
        billed = CounterMetricFamily("liuyun_billed_seconds", "Time that functions ran, as billed.", labels=FUNCTION)
        memory = GaugeMetricFamily("liuyun_peak_memory_megabytes", "The most that an instance had.", labels=FUNCTION)
        for key, sums in self._functions.items():
            for (source, outcome), count in sums.calls.items():
                calls.add_metric([*key, source, outcome], count)
            cold.add_metric(key, sums.cold_starts)
            billed.add_metric(key, sums.billed_ms / 1000)
            memory.add_metric(key, sums.peak_memory_mb)
        yield from (calls, cold, billed, memory)

    def _histograms(self) -> Iterator[Metric]:
        durations = HistogramMetricFamily(
            "liuyun_invocation_duration_seconds", "How long handlers ran.", labels=FUNCTION
        )
        lags = HistogramMetricFamily(
            "liuyun_invocation_lag_seconds", "From what caused an invocation to its handler.", labels=FUNCTION
        )
        for key, sums in self._functions.items():
            durations.add_metric(key, sums.durations.cumulated(), sums.durations.total_s)
            lags.add_metric(key, sums.lags.cumulated(), sums.lags.total_s)
        yield from (durations, lags)

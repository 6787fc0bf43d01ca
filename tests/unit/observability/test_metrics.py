"""What Prometheus gets to see."""

from prometheus_client.parser import text_string_to_metric_families

from liuyun.model.record import InvocationRecord, Outcome
from liuyun.observability.metrics import Metrics

ORDER = ("service", "function", "source", "outcome", "le", "what")


def record(function: str = "f", outcome: Outcome = Outcome.OK, **facts) -> InvocationRecord:
    ran = {"instance_id": "i", "duration_ms": 7.5, "memory_mb": 30.0, **facts}
    return InvocationRecord("1", "s", function, "", "r", "api", "", 0, 0, 1000, 1020, outcome, **ran)


def samples(metrics: Metrics) -> dict[str, float]:
    """By name and labels, as Prometheus itself would read them."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {
        f"{sample.name}{{{','.join(sample.labels[name] for name in ORDER if name in sample.labels)}}}": sample.value
        for family in families
        for sample in family.samples
    }


def test_invocations_are_counted_by_what_came_of_them() -> None:
    """Each function, source and outcome."""
    metrics = Metrics()
    metrics.add([record(), record(), record(outcome=Outcome.ERROR), record("g", cold=True)])
    found = samples(metrics)
    assert found["liuyun_invocations_total{s,f,api,ok}"] == 2
    assert found["liuyun_invocations_total{s,f,api,error}"] == 1
    assert found["liuyun_cold_starts_total{s,g}"] == 1
    assert found["liuyun_billed_seconds_total{s,f}"] == 0.024
    assert found["liuyun_peak_memory_megabytes{s,f}"] == 30


def test_durations_and_lags_are_histograms() -> None:
    """Cumulated, with sum and count."""
    metrics = Metrics()
    metrics.add([record(), record(duration_ms=1500.0)])
    found = samples(metrics)
    assert found["liuyun_invocation_duration_seconds_bucket{s,f,0.005}"] == 0
    assert found["liuyun_invocation_duration_seconds_bucket{s,f,0.01}"] == 1
    assert found["liuyun_invocation_duration_seconds_bucket{s,f,+Inf}"] == 2
    assert found["liuyun_invocation_duration_seconds_count{s,f}"] == 2
    assert found["liuyun_invocation_duration_seconds_sum{s,f}"] == 1.5075
    assert found["liuyun_invocation_lag_seconds_count{s,f}"] == 2


def test_what_never_ran_has_no_duration() -> None:
    """It counts as a call all the same."""
    metrics = Metrics()
    metrics.add([record(outcome=Outcome.THROTTLED, instance_id="")])
    found = samples(metrics)
    assert found["liuyun_invocations_total{s,f,api,throttled}"] == 1
    assert found["liuyun_invocation_duration_seconds_count{s,f}"] == 0


def test_the_number_of_labels_is_bounded() -> None:
    """Functions beyond the bound are counted together."""
    metrics = Metrics(most_functions=2)
    metrics.add([record(f"f{i}") for i in range(5)])
    found = samples(metrics)
    assert found["liuyun_invocations_total{s,f1,api,ok}"] == 1
    assert found["liuyun_invocations_total{(others),(others),api,ok}"] == 3


def test_parts_of_the_platform_are_asked() -> None:
    """At each look."""
    metrics = Metrics()
    numbers = {"instances": 3}
    metrics.watch("compute", lambda: numbers)
    numbers["instances"] = 4
    assert samples(metrics)["liuyun_compute{instances}"] == 4

"""How many instances are kept warm, and when."""

from datetime import datetime
from typing import Any

import pytest

from liuyun.compute.core.provisioning import Measured, keep_old, target
from liuyun.errors import Invalid
from liuyun.model.scaling import provision

DAY = {"name": "day", "target": 5, "scheduleExpression": "cron(0 0 8 * * *)", "timeZone": "Asia/Shanghai"}
NIGHT = {"name": "night", "target": 1, "scheduleExpression": "cron(0 0 20 * * *)", "timeZone": "Asia/Shanghai"}
TRACK = {"name": "t", "metricType": "ProvisionedConcurrencyUtilization", "metricTarget": 0.5, "maxCapacity": 8}


def at(time: str) -> int:
    return round(datetime.fromisoformat(time).timestamp() * 1000)


def wanted(time: str, *actions: dict[str, Any], default: int = 2) -> int:
    return target(provision({"target": default, "scheduledActions": list(actions)}), (), at(time))


def tracked(measured: list[Measured], now: int = 0, **changes: Any) -> int:
    return target(provision({"target": 0, "targetTrackingPolicies": [{**TRACK, **changes}]}), measured, now)


def test_without_rules_the_default_holds():
    """`defaultTarget` where the newer API sends it, else `target`."""
    assert wanted("2026-01-05T12:00:00Z") == 2
    assert target(provision({"target": 1, "defaultTarget": 4}), (), 0) == 4


@pytest.mark.parametrize(
    ("time", "instances"),
    [("2026-01-05T07:59:59+08:00", 1), ("2026-01-05T08:00:00+08:00", 5), ("2026-01-05T20:00:00+08:00", 1)],
)
def test_a_schedule_holds_until_the_next(time: str, instances: int):
    """In the time zone that it names."""
    assert wanted(time, DAY, NIGHT) == instances


def test_a_schedule_holds_within_its_window_only():
    """Before, after, and until its first time within, the default holds."""
    action = {**DAY, "startTime": "2026-01-05T00:00:00Z", "endTime": "2026-01-06T12:00:00Z"}
    times = ["2026-01-04T23:59:59Z", "2026-01-05T00:00:00Z", "2026-01-06T11:59:59Z", "2026-01-06T12:00:00Z"]
    assert [wanted(time, action) for time in times] == [2, 5, 5, 2]
    late = {**action, "startTime": "2026-01-05T00:00:01Z"}
    assert wanted("2026-01-05T23:59:59Z", late) == 2


def test_a_schedule_can_come_once():
    """at(...) with an offset of its own, or in the zone of the action."""
    once = {"name": "once", "target": 7, "scheduleExpression": "at(2026-01-05T08:00:00)", "timeZone": "Asia/Shanghai"}
    assert [wanted(time, once) for time in ("2026-01-04T23:59:59Z", "2026-01-05T00:00:00Z")] == [2, 7]
    assert wanted("2026-03-01T00:00:00Z", {**once, "scheduleExpression": "at(2026-01-05T00:00:00Z)"}) == 7


def test_a_rare_schedule_is_found_long_after():
    """Once a year, eleven months ago."""
    assert wanted("2026-12-01T00:00:00Z", {**DAY, "scheduleExpression": "cron(0 0 0 1 1 *)"}) == 5


def test_a_policy_keeps_instances_half_used():
    """As many as the calls need at the target, between its bounds."""
    assert tracked([Measured(0, 3, 1)]) == 6
    assert tracked([Measured(0, 30, 1)]) == 8
    assert tracked([], minCapacity=2) == 2
    assert tracked([Measured(0, 30, 10)]) == 6


def test_a_policy_follows_the_processor():
    """An instance counts for a core."""
    assert tracked([Measured(0, 0, 1, cores=1.6)], metricType="CPUUtilization") == 4


def test_instances_go_later_than_they_come():
    """The most that was needed in the last two minutes."""
    calls = [Measured(0, 3, 1), Measured(60_000, 1, 1)]
    assert [tracked(calls, now) for now in (60_000, 120_000, 180_000)] == [6, 2, 0]


def test_new_instances_replace_old_ones_one_by_one():
    """Together there are as many as are wanted."""
    assert [keep_old(3, ready) for ready in range(5)] == [3, 2, 1, 0, 0]


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, "target must be"),
        ({"target": -1}, "target must be"),
        ({"target": 1, "scheduledActions": {}}, "scheduledActions must be a list"),
        ({"target": 1, "scheduledActions": [{**DAY, "scheduleExpression": "noon"}]}, "scheduleExpression"),
        ({"target": 1, "scheduledActions": [{**DAY, "scheduleExpression": "at(noon)"}]}, "scheduleExpression"),
        ({"target": 1, "scheduledActions": [{**DAY, "timeZone": "Mars/North"}]}, "time zone"),
        ({"target": 1, "scheduledActions": [{**DAY, "target": "5"}]}, r"scheduledActions\[0\].target"),
        ({"target": 1, "scheduledActions": [{**DAY, "startTime": "2026-01-02", "endTime": "2026-01-01"}]}, "before"),
        ({"target": 1, "targetTrackingPolicies": [{**TRACK, "metricType": "GPUMemUtilization"}]}, "metricType"),
        ({"target": 1, "targetTrackingPolicies": [{**TRACK, "metricTarget": 60}]}, "metricTarget"),
        ({"target": 1, "targetTrackingPolicies": [{**TRACK, "minCapacity": 9}]}, "minCapacity"),
    ],
)
def test_a_wrong_configuration_is_refused(document: dict[str, Any], named: str):
    """The message names the member."""
    with pytest.raises(Invalid, match=named):
        provision(document)

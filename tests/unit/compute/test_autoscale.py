"""How many instances there should be before anybody waits."""

from typing import Any

import pytest

from liuyun.compute.core.autoscale import Load, ahead, worn


def load(**changes: Any) -> Load:
    return Load(**{"calls": 0, "size": 0, "concurrency": 1, **changes})


def test_one_call_each_needs_no_margin():
    """A call that waits starts its own instance."""
    assert ahead(load(calls=5, size=5), 0.8) == 0


@pytest.mark.parametrize(("calls", "started"), [(8, 0), (9, 1), (17, 1)])
def test_shared_instances_are_joined_before_they_are_full(calls: int, started: int):
    """Beyond the target utilisation another one starts."""
    assert ahead(load(calls=calls, size=1 + calls // 17, concurrency=10), 0.8) == started


def test_provisioned_instances_are_started_without_calls():
    """As many as are missing."""
    assert ahead(load(keep=3, size=1), 0.8) == 2


def test_an_instance_for_one_call_has_a_successor_ready():
    """For as long as calls come."""
    assert ahead(load(calls=1, size=1, single_use=True), 0.8) == 1
    assert ahead(load(single_use=True, lately=False), 0.8) == 0


def aged(**changes: Any) -> bool:
    facts = {"served": 9, "first_mb": 30.0, "peak_mb": 40.0, "memory_mb": 128, "age_ms": 5, "most_age_ms": 100}
    return worn(**{**facts, **changes})


def test_old_instances_are_replaced():
    """So that nothing lives for ever."""
    assert not aged()
    assert aged(age_ms=100)


def test_a_leak_is_replaced_before_it_is_killed():
    """Unless the function needs that much from its first call on."""
    assert aged(peak_mb=120.0)
    assert not aged(peak_mb=120.0, first_mb=119.0)
    assert not aged(peak_mb=120.0, served=1)

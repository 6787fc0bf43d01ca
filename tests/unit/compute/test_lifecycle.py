"""The hooks of a function's lifecycle, as its configuration names them."""

from typing import Any

import pytest

from liuyun.compute.core.lifecycle import Hook, Phase, hooks_of
from liuyun.model.function import Function


def hooks(config: Any) -> dict[Phase, Hook]:
    function = Function("1", "s", "f", "id", "python3", "index.handler", config={"instanceLifecycleConfig": config})
    return hooks_of(function)


def test_hooks_have_handler_and_timeout():
    """Each is known by its phase."""
    config = {"preStop": {"handler": "index.stop", "timeout": 20}, "preFreeze": {"handler": "index.freeze"}}
    assert hooks(config) == {Phase.PRE_STOP: Hook("index.stop", 20), Phase.PRE_FREEZE: Hook("index.freeze", 3)}


@pytest.mark.parametrize("config", [None, {}, [], {"preStop": None}, {"preStop": {"handler": "", "timeout": 3}}])
def test_without_a_handler_there_is_no_hook(config: Any):
    """Whatever the configuration holds in its place."""
    assert hooks(config) == {}


@pytest.mark.parametrize(("given", "taken"), [(0, 1), (90, 90), (600, 90), ("soon", 3)])
def test_timeouts_are_within_bounds(given: Any, taken: int):
    """From one second to what the vendor allows."""
    assert hooks({"preStop": {"handler": "index.stop", "timeout": given}})[Phase.PRE_STOP].timeout_s == taken

"""The processors of a function, by what it says or by its memory."""

import pytest

from liuyun.compute.core.cpus import cpus_of
from liuyun.model.function import Function


@pytest.mark.parametrize(
    ("memory_mb", "config", "expected"),
    [
        (128, {}, 0.1),
        (512, {}, 0.35),
        (3072, {}, 2.0),
        (128, {"cpu": 1}, 1.0),
        (32_768, {"cpu": 0.05}, 0.05),
        (512, {"cpu": None}, 0.35),
        (32_768, {}, 16.0),
    ],
)
def test_processors_go_with_memory_unless_they_are_named(memory_mb: int, config: dict, expected: float):
    """In steps of 0.05, from 0.05 to 16."""
    function = Function("1", "s", "f", "id", "python3", "h", memory_mb=memory_mb, config=config)
    assert cpus_of(function) == pytest.approx(expected)

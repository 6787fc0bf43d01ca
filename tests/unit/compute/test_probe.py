"""What the doctor says of limits, for machines unlike this one."""

from pathlib import Path

from liuyun.compute.sandbox.cgroups import Cgroups
from liuyun.compute.sandbox.probe import limits_in_force


def said(kind: str, *controllers: str) -> list[tuple[str, bool, str]]:
    found = limits_in_force(Cgroups(kind, dict.fromkeys(controllers, Path("/sys/fs/cgroup"))))
    return [(str(ability.name), ability.works, str(ability.detail)) for ability in found]


def test_what_is_bounded_by_groups_is_said_with_their_version():
    """All three where all three are handed down."""
    by = "control groups, version 2"
    assert said("v2", "memory", "pids", "cpu") == [(name, True, by) for name in ("memory", "processes", "processors")]


def test_where_groups_are_missing_it_is_said_what_stands_in_and_what_to_do():
    """Memory and processes have rlimits; nothing stands in for the processors."""
    memory, processes, processors = said("none")
    assert not memory[1]
    assert memory[2].startswith("rlimits only: each process by itself")
    assert processes[2].startswith("rlimits only; ")
    assert processors[2].startswith("nothing bounds them; run the platform as root, as a systemd service")
    assert said("v1", "memory")[0][2] == "control groups, version 1"

"""Control groups: which version is there, what is written, what is swept."""

from pathlib import Path

from liuyun.compute.sandbox.cgroups import Cgroups, Group, Limits, detect, parse_membership, settings_of

LIMITS = Limits(memory_bytes=1024, processes=7)


def test_membership_of_both_versions_is_read():
    """Version 1 lists controllers, version 2 none."""
    assert parse_membership("4:memory:/a\n3:cpu,cpuacct:/\n0::/b\n") == [
        ("memory", "/a"), ("cpu", "/"), ("cpuacct", "/"), ("", "/b"),
    ]  # fmt: skip


def test_without_any_there_are_none(tmp_path: Path):
    """A machine without groups is no error."""
    membership = tmp_path / "cgroup"
    membership.write_text("0::/\n")
    assert detect(tmp_path / "none", membership).kind == "none"
    assert Cgroups("none", {}).create("i", LIMITS).paths == ()


def test_each_version_has_its_own_files():
    """Version 2 kills all of a group together."""
    assert dict(settings_of("v1", "memory", LIMITS)) == {"memory.limit_in_bytes": "1024"}
    assert dict(settings_of("v2", "memory", LIMITS)) == {"memory.max": "1024", "memory.oom.group": "1"}
    assert dict(settings_of("v2", "pids", LIMITS)) == {"pids.max": "7"}


def test_limits_are_written_when_a_group_is_made(tmp_path: Path):
    """Both controllers of version 2 share a folder."""
    group = Cgroups("v2", {"memory": tmp_path, "pids": tmp_path}).create("i", LIMITS)
    assert len(group.paths) == 1
    assert (group.paths[0] / "memory.max").read_text() == "1024"


def test_only_groups_of_dead_platforms_are_swept(tmp_path: Path):
    """A living platform beside this one keeps its own."""
    parent, processes = tmp_path / "cgroup", tmp_path / "proc"
    for folder in (parent / "liuyun-10-a", parent / "liuyun-11-b", processes / "10"):
        folder.mkdir(parents=True)
    Cgroups("v1", {"memory": parent}).sweep(processes)
    assert [path.name for path in parent.iterdir()] == ["liuyun-10-a"]


def test_a_kill_for_want_of_memory_is_known(tmp_path: Path):
    """In either version's words."""
    (tmp_path / "memory.events").write_text("low 0\noom_kill 1\n")
    assert Group((tmp_path,)).out_of_memory()
    assert not Group(()).out_of_memory()

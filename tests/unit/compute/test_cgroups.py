"""Control groups: which version is there, what is written, what is swept."""

from pathlib import Path

from liuyun.compute.sandbox.cgroups import Cgroups, Group, Limits, detect, handed_down, parse_membership, settings_of

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


def test_processors_are_shared_by_weight_and_bounded():
    """A whole CPU weighs what a group weighs by default; the least is what the kernel takes."""
    half = Limits(1024, 7, cpus=0.5, most_cpus=1.5)
    assert dict(settings_of("v2", "cpu", half)) == {"cpu.weight": "50", "cpu.max": "150000 100000"}
    assert dict(settings_of("v1", "cpu", half)) == {"cpu.shares": "512", "cpu.cfs_quota_us": "150000"}
    assert dict(settings_of("v1", "cpu", Limits(1024, 7, 0, 0)))["cpu.cfs_quota_us"] == "1000"


def test_what_is_handed_down_under_version_2_is_used():
    """The CPU where there is one; without memory and processes there is nothing."""
    assert handed_down("cpuset cpu io memory pids") == ["memory", "pids", "cpu"]
    assert handed_down("memory pids") == ["memory", "pids"]
    assert handed_down("cpu pids") == []


def test_limits_are_written_when_a_group_is_made(tmp_path: Path):
    """Both controllers of version 2 share a folder."""
    group = Cgroups("v2", {"memory": tmp_path, "pids": tmp_path}).create("i", LIMITS)
    assert len(group.paths) == 1
    assert (group.paths[0] / "memory.max").read_text() == "1024"


def test_one_controllers_limits_are_changed_alone(tmp_path: Path):
    """Where there is that controller."""
    groups = Cgroups("v1", {"memory": tmp_path / "memory", "cpu": tmp_path / "cpu"})
    for folder in ("memory", "cpu"):
        (tmp_path / folder).mkdir()
    memory, cpu = groups.create("i", LIMITS).paths
    for controller in ("cpu", "pids"):
        groups.change("i", controller, Limits(2048, 9, cpus=0.5))
    assert (memory / "memory.limit_in_bytes").read_text() == "1024"
    assert (cpu / "cpu.shares").read_text() == "512"


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


def test_memory_of_its_own_is_told_from_files(tmp_path: Path):
    """In either version's words; what lies in /tmp is a file. Below the limit all together, nothing more is read."""
    for number, (usage, own) in enumerate((("memory.current", "anon"), ("memory.usage_in_bytes", "total_rss"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / usage).write_text("900\n")
        (folder / "memory.stat").write_text(f"{own} 300\nshmem 600\n")
        assert Group((folder,)).holds_over(200)
        assert not Group((folder,)).holds_over(400)
        (folder / "memory.stat").unlink()
        assert not Group((folder,)).holds_over(900)
    assert not Group(()).holds_over(0)


def test_refused_processes_are_known(tmp_path: Path):
    """The kernel counts how often the bound was met."""
    (tmp_path / "pids.events").write_text("max 0\n")
    assert not Group((tmp_path,)).processes_refused()
    (tmp_path / "pids.events").write_text("max 3\n")
    assert Group((tmp_path,)).processes_refused()
    assert not Group(()).processes_refused()

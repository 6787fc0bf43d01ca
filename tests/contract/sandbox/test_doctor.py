"""`liuyun doctor` on this machine, which runs the other tests and so can isolate functions."""

from typer.testing import CliRunner

from liuyun.cli.main import command_line
from liuyun.compute.sandbox import cgroups
from liuyun.compute.sandbox.interface import missing


def test_it_says_what_isolates_what_limits_and_what_leads_out():
    """Namespaces, the filter on system calls, the limits that are in force, and the network."""
    result = CliRunner().invoke(command_line(), ["doctor"], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    lines = [" ".join(line.split()) for line in result.output.splitlines()]
    assert "yes a list of allowed system calls (seccomp)" in lines
    assert "Functions run isolated." in lines
    kind = cgroups.detect().kind
    by = "rlimits only" if kind == "none" else f"control groups, version {kind[1:]}"
    assert any(f"memory ({by}" in line for line in lines)
    interface = next(line for line in lines if "a network interface" in line)
    assert interface.startswith("no" if missing() else "yes")

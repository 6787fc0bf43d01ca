"""A crowd of callers is served while everything around it changes. `make load` is the same for longer, with more."""

from pathlib import Path

from tests.load.run import Plan, run, show
from tests.load.world import LEAKING


def test_deploys_and_killed_sandboxes_cost_a_crowd_nothing(tmp_path: Path):
    """Ten functions, 60 callers, some seconds: no call fails but those of the function that leaks."""
    report = run(tmp_path, Plan(clients=60, seconds=6, seed=7, rest_s=0), print)
    print(show(report, 6))
    assert not report.wrong
    assert report.calls > report.failed[LEAKING]
    assert all(report.trouble.values())

"""Nothing that was accepted is lost, however often the platform is killed."""

import secrets
from pathlib import Path

from tests.chaos.kill import run


def test_two_hundred_orders_survive_ten_kills(tmp_path: Path) -> None:
    """Every order ends as its customer paid, with one price change, and every accepted message is still there."""
    seed = secrets.randbelow(10**6)
    print(f"seed {seed}: make chaos SEED={seed}")
    report = run(tmp_path, orders=200, kills=10, seed=seed, say=print)
    print(report)
    assert not report.wrong
    assert not report.lost
    assert report.accepted
    assert min(report.in_flight) > 0

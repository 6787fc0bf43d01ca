from pathlib import Path

import pytest

from liuyun.cli.failure import Failure
from liuyun.cli.lock import owned


def test_second_owner_is_refused(tmp_path: Path) -> None:
    """Two platforms never write one folder; the message names the other one."""
    with owned(tmp_path), pytest.raises(Failure, match=r"process \d+") as caught, owned(tmp_path):
        pass
    assert "--data" in caught.value.message


def test_lock_ends_with_its_owner(tmp_path: Path) -> None:
    """The next one may have the folder, whatever stands in the lock file."""
    for _ in range(2):
        with owned(tmp_path / "data"):
            assert (tmp_path / "data/lock").read_text().strip().isdigit()


def test_unusable_folder(tmp_path: Path) -> None:
    """A folder that can't be made is told in words."""
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="can't be used"), owned(tmp_path / "file"):
        pass

"""Taking files from somebody who isn't trusted."""

import os
from pathlib import Path

import pytest

from liuyun.compute.gathering import Room, gather
from liuyun.errors import InvalidPackage, TooLarge


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "package").mkdir(parents=True)
    (folder / "package/module.py").write_text("x = 1")
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def roomy() -> Room:
    return Room(1000, 100)


def test_files_and_folders_are_taken(source: Path, target: Path):
    """Of the mode only what makes a program; what is there already is replaced."""
    (source / "tool").write_text("#!/bin/sh")
    (source / "tool").chmod(0o6777)
    (target / "tool").write_text("the package's own, longer than the new one")
    gather(source, target, roomy())
    assert (target / "package/module.py").read_text() == "x = 1"
    assert (target / "tool").read_text() == "#!/bin/sh"
    assert [(target / name).stat().st_mode & 0o7777 for name in ("tool", "package", "package/module.py")] == [
        0o755, 0o755, 0o644,
    ]  # fmt: skip


def test_links_are_refused(source: Path, target: Path):
    """To files and to folders, wherever they lead."""
    (source / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidPackage, match="link"):
        gather(source, target, roomy())


def test_pipes_are_refused_without_waiting(source: Path, target: Path):
    """Opening one would wait for somebody to write."""
    os.mkfifo(source / "pipe")
    with pytest.raises(InvalidPackage, match="no file and no folder"):
        gather(source, target, roomy())


def test_a_source_that_is_a_link_is_not_followed(source: Path, target: Path, tmp_path: Path):
    """The folder itself may have been changed for a link."""
    (tmp_path / "link").symlink_to(source)
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        gather(tmp_path / "link", target, roomy())


def test_nothing_is_written_through_a_link_of_the_code(source: Path, target: Path, tmp_path: Path):
    """A package's own links lead nowhere new for files that come later."""
    (tmp_path / "outside").mkdir()
    (target / "package").symlink_to(tmp_path / "outside")
    with pytest.raises(InvalidPackage, match="package"):
        gather(source, target, roomy())
    assert not any((tmp_path / "outside").iterdir())


@pytest.mark.parametrize("room", [Room(4, 100), Room(1000, 1)])
def test_there_is_room_for_so_much(source: Path, target: Path, room: Room):
    """In bytes and in files."""
    with pytest.raises(TooLarge):
        gather(source, target, room)

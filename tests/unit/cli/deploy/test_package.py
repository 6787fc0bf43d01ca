import io
import os
import zipfile
from pathlib import Path

import pytest

from liuyun.cli.deploy.package import package
from liuyun.cli.failure import Failure


def names(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


def write(folder: Path, *files: str) -> Path:
    for file in files:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(file)
    return folder


def test_same_files_same_bytes(tmp_path: Path) -> None:
    """Dates and the order of the file system leave no trace in a package."""
    one = write(tmp_path / "one", "b.py", "a/c.py")
    two = write(tmp_path / "two", "a/c.py", "b.py")
    os.utime(two / "b.py", (1, 1))
    assert package(one) == package(two)
    assert names(package(one)) == ["a/c.py", "b.py"]


def test_changed_file_changes_the_package(tmp_path: Path) -> None:
    """One byte of difference is a difference."""
    folder = write(tmp_path, "a.py")
    before = package(folder)
    (folder / "a.py").write_text("other")
    assert package(folder) != before


def test_ignored_files(tmp_path: Path) -> None:
    """Caches and version control never go in; .fcignore and .funignore name more, with exceptions."""
    write(tmp_path, "a.py", ".git/HEAD", "__pycache__/a.pyc", "notes.md", "keep.md", "docs/x.txt", "sub/docs/y.txt")
    (tmp_path / ".fcignore").write_text("*.md\n!keep.md\n")
    (tmp_path / ".funignore").write_text("/docs/\n")
    assert names(package(tmp_path)) == ["a.py", "keep.md", "sub/docs/y.txt"]


def test_executable_bit_survives(tmp_path: Path) -> None:
    """A bootstrap stays executable."""
    write(tmp_path, "bootstrap", "data")
    (tmp_path / "bootstrap").chmod(0o755)
    entries = zipfile.ZipFile(io.BytesIO(package(tmp_path))).infolist()
    assert {entry.filename: entry.external_attr >> 16 & 0o777 for entry in entries} == {
        "bootstrap": 0o755,
        "data": 0o644,
    }


def test_one_file(tmp_path: Path) -> None:
    """A single file lies at the top of its package."""
    assert names(package(write(tmp_path, "src/callback.py") / "src/callback.py")) == ["callback.py"]


def test_zip_is_taken_as_it_is(tmp_path: Path) -> None:
    """A zip that somebody else built is not touched; what only looks like one is refused."""
    file = tmp_path / "code.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a.py", "x")
    assert package(file) == file.read_bytes()
    file.write_text("not a zip")
    with pytest.raises(Failure, match="not a zip file"):
        package(file)


def test_linked_folder_is_refused(tmp_path: Path) -> None:
    """A link to a folder would silently lose files."""
    write(tmp_path, "real/a.py")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Failure, match="link to a folder"):
        package(tmp_path)


def test_missing_code(tmp_path: Path) -> None:
    """Code that is not there is a failure in words."""
    with pytest.raises(Failure, match=r"can't be read: No such file or directory\.$"):
        package(tmp_path / "nothing")

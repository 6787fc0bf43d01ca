"""Folders shown as one."""

from pathlib import Path

from liuyun.catalog.merging import merge


def made(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if text.startswith("->"):
            path.symlink_to(text[2:])
        else:
            path.write_text(text)
    return folder


def merged(tmp_path: Path, *layers: dict[str, str]) -> Path:
    target = tmp_path / "merged"
    target.mkdir()
    merge([made(tmp_path / str(i), files) for i, files in enumerate(layers)], target)
    return target


def test_of_files_with_one_path_the_first_wins(tmp_path: Path):
    """Case 29 of fc contract 8; what only one has is there too."""
    target = merged(
        tmp_path, {"python/m.py": "first", "a": "1"}, {"python/m.py": "second", "python/n.py": "n", "b": "2"}
    )
    files = {path.relative_to(target).as_posix(): path.read_text() for path in target.rglob("*") if path.is_file()}
    assert files == {"python/m.py": "first", "python/n.py": "n", "a": "1", "b": "2"}


def test_a_file_hides_a_later_folder_and_the_other_way_round(tmp_path: Path):
    """Whatever the first has at a path stays."""
    target = merged(tmp_path, {"x": "file", "y/z": "inside"}, {"x/y": "hidden", "y": "hidden"})
    assert (target / "x").read_text() == "file"
    assert (target / "y/z").read_text() == "inside"


def test_nothing_is_written_through_a_link(tmp_path: Path):
    """A link of the first layer hides a later folder of its name, so that the linked folder stays as it was."""
    target = merged(tmp_path, {"lib/m.py": "first", "python": "->lib"}, {"python/evil.py": "x"})
    assert (target / "python").is_symlink()
    assert sorted(path.name for path in (target / "lib").iterdir()) == ["m.py"]


def test_files_are_shared_and_not_copied(tmp_path: Path):
    """A merged folder takes no room of its own."""
    target = merged(tmp_path, {"a": "1"})
    assert (target / "a").stat().st_ino == (tmp_path / "0/a").stat().st_ino

"""Code packages: what is taken, and that nothing of one gets out of its folder."""

import os
import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from liuyun.catalog import archive
from liuyun.catalog.archive import PackageLimits, unpack
from liuyun.errors import InvalidPackage, TooLarge
from tests.unit.catalog.zips import DEVICE, FILE, FOLDER, PIPE, entry, link, zipped

LIMITS = PackageLimits(package_bytes=10**6, unpacked_bytes=50 * 10**6, entries=100)


def refused(content: bytes, folder: Path, limits: PackageLimits = LIMITS) -> str:
    """Why; and that nothing was written beside the folder."""
    inside = folder / "inside"
    inside.mkdir()
    with pytest.raises((InvalidPackage, TooLarge)) as caught:
        unpack(content, inside, limits)
    assert [path.name for path in folder.iterdir()] == ["inside"]
    return caught.value.message


def test_files_folders_and_links_come_out(tmp_path: Path):
    """Nested files, empty folders and links inside the package, with their contents."""
    content = zipped(
        ("a/b/c.py", b"c"), (entry("empty/", FOLDER | 0o755), b""), ("./d.txt", b"d"),
        link("a/l", "../d.txt"), link("m", "a"),
    )  # fmt: skip
    unpack(content, tmp_path, LIMITS)
    assert (tmp_path / "a/b/c.py").read_bytes() == b"c"
    assert (tmp_path / "empty").is_dir()
    assert (tmp_path / "a/l").read_bytes() == (tmp_path / "d.txt").read_bytes() == b"d"
    assert (tmp_path / "m/b/c.py").exists()


def test_only_executable_is_kept_of_a_mode(tmp_path: Path):
    """Everybody may read, nobody gets setuid, whatever the umask and the package say."""
    before = os.umask(0o077)
    try:
        unpack(zipped((entry("run", FILE | 0o4711), b""), (entry("d/f", FILE | 0o600), b"")), tmp_path, LIMITS)
    finally:
        os.umask(before)
    modes = [oct((tmp_path / name).stat().st_mode & 0o7777) for name in ("run", "d", "d/f")]
    assert modes == ["0o755", "0o755", "0o644"]


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x05\x06", b"PK\x03\x04" + b"x" * 100])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes):
    """The message says so."""
    assert "not a zip file" in refused(content, tmp_path)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../x", "leads out"),
        ("a/../../x", "leads out"),
        ("/etc/x", "leads out"),
        ("a\\..\\x", "backslash"),
        ("a\0b", "NUL"),
        ("a" * 256, "too long"),
        ("/".join("a" * 65), "too long"),
        ("/".join(["a" * 200] * 6), "too long"),
    ],
)
def test_names_that_climb_or_confuse_are_refused(tmp_path: Path, name: str, why: str):
    """The message shows the name."""
    message = refused(zipped((name, b"x"), ("good", b"")), tmp_path)
    assert why in message
    assert name[:50] in message


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("l", "/etc/passwd"),
        ("l", ".."),
        ("l", "../x"),
        ("a/l", "../../x"),
        ("a/l", "b/../../.."),
        ("l", "a/../x"),
        ("l", ""),
        ("l", "a\0b"),
        ("l", "x" * 2000),
    ],
)
def test_links_that_may_lead_out_are_refused(tmp_path: Path, name: str, target: str):
    """Also those that only another link would make lead out."""
    assert f"'{name}'" in refused(zipped(link(name, target)), tmp_path)


def test_nothing_is_written_through_a_link(tmp_path: Path):
    """An entry below a link is refused, in whatever order they come."""
    through = ("l/x", b"x")
    for i, entries in enumerate([(link("l", "a"), through), (through, link("l", "a"))]):
        folder = tmp_path / str(i)
        folder.mkdir()
        assert "'l/x'" in refused(zipped(*entries), folder)


@pytest.mark.parametrize("mode", [PIPE, DEVICE])
def test_devices_and_pipes_are_refused(tmp_path: Path, mode: int):
    """Only files, folders and links have a place in a package."""
    assert "'d' is a device" in refused(zipped((entry("d", mode), b"")), tmp_path)


@pytest.mark.parametrize(("first", "second"), [("a", "a"), ("a", "./a"), ("a", "a/b"), ("a/b", "a")])
def test_a_name_stands_for_one_thing(tmp_path: Path, first: str, second: str):
    """A name used twice, or for a file and a folder, is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile sees it too
        content = zipped((first, b"1"), (second, b"2"))
    assert "entry" in refused(content, tmp_path)


def test_a_bomb_is_stopped(tmp_path: Path):
    """Too much for its size, by the headers or by what comes out."""
    zeros = zipped(("zeros", b"\0" * 40_000_000))
    assert "times its size" in refused(zeros, tmp_path)
    folder = tmp_path / "second"
    folder.mkdir()
    assert "bytes when unpacked" in refused(zeros, folder, PackageLimits(10**6, 10**6, 10))


def test_a_header_that_says_too_little_is_caught(tmp_path: Path):
    """No entry gives more than its header announced."""
    content = bytearray(zipped(("f", b"x" * 1000)))
    index = content.rfind(b"PK\x01\x02")
    content[index + 24 : index + 28] = struct.pack("<L", 10)
    assert "'f' is damaged" in refused(bytes(content), tmp_path)


def test_the_number_of_entries_is_bounded(tmp_path: Path):
    """Counted before the index is parsed, and with the folders that are only implied."""
    many = zipped(*[(f"f{i}", b"") for i in range(101)])
    assert "more than 100" in refused(many, tmp_path)
    folder = tmp_path / "second"
    folder.mkdir()
    deep = zipped(*[(f"{i}/a/b/c/d/f", b"") for i in range(20)])
    assert "more than 100" in refused(deep, folder)


def test_damage_is_named(tmp_path: Path):
    """A flipped bit in an entry names the entry."""
    content = bytearray(zipped(("index.py", b"def handler(event, context): ..." * 50)))
    content[45] ^= 0xFF
    assert "'index.py' is damaged" in refused(bytes(content), tmp_path)


def test_encrypted_and_strange_entries_are_named(tmp_path: Path):
    """What can't be read is refused for its reason."""
    encrypted = bytearray(zipped(("secret", b"x")))
    encrypted[encrypted.rfind(b"PK\x01\x02") + 8] |= 1
    assert "'secret' is encrypted" in refused(bytes(encrypted), tmp_path)
    strange = entry("f")
    strange.compress_type = zipfile.ZIP_BZIP2
    folder = tmp_path / "second"
    folder.mkdir()
    assert "another method" in refused(zipped((strange, b"x")), folder)


def test_a_wrong_index_is_no_crash(tmp_path: Path):
    """An end record that points nowhere is a damaged file."""
    content = bytearray(zipped(("f", b"x")))
    end = content.rfind(archive.END_OF_INDEX)
    content[end + 12 : end + 20] = b"\xff" * 8
    assert "zip file" in refused(bytes(content), tmp_path)

"""Whatever a package holds, nothing of it leads out of its folder, and no surprise escapes."""

import os
import tempfile
import warnings
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from liuyun.catalog.archive import PackageLimits, unpack
from liuyun.errors import InvalidPackage, TooLarge
from tests.unit.catalog.zips import FILE, FOLDER, PIPE, entry, link, zipped

LIMITS = PackageLimits(package_bytes=10**6, unpacked_bytes=10**6, entries=50)
parts = st.sampled_from(["a", "b", "c", "..", ".", "", "/", "a\\b", "é"])
paths = st.lists(parts, min_size=1, max_size=4).map("/".join)
files = st.tuples(paths, st.binary(max_size=20)).map(lambda pair: (entry(pair[0], FILE | 0o644), pair[1]))
odd = paths.flatmap(lambda path: st.sampled_from([(entry(path, FOLDER), b""), (entry(path, PIPE), b"")]))
links = st.tuples(paths, paths).map(lambda pair: link(*pair))


@settings(max_examples=300)
@given(st.lists(st.one_of(files, odd, links), max_size=6))
def test_nothing_leads_out(entries: list):
    """After any unpacking, every path in the folder is really in the folder."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # names that are there twice
        content = zipped(*entries)
    with tempfile.TemporaryDirectory() as name:
        outer = Path(os.path.realpath(name))
        folder = outer / "p/q/inside"
        folder.mkdir(parents=True)
        with suppress(InvalidPackage, TooLarge):
            unpack(content, folder, LIMITS)
        for path in folder.rglob("*"):
            assert Path(os.path.realpath(path)).is_relative_to(folder)
        assert [path.name for path in (outer / "p/q").iterdir()] == ["inside"]


@settings(max_examples=300)
@given(st.data())
def test_damage_is_always_expected(data: st.DataObject):
    """Any bytes changed in a zip file: it is unpacked or refused, and nothing else happens."""
    content = bytearray(zipped(("a/index.py", b"print(1)\n" * 9), ("b", b"x"), link("c", "b")))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with tempfile.TemporaryDirectory() as folder, suppress(InvalidPackage, TooLarge):
        unpack(bytes(content), Path(folder), LIMITS)

"""Code packages as an editor sees them."""

import io
import zipfile

import pytest

from liuyun.catalog.sources import LARGEST_TEXT, edited, packed, source_files
from liuyun.errors import TooLarge


def names(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_texts_are_told_from_the_rest():
    """What is no UTF-8, holds a NUL or is too long has no text, but is listed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("b/index.py", "print('你好')")
        archive.writestr("a.bin", b"\xff\xfe")
        archive.writestr("c.txt", "x\0y")
        archive.writestr("d.txt", "x" * (LARGEST_TEXT + 1))
        archive.mkdir("empty")
    files = source_files(buffer.getvalue())
    assert [(file.path, file.text) for file in files] == [
        ("a.bin", None),
        ("b/index.py", "print('你好')"),
        ("c.txt", None),
        ("d.txt", None),
    ]


def test_a_link_is_no_text():
    """Its content is where it leads, and an editor would make a file of it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "index.py")
    assert source_files(buffer.getvalue())[0].text is None


def test_only_what_was_edited_changes():
    """Other files keep content and mode; a removed one goes, a new one comes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        script = zipfile.ZipInfo("bootstrap")
        script.external_attr = 0o100755 << 16
        archive.writestr(script, "#!/bin/sh\n")
        archive.writestr("data.bin", b"\xff")
        archive.writestr("old.py", "")
    made = edited(buffer.getvalue(), {"bootstrap": "#!/bin/bash\n", "new.py": "x = 1\n"}, {"old.py"})
    assert names(made) == {"bootstrap": b"#!/bin/bash\n", "data.bin": b"\xff", "new.py": b"x = 1\n"}
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.getinfo("bootstrap").external_attr >> 16 == 0o100755


def test_the_same_texts_make_the_same_package():
    """Entries carry no time, so that a package isn't stored twice."""
    assert packed({"a": "1", "b": "2"}) == packed({"b": "2", "a": "1"})


def test_large_packages_are_for_the_command(monkeypatch: pytest.MonkeyPatch):
    """Beyond its bound a package isn't made anew for a few letters."""
    monkeypatch.setattr("liuyun.catalog.sources.LARGEST_EDITED", 10)
    with pytest.raises(TooLarge, match="liuyun deploy"):
        edited(packed({"a": "1"}), {}, ())

"""The files of a code package as texts, and the package with some of them changed: what an editor needs. Pure.

The packages come from the catalog's own disk, so they have passed `archive` before.
"""

import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from io import BytesIO

from liuyun.catalog.archive import open_archive
from liuyun.errors import TooLarge

MOST_FILES = 1000
LARGEST_TEXT, LARGEST_TEXTS = 256 * 1024, 1024 * 1024  # of one file, of all
LARGEST_EDITED = 20 * 1024 * 1024  # a package


@dataclass(frozen=True, slots=True)
class SourceFile:
    """`text` is None for what is no text, or too long for an editor."""

    path: str
    size: int
    text: str | None


def source_files(content: bytes) -> list[SourceFile]:
    """By path; at most MOST_FILES."""
    files: list[SourceFile] = []
    room = LARGEST_TEXTS
    with open_archive(content) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        for info in sorted(infos, key=lambda info: info.filename)[:MOST_FILES]:
            fits = info.file_size <= min(room, LARGEST_TEXT) and is_plain(info)
            text = decoded(archive.read(info)) if fits else None
            room -= info.file_size if text is not None else 0
            files.append(SourceFile(info.filename, info.file_size, text))
    return files


def is_plain(info: zipfile.ZipInfo) -> bool:
    """Not a link, whose content is where it leads."""
    kind = info.external_attr >> 28
    return kind in {0, 0o10}


def decoded(content: bytes) -> str | None:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return None if "\0" in text else text


def edited(content: bytes, texts: Mapping[str, str], removed: Collection[str]) -> bytes:
    """The package with these texts in the place of what their paths named, and without what is removed. Everything
    else, and the mode of a file that was there, stays as it is. Raises TooLarge.
    """
    if len(content) > LARGEST_EDITED:
        raise TooLarge(
            "package_not_editable",
            "a package of {count} bytes can't be edited in a page, where {most} bytes are the most; "
            "deploy it with `liuyun deploy`",
            count=len(content),
            most=LARGEST_EDITED,
            limit=LARGEST_EDITED,
        )
    left = dict(texts)
    made = BytesIO()
    with open_archive(content) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename in removed:
                continue
            text = left.pop(info.filename, None)
            new.writestr(info, old.read(info) if text is None else text.encode(), zipfile.ZIP_DEFLATED)
        for path, text in sorted(left.items()):
            new.writestr(zipfile.ZipInfo(path), text.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()


def packed(texts: Mapping[str, str]) -> bytes:
    """A new package."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for path, text in sorted(texts.items()):
            new.writestr(zipfile.ZipInfo(path), text.encode(), zipfile.ZIP_DEFLATED)
    return made.getvalue()

"""Code packages: which zip files are taken, and how one is unpacked so that nothing gets out of its folder.

A package comes from anybody who may deploy, so nothing in it is believed:

- Names. Every entry gets a relative path below the folder; absolute paths, `..`, backslashes, NUL, over-long names and
  names used twice are refused. No entry may lie below one that is a file or a link.
- Links. Only symbolic ones, only relative, with `..` only at their front and no further up than the folder: since no
  link lies below a link, each then leads to a place inside. Links are made last, so nothing is written through one.
- Kinds. Files, folders and links; devices, pipes and sockets are refused. Of the mode only "executable" is kept.
- Sizes. Entries are counted before the index is parsed, and folders that are only implied count as well. The sum of
  what the headers announce is bounded, and no entry may give more than its header announced.
"""

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from io import BytesIO
from pathlib import Path

from liuyun.catalog.rules import shown
from liuyun.errors import InvalidPackage, TooLarge

END_OF_INDEX, INDEX_ENTRY, ZIP64_LOCATOR = b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x07"
END_BYTES, LOCATOR_BYTES, LONGEST_COMMENT = 22, 20, 65_535
LONGEST_NAME, LONGEST_PATH, DEEPEST, LONGEST_TARGET = 255, 1024, 64, 1024
CHUNK = 256 * 1024
UNSUSPICIOUS_BYTES = 16 * 1024 * 1024  # so much may come out of an entry whatever its ratio
HIGHEST_RATIO = 200
ENCRYPTED = 0x1
METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
Parts = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackageLimits:
    package_bytes: int
    unpacked_bytes: int
    entries: int


class Kind(Enum):
    FILE = "file"
    FOLDER = "folder"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Entry:
    """`parts` says where it goes, relative to the folder."""

    parts: Parts
    kind: Kind
    info: zipfile.ZipInfo

    @property
    def path(self) -> str:
        return shown("/".join(self.parts))


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be made, in this order; a folder stands before what lies in it."""

    folders: Sequence[Parts]
    files: Sequence[Entry]
    links: Sequence[Entry]


def unpack(content: bytes, folder: Path, limits: PackageLimits) -> None:
    """Unpacks a zip file into an empty folder. Raises InvalidPackage, or TooLarge."""
    check_count(content, limits.entries)
    with open_archive(content) as archive:
        steps = plan(archive.infolist(), limits)
        for parts in steps.folders:
            make_folder(folder.joinpath(*parts))
        for entry in steps.files:
            write_file(archive, entry, folder.joinpath(*entry.parts))
        for entry in steps.links:
            folder.joinpath(*entry.parts).symlink_to(link_target(archive, entry))


def check_count(content: bytes, limit: int) -> None:
    """Bounds the index before `zipfile` makes an object of each of its entries."""
    end = content.rfind(END_OF_INDEX, max(0, len(content) - END_BYTES - LONGEST_COMMENT))
    if end < 0 or len(content) < end + END_BYTES:
        raise InvalidPackage("package_no_zip", "the code package is not a zip file")
    (size,) = struct.unpack_from("<L", content, end + 12)
    if content.startswith(ZIP64_LOCATOR, max(0, end - LOCATOR_BYTES)):
        size = end  # the record that counts then may point anywhere
    if content.count(INDEX_ENTRY, max(0, end - size), end) > limit:
        raise too_many(limit)


def open_archive(content: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(BytesIO(content))
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, struct.error) as error:
        raise InvalidPackage(
            "package_damaged", "the code package is a damaged zip file: {error}", error=error
        ) from None


def plan(infos: Sequence[zipfile.ZipInfo], limits: PackageLimits) -> Plan:
    """Refuses the package as a whole before anything of it is written."""
    if sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise too_large(limits.unpacked_bytes)
    entries = [entry for entry in map(entry_of, infos) if entry.parts]
    placed = place(entry for entry in entries if entry.kind is not Kind.FOLDER)
    for entry in entries:
        for folder in folders_of(entry):
            if placed.setdefault(folder, Kind.FOLDER) is not Kind.FOLDER:
                raise InvalidPackage(
                    "package_entry_folder",
                    "the entry '{path}' needs a folder where a file or a link is",
                    path=entry.path,
                )
        if len(placed) > limits.entries:
            raise too_many(limits.entries)
    return Plan(
        folders=sorted(parts for parts, kind in placed.items() if kind is Kind.FOLDER),
        files=[entry for entry in entries if entry.kind is Kind.FILE],
        links=[entry for entry in entries if entry.kind is Kind.LINK],
    )


def place(entries: Iterable[Entry]) -> dict[Parts, Kind]:
    placed: dict[Parts, Kind] = {}
    for entry in entries:
        if entry.parts in placed:
            raise InvalidPackage("package_entry_twice", "the entry '{path}' is there twice", path=entry.path)
        placed[entry.parts] = entry.kind
    return placed


def folders_of(entry: Entry) -> Iterator[Parts]:
    for depth in range(1, len(entry.parts)):
        yield entry.parts[:depth]
    if entry.kind is Kind.FOLDER:
        yield entry.parts


def entry_of(info: zipfile.ZipInfo) -> Entry:
    name = info.orig_filename  # `filename` ends at the first NUL
    entry = Entry(parts_of(name), kind_of(info), info)
    if info.flag_bits & ENCRYPTED:
        raise InvalidPackage("package_entry_encrypted", "the entry '{name}' is encrypted", name=shown(name))
    if info.compress_type not in METHODS:
        raise InvalidPackage(
            "package_entry_compression",
            "the entry '{name}' is compressed by another method than deflate",
            name=shown(name),
        )
    return entry


def parts_of(name: str) -> Parts:
    parts = tuple(part for part in name.split("/") if part not in {"", "."})
    if "\0" in name or not name:
        raise InvalidPackage(
            "package_entry_name", "the name of the entry '{name}' is empty or holds a NUL character", name=shown(name)
        )
    if "\\" in name:
        raise InvalidPackage(
            "package_entry_backslash",
            "the entry '{name}' has a backslash in its name; use '/' between folders",
            name=shown(name),
        )
    if name.startswith("/") or ".." in parts:
        raise InvalidPackage("package_entry_outside", "the entry '{name}' leads out of the package", name=shown(name))
    if len(parts) > DEEPEST or len(name.encode()) > LONGEST_PATH or any(len(p.encode()) > LONGEST_NAME for p in parts):
        raise InvalidPackage("package_entry_path_long", "the path of the entry '{name}' is too long", name=shown(name))
    return parts


def kind_of(info: zipfile.ZipInfo) -> Kind:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if mode == stat.S_IFLNK:
        return Kind.LINK
    if mode not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise InvalidPackage(
            "package_entry_special",
            "the entry '{filename}' is a device, a pipe or a socket",
            filename=shown(info.filename),
        )
    return Kind.FOLDER if info.is_dir() or mode == stat.S_IFDIR else Kind.FILE


def make_folder(path: Path) -> None:
    path.mkdir()
    path.chmod(0o755)  # whatever the umask


def write_file(archive: zipfile.ZipFile, entry: Entry, path: Path) -> None:
    executable = entry.info.external_attr >> 16 & 0o111
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    size = 0
    with os.fdopen(descriptor, "wb") as out:
        for chunk in content_of(archive, entry):
            size += len(chunk)
            if size > entry.info.file_size:
                raise InvalidPackage(
                    "package_entry_larger",
                    "the entry '{path}' unpacks to more than the {size} it says",
                    path=entry.path,
                    size=entry.info.file_size,
                )
            if size > UNSUSPICIOUS_BYTES and size > HIGHEST_RATIO * entry.info.compress_size:
                raise InvalidPackage(
                    "package_entry_ratio",
                    "the entry '{path}' unpacks to over {most} times its size",
                    path=entry.path,
                    most=HIGHEST_RATIO,
                )
            out.write(chunk)
        os.fchmod(descriptor, 0o755 if executable else 0o644)


def link_target(archive: zipfile.ZipFile, entry: Entry) -> str:
    """Raises InvalidPackage unless the link can only lead to a place inside the package; see above."""
    raw = b"".join(content_of(archive, entry)) if entry.info.file_size <= LONGEST_TARGET else b""
    target = raw.decode("utf-8", "replace")
    steps = [step for step in target.split("/") if step not in {"", "."}]
    up = next((i for i, step in enumerate(steps) if step != ".."), len(steps))
    if target.startswith("/") or up >= len(entry.parts) or ".." in steps[up:]:
        raise InvalidPackage(
            "package_link_outside", "the link '{path}' leads, or may lead, out of the package", path=entry.path
        )
    if not target or "\0" in target or "\ufffd" in target:
        raise InvalidPackage("package_link_target", "the link '{path}' has no usable target", path=entry.path)
    return "/".join(steps) or "."


def content_of(archive: zipfile.ZipFile, entry: Entry) -> Iterator[bytes]:
    try:
        with archive.open(entry.info) as source:
            while chunk := source.read(CHUNK):
                yield chunk
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, struct.error) as error:
        raise InvalidPackage(
            "package_entry_damaged", "the entry '{path}' is damaged: {error}", path=entry.path, error=error
        ) from None


def too_many(limit: int) -> InvalidPackage:
    return InvalidPackage(
        "package_entries_most", "the code package has more than {limit} files and folders", limit=limit
    )


def too_large(limit: int) -> TooLarge:
    return TooLarge("package_unpacked_most", "the code package has more than {limit} bytes when unpacked", limit=limit)

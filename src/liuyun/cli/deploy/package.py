"""Code packages. The same files give the same bytes, so that a checksum tells whether anything changed."""

import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from fastcrc import crc64
from pathspec import GitIgnoreSpec

from liuyun.cli.failure import Failure, reason

ALWAYS_IGNORED = (".git/", "__pycache__/", "*.pyc", ".DS_Store", ".venv/", ".funignore", ".fcignore")
IGNORE_FILES = (".funignore", ".fcignore")
MAX_BYTES = 512 * 1024 * 1024  # unpacked; the platform sets its own, lower limit
MAX_FILES = 50_000
EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest date that a zip can hold


def package(code: Path) -> bytes:
    """The zip of a folder, of one file, or a zip as it is. Raises Failure."""
    try:
        if code.is_dir():
            return zipped(dict(files_of(code)))
        if zipfile.is_zipfile(code):
            return code.read_bytes()
        if code.suffix == ".zip":
            raise Failure(f"{code} is not a zip file.")
        return zipped({code.name: code})
    except OSError as error:
        raise Failure(f"The code in {code} can't be read: {reason(error)}.") from None


def checksum(content: bytes) -> str:
    """As the platform shows it in `codeChecksum`: CRC-64 as in xz, in decimal."""
    return str(crc64.xz(content))


def files_of(folder: Path) -> Iterator[tuple[str, Path]]:
    """Names inside the package, and files, in a stable order."""
    ignored = ignore_spec(folder)
    for parent, folders, names in os.walk(folder):
        here = Path(parent).relative_to(folder)
        for name in folders:
            if (Path(parent) / name).is_symlink() and not ignored.match_file(f"{(here / name).as_posix()}/"):
                raise Failure(
                    f"{Path(parent) / name} is a link to a folder; put the files themselves into the package."
                )
        folders[:] = sorted(name for name in folders if not ignored.match_file(f"{(here / name).as_posix()}/"))
        for name in sorted(names):
            inside = (here / name).as_posix()
            if not ignored.match_file(inside):
                yield inside, Path(parent) / name


def ignore_spec(folder: Path) -> GitIgnoreSpec:
    lines = list(ALWAYS_IGNORED)
    for name in IGNORE_FILES:
        file = folder / name
        if file.is_file():
            lines += file.read_text().splitlines()
    return GitIgnoreSpec.from_lines(lines)


def zipped(files: dict[str, Path]) -> bytes:
    check_size(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            executable = os.access(files[name], os.X_OK)
            entry.external_attr = (0o100755 if executable else 0o100644) << 16
            archive.writestr(entry, files[name].read_bytes())
    return out.getvalue()


def check_size(files: dict[str, Path]) -> None:
    if len(files) > MAX_FILES:
        raise Failure(f"The package would hold {len(files)} files; {MAX_FILES} are allowed. Name others in .fcignore.")
    total = sum(file.stat().st_size for file in files.values())
    if total > MAX_BYTES:
        raise Failure(f"The package would hold {total >> 20} MB; {MAX_BYTES >> 20} are allowed.")

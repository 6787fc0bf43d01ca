"""Taking files out of a sandbox that nobody trusts, while it may still be changing them.

Nothing is followed: each folder is opened by its name in the one above, so a folder that becomes a link a moment later
leads nowhere. Only files and folders are taken, so many and so large as there is room for.
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from liuyun.errors import InvalidPackage, TooLarge

CHUNK = 256 * 1024
DEEPEST = 64
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK  # a pipe must not hold us up


@dataclass(slots=True)
class Room:
    size_bytes: int
    entries: int

    def take(self, size_bytes: int = 0, entries: int = 0) -> None:
        self.size_bytes -= size_bytes
        self.entries -= entries
        if self.size_bytes < 0 or self.entries < 0:
            raise TooLarge(
                "packages_large",
                "the packages of requirements.txt have more files or bytes than a code package may",
                limit=0,
            )


def gather(source: Path, target: Path, room: Room) -> None:
    """Copies what is in `source` into `target`, over what is there. Raises InvalidPackage, TooLarge or OSError."""
    descriptor = os.open(source, FOLDER)
    try:
        copy_folder(descriptor, target, room, depth=0)
    finally:
        os.close(descriptor)


def copy_folder(source: int, target: Path, room: Room, *, depth: int) -> None:
    if depth > DEEPEST:
        raise InvalidPackage(
            "packages_deep", "the packages of requirements.txt have folders more than {most} deep", most=DEEPEST
        )
    for name in os.listdir(source):
        room.take(entries=1)
        mode = os.stat(name, dir_fd=source, follow_symlinks=False).st_mode
        if stat.S_ISDIR(mode):
            inner = os.open(name, FOLDER, dir_fd=source)
            try:
                make_folder(target / name)
                copy_folder(inner, target / name, room, depth=depth + 1)
            finally:
                os.close(inner)
        elif stat.S_ISREG(mode):
            copy_file(name, source, target / name, room)
        else:
            raise InvalidPackage(
                "packages_special",
                "the packages of requirements.txt hold '{name}', which is no file and no folder",
                name=name[:100],
            )


def make_folder(path: Path) -> None:
    if path.is_symlink() or (path.exists() and not path.is_dir()):
        raise InvalidPackage(
            "packages_folder_over_file",
            "the packages of requirements.txt have a folder where the code has the file '{name}'",
            name=path.name,
        )
    path.mkdir(exist_ok=True)
    path.chmod(0o755)


def copy_file(name: str, source: int, target: Path, room: Room) -> None:
    taken = os.open(name, FILE, dir_fd=source)
    try:
        mode = os.fstat(taken).st_mode
        if not stat.S_ISREG(mode):
            raise InvalidPackage(
                "packages_changed",
                "the packages of requirements.txt changed '{name}' while they were taken",
                name=name[:100],
            )
        made = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(made, "wb") as out:
            while chunk := os.read(taken, CHUNK):
                room.take(size_bytes=len(chunk))
                out.write(chunk)
            os.fchmod(made, 0o755 if mode & 0o111 else 0o644)
    finally:
        os.close(taken)

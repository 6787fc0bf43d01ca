"""Several folders shown as one: of files with the same path, the first folder's wins (fc contract 2).

Files are hard links, so that a merged folder costs names and no bytes. What an earlier folder has as a file or a link
hides what a later one has below that path: nothing is ever written through a link.
"""

import os
from collections.abc import Sequence
from pathlib import Path


def merge(sources: Sequence[Path], target: Path) -> None:
    """`target` is empty, and on the file system of the sources."""
    for source in sources:
        merge_one(source, target)


def merge_one(source: Path, target: Path) -> None:
    with os.scandir(source) as entries:
        for entry in entries:
            place = target / entry.name
            if entry.is_dir(follow_symlinks=False):
                if not os.path.lexists(place):
                    place.mkdir()
                    place.chmod(0o755)  # whatever the umask
                if place.is_dir() and not place.is_symlink():
                    merge_one(Path(entry.path), place)
            elif not os.path.lexists(place):
                os.link(entry.path, place, follow_symlinks=False)

"""The contents of objects: files that are written once, and are whole and on disk before anything names them."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from io import BufferedWriter
from pathlib import Path

from fastcrc import crc64

from liuyun.errors import Unavailable
from liuyun.ids import Ids

CHUNK = 256 * 1024
NAME_BYTES = 16
DRAFT = ".draft-"
FOLDERS = [f"{number:02x}" for number in range(256)]  # so that no folder gets too many files


@dataclass(frozen=True, slots=True)
class Blob:
    name: str
    size: int
    md5: str
    crc64: str


class Blobs:
    def __init__(self, folder: Path, ids: Ids) -> None:
        self._folder = folder
        self._ids = ids

    def path(self, name: str) -> Path:
        return self._folder / name[:2] / name

    async def write(self, content: AsyncIterable[bytes]) -> Blob:
        """Raises Unavailable if the disk won't take it, and what `content` raises."""
        name = self._ids.hex(NAME_BYTES)
        draft = self._folder / f"{DRAFT}{name}"
        try:
            return await self._write(content, draft, name)
        except OSError as error:
            raise Unavailable(f"the object can't be stored: {error.strerror}") from None
        finally:
            await asyncio.to_thread(draft.unlink, missing_ok=True)

    async def read(self, name: str, start: int, length: int) -> AsyncIterator[bytes]:
        source = await asyncio.to_thread(self.path(name).open, "rb")
        try:
            await asyncio.to_thread(source.seek, start)
            while length > 0 and (chunk := await asyncio.to_thread(source.read, min(CHUNK, length))):
                length -= len(chunk)
                yield chunk
        finally:
            source.close()

    async def remove(self, name: str) -> None:
        await asyncio.to_thread(self.path(name).unlink, missing_ok=True)

    def prepare(self) -> None:
        """Makes the folders, and removes what was being written when an earlier process ended."""
        for name in FOLDERS:
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        for draft in self._folder.glob(f"{DRAFT}*"):
            draft.unlink()

    def names(self, folder: str) -> list[str]:
        """The contents in one of FOLDERS."""
        return [path.name for path in (self._folder / folder).iterdir()]

    async def _write(self, content: AsyncIterable[bytes], draft: Path, name: str) -> Blob:
        file = await asyncio.to_thread(draft.open, "xb")
        md5, checksum, size = hashlib.md5(usedforsecurity=False), 0, 0
        try:
            async for chunk in content:
                md5.update(chunk)
                checksum = crc64.xz(chunk, checksum)
                size += len(chunk)
                await asyncio.to_thread(file.write, chunk)
            await asyncio.to_thread(keep, file, draft, self.path(name))
        finally:
            file.close()
        return Blob(name, size, md5.hexdigest().upper(), str(checksum))


def keep(file: BufferedWriter, draft: Path, path: Path) -> None:
    """Gives a draft its name once all of it is on disk."""
    file.flush()
    os.fsync(file.fileno())
    draft.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

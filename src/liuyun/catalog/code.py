"""Code packages on disk, each under the hash of its zip file: unpacked once, however many functions use it.

    <folder>/<package>/package.zip    as it was uploaded
    <folder>/<package>/code/          what the sandbox shows as /code; of merged layers as /opt

A package appears under its name only when it is whole and on disk, and before the catalog says so; what the catalog
never came to name is removed at the next start. A Python package with a `requirements.txt` gets what it lists installed
for one runtime, which is then part of its name.
"""

import asyncio
import ctypes
import hashlib
import os
import shutil
from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import structlog
from fastcrc import crc64

from liuyun.catalog.archive import PackageLimits, unpack
from liuyun.catalog.changes import ZipFile
from liuyun.catalog.merging import merge
from liuyun.errors import Invalid, TooLarge, Unavailable
from liuyun.ids import Ids

log = structlog.get_logger()
Install = Callable[[Path, str], Awaitable[object]]
AT_ONCE = 2  # packages being unpacked or installed: each may take hundreds of megabytes
DRAFT = ".draft-"
MERGED = "merged-"
REQUIREMENTS = "requirements.txt"


@dataclass(frozen=True, slots=True)
class Package:
    """`checksum` is the CRC-64 of the zip file in decimal and `size` its length."""

    name: str
    checksum: str
    size: int


class CodePackages:
    """`install` fetches what the `requirements.txt` of a folder lists, for a runtime; it raises InvalidPackage."""

    def __init__(self, *, folder: Path, limits: PackageLimits, install: Install, ids: Ids) -> None:
        self._folder = folder
        self._limits = limits
        self._install = install
        self._ids = ids
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def store(self, code: ZipFile, runtime: str) -> Package:
        """Raises InvalidPackage, TooLarge, Invalid for a checksum that doesn't match, or Unavailable."""
        if len(code.content) > self._limits.package_bytes:
            limit = self._limits.package_bytes
            raise TooLarge(
                "package_too_large",
                "the code package has {count} bytes; {limit} are allowed",
                count=len(code.content),
                limit=limit,
            )
        checksum, digest = await asyncio.to_thread(fingerprints, code.content)
        if code.checksum not in {"", checksum}:
            raise Invalid(
                "package_checksum",
                "the checksum of the code is {checksum}, not {expected}: it changed on its way",
                checksum=checksum,
                expected=code.checksum[:40],
            )
        name = await self._place(code.content, digest, runtime)
        return Package(name, checksum, len(code.content))

    async def adapt(self, package: str, runtime: str) -> str:
        """The name of the same code, made ready for another runtime."""
        content = await asyncio.to_thread(self.zip_file(package).read_bytes)
        return await self._place(content, package.partition("-")[0], runtime)

    async def merged(self, packages: Sequence[str]) -> str:
        """The name of a package that shows all of these in one folder; of files with one path the first's wins.

        Raises Unavailable.
        """
        name = MERGED + hashlib.sha256("\n".join(packages).encode()).hexdigest()
        if self.code_dir(name).is_dir():
            return name
        async with self._turn:
            draft = self._folder / f"{DRAFT}{self._ids.hex(8)}"
            try:
                await asyncio.to_thread(self._merge, packages, draft, name)
            except OSError as error:
                raise Unavailable(
                    "layers_not_merged", "the layers can't be merged: {detail}", detail=error.strerror
                ) from None
            finally:
                await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)
        return name

    def code_dir(self, package: str) -> Path:
        return self._folder / package / "code"

    def zip_file(self, package: str) -> Path:
        return self._folder / package / "package.zip"

    async def start(self, needed: AbstractSet[str]) -> None:
        """Makes the folder, and removes from it what no function needs."""
        await asyncio.to_thread(sweep, self._folder, needed)

    async def _place(self, content: bytes, digest: str, runtime: str) -> str:
        if name := self._stored(digest, runtime):
            return name
        async with self._turn:
            draft = self._folder / f"{DRAFT}{self._ids.hex(8)}"
            try:
                return await self._make(content, draft, digest, runtime)
            except OSError as error:
                raise Unavailable(
                    "package_not_stored", "the code package can't be stored: {detail}", detail=error.strerror
                ) from None
            finally:
                await asyncio.to_thread(shutil.rmtree, draft, ignore_errors=True)

    def _stored(self, digest: str, runtime: str) -> str:
        installed = f"{digest}-{runtime}"
        if self.code_dir(installed).is_dir():
            return installed
        plain = self.code_dir(digest)
        return digest if plain.is_dir() and not has_requirements(plain, runtime) else ""

    def _merge(self, packages: Sequence[str], draft: Path, name: str) -> None:
        make_draft(draft)
        merge([self.code_dir(package) for package in packages], draft / "code")
        publish(draft, self._folder / name)

    async def _make(self, content: bytes, draft: Path, digest: str, runtime: str) -> str:
        await asyncio.to_thread(write_draft, content, draft, self._limits)
        name = digest
        if has_requirements(draft / "code", runtime):
            await self._install(draft / "code", runtime)
            name = f"{digest}-{runtime}"
        await asyncio.to_thread(publish, draft, self._folder / name)
        return name


def has_requirements(code: Path, runtime: str) -> bool:
    return runtime.startswith(("python", "custom")) and (code / REQUIREMENTS).is_file()


def fingerprints(content: bytes) -> tuple[str, str]:
    return str(crc64.xz(content)), hashlib.sha256(content).hexdigest()  # the vendor's CRC-64 is the one that xz uses


def make_draft(draft: Path) -> None:
    code = draft / "code"
    code.mkdir(parents=True)
    for folder in (draft, code):
        folder.chmod(0o755)  # sandboxes read it as nobody


def write_draft(content: bytes, draft: Path, limits: PackageLimits) -> None:
    make_draft(draft)
    unpack(content, draft / "code", limits)
    (draft / "package.zip").write_bytes(content)


def publish(draft: Path, package: Path) -> None:
    """Gives a draft its name once all of it is on disk. The same package may have come from somebody else meanwhile."""
    flush(draft)
    try:
        draft.rename(package)
    except OSError:
        if not package.is_dir():
            raise
    flush(package.parent)


def flush(folder: Path) -> None:
    """Puts the folder's file system on disk: one call, where `fsync` would need one for each of thousands of files."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    finally:
        os.close(descriptor)


def sweep(folder: Path, needed: AbstractSet[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        if path.name not in needed:
            log.info("removing unused code", package=path.name)
            shutil.rmtree(path, ignore_errors=True)

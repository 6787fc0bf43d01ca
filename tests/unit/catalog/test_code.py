"""Code packages on disk."""

import asyncio
import shutil
from pathlib import Path

import pytest

from liuyun.catalog.archive import PackageLimits
from liuyun.catalog.changes import ZipFile
from liuyun.catalog.code import CodePackages
from liuyun.errors import Invalid, InvalidPackage, TooLarge, Unavailable
from liuyun.testing.ids import CountingIds
from tests.conftest import run
from tests.unit.catalog.zips import zipped

PLAIN = zipped(("index.py", b"1"))
WITH_REQUIREMENTS = zipped(("index.py", b"1"), ("requirements.txt", b"six"))
LIMITS = PackageLimits(package_bytes=10**6, unpacked_bytes=10**6, entries=10)


class Pip:
    """Stands for the installer: notes what it was asked, adds a file, or fails."""

    def __init__(self, error: Exception | None = None) -> None:
        self.asked: list[str] = []
        self.error = error

    async def __call__(self, code: Path, runtime: str) -> None:
        self.asked.append(runtime)
        if self.error:
            raise self.error
        (code / "six.py").write_text(runtime)


def packages(folder: Path, pip: Pip | None = None) -> CodePackages:
    folder.mkdir(exist_ok=True)
    return CodePackages(folder=folder, limits=LIMITS, install=pip or Pip(), ids=CountingIds())


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_a_package_is_unpacked_once(tmp_path: Path):
    """The same zip file for two functions is one folder; the zip itself is kept."""

    async def main() -> None:
        code = packages(tmp_path)
        first, second = await code.store(ZipFile(PLAIN), "python3"), await code.store(ZipFile(PLAIN), "nodejs12")
        assert first == second
        assert (code.code_dir(first.name) / "index.py").read_bytes() == b"1"
        assert code.zip_file(first.name).read_bytes() == PLAIN
        assert len(names_in(tmp_path)) == 1

    run(main())


def test_the_same_package_twice_at_once(tmp_path: Path):
    """Two deployments of one package at the same time both succeed."""

    async def main() -> None:
        code = packages(tmp_path)
        first, second = await asyncio.gather(*(code.store(ZipFile(PLAIN), "python3") for _ in range(2)))
        assert first == second
        assert len(names_in(tmp_path)) == 1

    run(main())


def test_requirements_are_installed_once_for_each_runtime(tmp_path: Path):
    """What one runtime needs isn't another's; a runtime of another language needs none."""

    async def main() -> None:
        pip = Pip()
        code = packages(tmp_path, pip)
        names = [(await code.store(ZipFile(WITH_REQUIREMENTS), r)).name for r in ("python3.9", "nodejs12", "python3.9")]
        names.append((await code.store(ZipFile(WITH_REQUIREMENTS), "python3.12")).name)
        assert pip.asked == ["python3.9", "python3.12"]
        assert len(set(names)) == 3
        assert (code.code_dir(names[3]) / "six.py").read_text() == "python3.12"
        assert await code.adapt(names[0], "python3.12") == names[3]

    run(main())


@pytest.mark.parametrize("error", [InvalidPackage("no such project"), Unavailable("no network")])
def test_a_failed_installation_leaves_nothing(tmp_path: Path, error: Exception):
    """The error is the caller's to see, and the next try begins anew."""

    async def main() -> None:
        code = packages(tmp_path, Pip(error))
        with pytest.raises(type(error)):
            await code.store(ZipFile(WITH_REQUIREMENTS), "python3")
        assert names_in(tmp_path) == []

    run(main())


def test_what_is_refused_leaves_nothing(tmp_path: Path):
    """Neither a bad zip file nor a wrong checksum nor one that is too large has a trace on disk."""

    async def main() -> None:
        code = packages(tmp_path)
        for bad, error in (
            (ZipFile(b"zip"), InvalidPackage),
            (ZipFile(PLAIN, "123"), Invalid),
            (ZipFile(zipped(("a", bytes(10**7)))), TooLarge),
            (ZipFile(b"x" * (10**6 + 1)), TooLarge),
        ):
            with pytest.raises(error):
                await code.store(bad, "python3")
        assert names_in(tmp_path) == []

    run(main())


def test_a_disk_that_fails_is_unavailable(tmp_path: Path):
    """A folder that can't be written is the platform's trouble, not the caller's."""

    async def main() -> None:
        code = packages(tmp_path / "code")
        shutil.rmtree(tmp_path / "code")
        (tmp_path / "code").write_text("a file where the folder was")
        with pytest.raises(Unavailable):
            await code.store(ZipFile(PLAIN), "python3")

    run(main())


def test_a_start_removes_what_nobody_needs(tmp_path: Path):
    """Drafts of a crash and code of deleted functions go; needed code stays."""

    async def main() -> None:
        code = packages(tmp_path)
        kept = await code.store(ZipFile(PLAIN), "python3")
        lost = await code.store(ZipFile(zipped(("a", b""))), "python3")
        (tmp_path / ".draft-1/code").mkdir(parents=True)
        await code.start({kept.name})
        assert names_in(tmp_path) == [kept.name]
        assert lost.name != kept.name

    run(main())

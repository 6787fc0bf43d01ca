"""Objects and their contents on disk."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from liuyun.errors import DigestMismatch, Invalid, TooLarge
from liuyun.objects.errors import BucketDenied, BucketExists, BucketNotEmpty, ObjectNotFound
from liuyun.objects.objects import Draft
from liuyun.objects.storage import ObjectStorage, object_storage
from liuyun.objects.uploads import bucket_of
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds
from tests.conftest import run

ACCOUNT, OTHER = "1234567890123456", "6543210987654321"
DRAFT = Draft(ACCOUNT, "shop", "a/b", {"content-type": "text/plain"})


async def parts(*content: bytes) -> AsyncIterator[bytes]:
    for part in content:
        yield part


async def broken() -> AsyncIterator[bytes]:
    yield b"half"
    raise TooLarge("too much")


async def store_in(folder: Path, clock: FakeClock | None = None) -> ObjectStorage:
    on = object_storage(
        db=MemoryDatabase(), clock=clock or FakeClock(), ids=CountingIds(), folder=folder, region="cn-hangzhou"
    )
    await on.objects.start()
    await on.buckets.create(ACCOUNT, "shop")
    return on


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_an_object_replaces_what_was_there(tmp_path: Path):
    """Its old content leaves the disk."""

    async def main() -> None:
        on = await store_in(tmp_path)
        await on.objects.put(DRAFT, parts(b"one"))
        item = await on.objects.put(DRAFT, parts(b"t", b"wo"))
        assert (item.size, item.md5) == (3, "B8A9F715DBB64FD5C56E7783C6820A61")
        assert await on.objects.read_all(ACCOUNT, "shop", "a/b", 100) == b"two"
        assert len(files(tmp_path)) == 1
        await on.objects.delete(ACCOUNT, "shop", "a/b")
        assert not files(tmp_path)

    run(main())


def test_what_breaks_off_leaves_nothing(tmp_path: Path):
    """Neither content that ends early nor content that is not what was announced."""

    async def main() -> None:
        on = await store_in(tmp_path)
        with pytest.raises(TooLarge):
            await on.objects.put(DRAFT, broken())
        with pytest.raises(DigestMismatch):
            await on.objects.put(replace(DRAFT, md5="0" * 32), parts(b"x"))
        with pytest.raises(ObjectNotFound):
            await on.objects.find(ACCOUNT, "shop", "a/b")
        assert not files(tmp_path)

    run(main())


def test_a_start_removes_what_nothing_names(tmp_path: Path):
    """Drafts, and contents whose object was never stored; what an object has stays."""

    async def main() -> None:
        on = await store_in(tmp_path)
        await on.objects.put(DRAFT, parts(b"kept"))
        (tmp_path / ".draft-1").write_bytes(b"x")
        (tmp_path / "ab" / ("ab" * 16)).write_bytes(b"x")
        await on.objects.start()
        assert [path.read_bytes() for path in files(tmp_path)] == [b"kept"]

    run(main())


def test_a_bucket_is_one_accounts(tmp_path: Path):
    """Nobody else makes it, reads in it or deletes it; it goes when it is empty."""

    async def main() -> None:
        on = await store_in(tmp_path)
        await on.objects.put(DRAFT, parts(b"x"))
        with pytest.raises(BucketExists):
            await on.buckets.create(OTHER, "shop")
        with pytest.raises(BucketDenied):
            await on.objects.find(OTHER, "shop", "a/b")
        with pytest.raises(BucketNotEmpty):
            await on.buckets.delete(ACCOUNT, "shop")

    run(main())


@pytest.mark.parametrize("name", ["ab", "Shop", "-shop", "shop-", "s" * 64, "s_hop"])
def test_a_bucket_has_a_name_that_a_host_can_have(tmp_path: Path, name: str):
    """3 to 63 lower-case letters, digits and hyphens."""

    async def main() -> None:
        with pytest.raises(Invalid, match="3 to 63"):
            await (await store_in(tmp_path)).buckets.create(ACCOUNT, name)

    run(main())


def test_code_that_nobody_fetched_goes_after_a_day(tmp_path: Path):
    """When the next package asks for a place."""

    async def main() -> None:
        clock = FakeClock()
        on = await store_in(tmp_path, clock)
        bucket, name = await on.uploads.place(ACCOUNT)
        await on.objects.put(Draft(ACCOUNT, bucket, f"{ACCOUNT}/{name}", {}), parts(b"x"))
        await on.uploads.place(ACCOUNT)
        assert await on.uploads.take(ACCOUNT, bucket, name, 10) == b"x"
        await clock.advance(24 * 3600 + 1)
        await on.uploads.place(ACCOUNT)
        with pytest.raises(Invalid, match="can't be fetched"):
            await on.uploads.take(ACCOUNT, bucket_of(ACCOUNT), name, 10)

    run(main())

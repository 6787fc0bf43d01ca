"""Objects: put, read, deleted and listed. Content is on disk before the database names it, and goes after."""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass

from liuyun.clock import Clock
from liuyun.errors import DigestMismatch, TooLarge
from liuyun.model.object import ObjectPage, StoredObject
from liuyun.objects.blobs import FOLDERS, Blob, Blobs
from liuyun.objects.buckets import existing as existing_bucket
from liuyun.objects.errors import ObjectNotFound
from liuyun.objects.listing import Wanted, fold
from liuyun.objects.rules import check_headers, check_key
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import objects as store


@dataclass(frozen=True, slots=True)
class Draft:
    """An object as it is sent. `md5` in upper-case hexadecimal, empty: not announced; `tag` stands for it where the
    object came in parts.
    """

    account_id: str
    bucket: str
    key: str
    headers: Mapping[str, str]
    md5: str = ""
    tag: str = ""


class Objects:
    def __init__(self, *, db: Database, clock: Clock, blobs: Blobs) -> None:
        self._db = db
        self._clock = clock
        self._blobs = blobs

    async def start(self) -> None:
        """Removes the contents that no object has: those of writes that a crash cut short."""
        await asyncio.to_thread(self._blobs.prepare)
        for folder in FOLDERS:
            there = await asyncio.to_thread(self._blobs.names, folder)
            if there:
                needed = await self._db.read(lambda tx, start=folder: store.blobs(tx, start, f"{start}g"))
                for name in set(there) - needed:
                    await self._blobs.remove(name)

    async def put(self, draft: Draft, content: AsyncIterable[bytes]) -> StoredObject:
        """Takes the place of an object of that name. Raises Invalid, BucketNotFound, BucketDenied, DigestMismatch or
        Unavailable, and what `content` raises.
        """
        check_key(draft.key)
        check_headers(draft.headers)
        await self._db.read(lambda tx: existing_bucket(tx, draft.account_id, draft.bucket))  # before the content
        blob = await self._blobs.write(content)
        try:
            check_digest(draft, blob)
            item = StoredObject(
                draft.bucket, draft.key, blob.name, blob.size, draft.tag or blob.md5, blob.crc64, draft.headers,
                self._clock.now(),
            )  # fmt: skip
            old = await self._db.write(lambda tx: replace(tx, draft.account_id, item))
        except BaseException:
            await self._blobs.remove(blob.name)
            raise
        if old is not None:
            await self._blobs.remove(old.blob)
        return item

    async def find(self, account_id: str, bucket: str, key: str) -> StoredObject:
        """Raises BucketNotFound, BucketDenied or ObjectNotFound."""
        return await self._db.read(lambda tx: existing(tx, account_id, bucket, key))

    def read(self, item: StoredObject, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        return self._blobs.read(item.blob, start, item.size if length is None else length)

    async def read_all(self, account_id: str, bucket: str, key: str, limit: int) -> bytes:
        """Raises BucketNotFound, BucketDenied, ObjectNotFound, or TooLarge beyond `limit` bytes."""
        item = await self.find(account_id, bucket, key)
        if item.size > limit:
            raise TooLarge(f"the object '{key}' has {item.size} bytes; {limit} are allowed", limit=limit)
        return b"".join([chunk async for chunk in self.read(item)])

    async def delete(self, account_id: str, bucket: str, key: str) -> None:
        """Does nothing if it isn't there. Raises BucketNotFound or BucketDenied."""

        def work(tx: Transaction) -> StoredObject | None:
            existing_bucket(tx, account_id, bucket)
            old = store.find(tx, bucket, key)
            store.delete(tx, bucket, key)
            return old

        old = await self._db.write(work)
        if old is not None:
            await self._blobs.remove(old.blob)

    async def list(self, account_id: str, bucket: str, wanted: Wanted) -> ObjectPage:
        """Raises BucketNotFound or BucketDenied."""

        def work(tx: Transaction) -> ObjectPage:
            existing_bucket(tx, account_id, bucket)
            return fold(lambda after, limit: store.page(tx, bucket, wanted.prefix, after, limit), wanted)

        return await self._db.read(work)


def check_digest(draft: Draft, blob: Blob) -> None:
    if draft.md5 not in {"", blob.md5}:
        raise DigestMismatch(f"the MD5 of the content is {blob.md5}, not {draft.md5[:32]}")


def existing(tx: Transaction, account_id: str, bucket: str, key: str) -> StoredObject:
    existing_bucket(tx, account_id, bucket)
    item = store.find(tx, bucket, key)
    if item is None:
        raise ObjectNotFound(bucket, key)
    return item


def replace(tx: Transaction, account_id: str, item: StoredObject) -> StoredObject | None:
    """What was there before."""
    existing_bucket(tx, account_id, item.bucket)
    old = store.find(tx, item.bucket, item.key)
    store.put(tx, item)
    return old

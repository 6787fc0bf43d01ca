"""Objects that are sent in parts: each part is on disk before it is answered, the object once it is completed."""

import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence

from liuyun.clock import Clock
from liuyun.errors import Invalid
from liuyun.ids import Ids
from liuyun.model.object import Part, StoredObject, Upload
from liuyun.objects.blobs import Blobs
from liuyun.objects.buckets import existing as existing_bucket
from liuyun.objects.errors import PartInvalid, UploadNotFound
from liuyun.objects.objects import Draft, Objects
from liuyun.objects.rules import check_headers, check_key
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import uploads as store

MOST_PARTS = 10_000
ID_BYTES = 16
Place = tuple[str, str, str]  # (account_id, bucket, key)


class Multipart:
    def __init__(self, *, db: Database, clock: Clock, ids: Ids, blobs: Blobs, objects: Objects) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._blobs = blobs
        self._objects = objects

    async def begin(self, place: Place, headers: Mapping[str, str]) -> Upload:
        """Raises Invalid, BucketNotFound or BucketDenied."""
        account_id, bucket, key = place
        check_key(key)
        check_headers(headers)
        upload = Upload(self._ids.hex(ID_BYTES).upper(), bucket, key, headers, self._clock.now())

        def work(tx: Transaction) -> None:
            existing_bucket(tx, account_id, bucket)
            store.insert(tx, upload)

        await self._db.write(work)
        return upload

    async def put(self, place: Place, upload_id: str, number: int, content: AsyncIterable[bytes]) -> Part:
        """Takes the place of a part of that number. Raises Invalid, UploadNotFound, and what `content` raises."""
        if not 1 <= number <= MOST_PARTS:
            raise Invalid(f"partNumber must be from 1 to {MOST_PARTS}, but is {number}")
        await self._db.read(lambda tx: existing(tx, place, upload_id))  # before the content
        blob = await self._blobs.write(content)
        part = Part(upload_id, number, blob.name, blob.size, blob.md5, blob.crc64, self._clock.now())

        def work(tx: Transaction) -> Part | None:
            existing(tx, place, upload_id)
            old = store.find_part(tx, upload_id, number)
            store.put_part(tx, part)
            return old

        try:
            old = await self._db.write(work)
        except BaseException:
            await self._blobs.remove(blob.name)
            raise
        if old is not None:
            await self._blobs.remove(old.blob)
        return part

    async def parts(self, place: Place, upload_id: str, *, after: int = 0, limit: int = MOST_PARTS) -> Sequence[Part]:
        """Raises UploadNotFound."""

        def work(tx: Transaction) -> list[Part]:
            existing(tx, place, upload_id)
            return store.parts(tx, upload_id, after, limit)

        return await self._db.read(work)

    async def complete(self, place: Place, upload_id: str, wanted: Sequence[tuple[int, str]]) -> StoredObject:
        """Joins the parts that are named by number and MD5. Raises PartInvalid, UploadNotFound or Unavailable."""
        account_id, bucket, key = place
        upload = await self._db.read(lambda tx: existing(tx, place, upload_id))
        there = await self.parts(place, upload_id)
        joined = chosen(there, wanted)
        draft = Draft(account_id, bucket, key, upload.headers, tag=tag_of(joined))
        item = await self._objects.put(draft, self._content(joined))
        await self._forget(upload_id, there)
        return item

    async def abort(self, place: Place, upload_id: str) -> None:
        """Raises UploadNotFound."""
        await self._forget(upload_id, await self.parts(place, upload_id))

    async def list(self, account_id: str, bucket: str, *, key: str, upload_id: str, limit: int) -> Sequence[Upload]:
        """After an upload of a key. Raises BucketNotFound or BucketDenied."""

        def work(tx: Transaction) -> list[Upload]:
            existing_bucket(tx, account_id, bucket)
            return store.page(tx, bucket, key, upload_id, limit)

        return await self._db.read(work)

    async def _content(self, parts: Sequence[Part]) -> AsyncIterator[bytes]:
        for part in parts:
            async for chunk in self._blobs.read(part.blob, 0, part.size):
                yield chunk

    async def _forget(self, upload_id: str, parts: Sequence[Part]) -> None:
        await self._db.write(lambda tx: store.delete(tx, upload_id))
        for part in parts:
            await self._blobs.remove(part.blob)


def existing(tx: Transaction, place: Place, upload_id: str) -> Upload:
    account_id, bucket, key = place
    existing_bucket(tx, account_id, bucket)
    upload = store.find(tx, upload_id)
    if upload is None or (upload.bucket, upload.key) != (bucket, key):
        raise UploadNotFound(upload_id)
    return upload


def chosen(there: Sequence[Part], wanted: Sequence[tuple[int, str]]) -> list[Part]:
    """The parts in the order of their numbers. Raises PartInvalid."""
    if not wanted:
        raise PartInvalid("the list of parts must name at least one")
    by_number = {part.number: part for part in there}
    numbers = [number for number, _ in wanted]
    if numbers != sorted(set(numbers)):
        raise PartInvalid("the parts must be listed once each, by rising number")
    for number, md5 in wanted:
        part = by_number.get(number)
        if part is None or part.md5 != md5.strip('"').upper():
            raise PartInvalid(f"part {number} was not uploaded, or is another one than the list says")
    return [by_number[number] for number in numbers]


def tag_of(parts: Sequence[Part]) -> str:
    """As the vendor makes it: the MD5 of the parts' digests, and their number."""
    digests = b"".join(bytes.fromhex(part.md5) for part in parts)
    return f"{hashlib.md5(digests, usedforsecurity=False).hexdigest().upper()}-{len(parts)}"

"""Code packages on their way: tools put them into a bucket of the platform's before they name them in a call.

What nobody fetched within a day is removed when the next package asks for a place.
"""

from datetime import UTC, datetime

from liuyun.clock import Clock
from liuyun.errors import Invalid
from liuyun.ids import Ids
from liuyun.objects.buckets import Buckets
from liuyun.objects.errors import BucketNotFound, ObjectNotFound
from liuyun.objects.listing import Wanted
from liuyun.objects.objects import Objects

KEPT_MS = 24 * 3600 * 1000


class Uploads:
    def __init__(self, *, buckets: Buckets, objects: Objects, clock: Clock, ids: Ids) -> None:
        self._buckets = buckets
        self._objects = objects
        self._clock = clock
        self._ids = ids

    async def place(self, account_id: str) -> tuple[str, str]:
        """A bucket, and the name of an object that isn't there yet; clients put the account and a slash before it."""
        bucket = bucket_of(account_id)
        await self._buckets.create(account_id, bucket)
        await self._sweep(account_id, bucket)
        stamp = datetime.fromtimestamp(self._clock.now() / 1000, UTC)
        return bucket, f"{stamp:%Y%m%dT%H%M%S}-{self._ids.hex(8)}"

    async def take(self, account_id: str, bucket: str, key: str, limit: int) -> bytes:
        """The package in an object, in any bucket of the account. Raises Invalid, BucketDenied or TooLarge."""
        try:
            return await self._objects.read_all(account_id, bucket, key, limit)
        except (BucketNotFound, ObjectNotFound) as error:
            if bucket == bucket_of(account_id) and not key.startswith(f"{account_id}/"):
                return await self.take(account_id, bucket, f"{account_id}/{key}", limit)
            raise Invalid(f"the code can't be fetched: {error.message}") from None

    async def _sweep(self, account_id: str, bucket: str) -> None:
        """Names begin with their time, so the oldest stand first."""
        page = await self._objects.list(account_id, bucket, Wanted(limit=100))
        for item in page.objects:
            if item.updated_at + KEPT_MS > self._clock.now():
                return
            await self._objects.delete(account_id, bucket, item.key)


def bucket_of(account_id: str) -> str:
    return f"liuyun-code-{account_id}"

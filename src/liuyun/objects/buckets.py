"""Buckets: what objects lie in, each one account's."""

from liuyun.clock import Clock
from liuyun.errors import Invalid
from liuyun.model.object import Bucket
from liuyun.model.page import Page
from liuyun.objects.errors import BucketDenied, BucketExists, BucketNotEmpty, BucketNotFound
from liuyun.objects.rules import check_bucket
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import objects as store
from liuyun.storage.stores import uploads

MOST_BUCKETS = 100  # of one account, as on the vendor's side


class Buckets:
    def __init__(self, *, db: Database, clock: Clock, region: str) -> None:
        self._db = db
        self._clock = clock
        self._region = region

    async def create(self, account_id: str, name: str) -> Bucket:
        """Does nothing if the account has it. Raises Invalid or BucketExists."""
        check_bucket(name)
        bucket = Bucket(name, account_id, self._region, self._clock.now())

        def work(tx: Transaction) -> Bucket:
            there = store.find_bucket(tx, name)
            if there is not None and there.account_id != account_id:
                raise BucketExists(name)
            if there is None and len(store.page_buckets(tx, account_id, "", "", MOST_BUCKETS)) >= MOST_BUCKETS:
                raise Invalid(f"an account must have at most {MOST_BUCKETS} buckets; delete one first")
            store.insert_bucket(tx, bucket)
            return there or bucket

        return await self._db.write(work)

    async def get(self, account_id: str, name: str) -> Bucket:
        """Raises BucketNotFound or BucketDenied."""
        return await self._db.read(lambda tx: existing(tx, account_id, name))

    async def list(self, account_id: str, *, prefix: str = "", after: str = "", limit: int = 100) -> Page[Bucket]:
        found = await self._db.read(lambda tx: store.page_buckets(tx, account_id, prefix, after, limit + 1))
        return Page(found[:limit], found[limit - 1].name if len(found) > limit else None)

    async def delete(self, account_id: str, name: str) -> None:
        """Raises BucketNotFound, BucketDenied or BucketNotEmpty."""

        def work(tx: Transaction) -> None:
            existing(tx, account_id, name)
            if store.page(tx, name, "", "", 1) or uploads.page(tx, name, "", "", 1):
                raise BucketNotEmpty(name)
            store.delete_bucket(tx, name)

        await self._db.write(work)


def existing(tx: Transaction, account_id: str, name: str) -> Bucket:
    bucket = store.find_bucket(tx, name)
    if bucket is None:
        raise BucketNotFound(name)
    if bucket.account_id != account_id:
        raise BucketDenied(f"the bucket {name} is another account's")
    return bucket

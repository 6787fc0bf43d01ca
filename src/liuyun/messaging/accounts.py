"""What an account sets for its message service as a whole."""

from functools import partial

from liuyun.errors import Invalid
from liuyun.storage.database import Database
from liuyun.storage.stores import queues as store

LONGEST_BUCKET = 256


class Accounts:
    def __init__(self, *, db: Database) -> None:
        self._db = db

    async def logging_bucket(self, account_id: str) -> str:
        """Kept for clients that set it; messages are not logged into a bucket."""
        return await self._db.read(partial(store.logging_bucket, account_id=account_id))

    async def set_logging_bucket(self, account_id: str, bucket: str) -> None:
        if len(bucket) > LONGEST_BUCKET:
            raise Invalid(f"The value of LoggingBucket has at most {LONGEST_BUCKET} characters.")
        await self._db.write(partial(store.set_logging_bucket, account_id=account_id, bucket=bucket))

"""Buckets and objects; the content of an object is not in the database."""

import msgspec

from liuyun.model.object import Bucket, StoredObject
from liuyun.storage.database import Row, Transaction


def insert_bucket(tx: Transaction, bucket: Bucket) -> bool:
    """False if the name is taken."""
    document = msgspec.json.encode(bucket).decode()
    return bool(tx.run("objects.insert_bucket", name=bucket.name, account_id=bucket.account_id, document=document))


def find_bucket(tx: Transaction, name: str) -> Bucket | None:
    row = tx.one("objects.find_bucket", name=name)
    return msgspec.json.decode(row["document"], type=Bucket) if row else None


def page_buckets(tx: Transaction, account_id: str, prefix: str, after: str, limit: int) -> list[Bucket]:
    rows = tx.all(
        "objects.page_buckets",
        account_id=account_id,
        prefix=prefix,
        prefix_length=len(prefix),
        after=after,
        limit=limit,
    )
    return [msgspec.json.decode(row["document"], type=Bucket) for row in rows]


def delete_bucket(tx: Transaction, name: str) -> None:
    tx.run("objects.delete_bucket", name=name)


def put(tx: Transaction, item: StoredObject) -> None:
    document = msgspec.json.encode(item).decode()
    tx.run("objects.put", bucket=item.bucket, key=item.key, blob=item.blob, document=document)


def find(tx: Transaction, bucket: str, key: str) -> StoredObject | None:
    row = tx.one("objects.find", bucket=bucket, key=key)
    return to_object(row) if row else None


def page(tx: Transaction, bucket: str, prefix: str, after: str, limit: int) -> list[StoredObject]:
    rows = tx.all("objects.page", bucket=bucket, prefix=prefix, prefix_length=len(prefix), after=after, limit=limit)
    return [to_object(row) for row in rows]


def delete(tx: Transaction, bucket: str, key: str) -> None:
    tx.run("objects.delete", bucket=bucket, key=key)


def blobs(tx: Transaction, start: str, end: str) -> set[str]:
    """Names of contents from `start` on, before `end`, that an object or a part of one has."""
    return {row["blob"] for row in tx.all("objects.blobs", start=start, end=end)}


def to_object(row: Row) -> StoredObject:
    return msgspec.json.decode(row["document"], type=StoredObject)

"""Uploads in parts."""

import msgspec

from liuyun.model.object import Part, Upload
from liuyun.storage.database import Row, Transaction


def insert(tx: Transaction, upload: Upload) -> None:
    document = msgspec.json.encode(upload).decode()
    tx.run("uploads.insert", upload_id=upload.upload_id, bucket=upload.bucket, key=upload.key, document=document)


def find(tx: Transaction, upload_id: str) -> Upload | None:
    row = tx.one("uploads.find", upload_id=upload_id)
    return msgspec.json.decode(row["document"], type=Upload) if row else None


def page(tx: Transaction, bucket: str, key: str, upload_id: str, limit: int) -> list[Upload]:
    """After an upload of a key."""
    rows = tx.all("uploads.page", bucket=bucket, key=key, upload_id=upload_id, limit=limit)
    return [msgspec.json.decode(row["document"], type=Upload) for row in rows]


def delete(tx: Transaction, upload_id: str) -> None:
    tx.run("uploads.delete", upload_id=upload_id)
    tx.run("uploads.delete_parts", upload_id=upload_id)


def put_part(tx: Transaction, part: Part) -> None:
    document = msgspec.json.encode(part).decode()
    tx.run("uploads.put_part", upload_id=part.upload_id, number=part.number, blob=part.blob, document=document)


def find_part(tx: Transaction, upload_id: str, number: int) -> Part | None:
    row = tx.one("uploads.find_part", upload_id=upload_id, number=number)
    return to_part(row) if row else None


def parts(tx: Transaction, upload_id: str, after: int, limit: int) -> list[Part]:
    return [to_part(row) for row in tx.all("uploads.parts", upload_id=upload_id, after=after, limit=limit)]


def to_part(row: Row) -> Part:
    return msgspec.json.decode(row["document"], type=Part)

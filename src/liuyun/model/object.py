"""Buckets and the objects in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bucket:
    """Names are shared by all accounts, as on the vendor's side: a bucket's name is part of a host name."""

    name: str
    account_id: str
    region: str
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class StoredObject:
    """`md5` is in upper-case hexadecimal and `crc64` in decimal, as the vendor shows them; `blob` names the content.
    Where the object came in parts, `md5` is that of their digests, with their number behind a hyphen.

    `headers` are those that come back as they were sent: the content's type and encoding, and what the user adds.
    """

    bucket: str
    key: str
    blob: str
    size: int
    md5: str
    crc64: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class Upload:
    """An object that is sent in parts and isn't whole yet."""

    upload_id: str
    bucket: str
    key: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    created_at: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    upload_id: str
    number: int
    blob: str
    size: int
    md5: str
    crc64: str
    updated_at: int = 0


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """A page of a bucket's list. `next_key` is what the next page comes after; None on the last one."""

    objects: Sequence[StoredObject]
    prefixes: Sequence[str]  # what keys have in common up to the delimiter, once each
    next_key: str | None = None

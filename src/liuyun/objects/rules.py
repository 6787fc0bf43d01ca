"""What buckets and objects may be called. Source: triggers contract 3.1. What breaks a rule raises Invalid."""

import re
from collections.abc import Mapping

from liuyun.errors import Invalid
from liuyun.objects.errors import BucketNameInvalid, ObjectNameInvalid

BUCKET = re.compile(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]")
KEY_BYTES = 1023
METADATA_BYTES = 8 * 1024


def check_bucket(name: str) -> None:
    if BUCKET.fullmatch(name) is None:
        raise BucketNameInvalid(
            "a bucket's name must have 3 to 63 lower-case letters, digits and hyphens and must not begin or end with a "
            f"hyphen, but is '{name[:80]}'"
        )


def check_key(key: str) -> None:
    if not 1 <= len(key.encode()) <= KEY_BYTES or key.startswith(("/", "\\")) or "\0" in key:
        raise ObjectNameInvalid(
            f"an object's name must have 1 to {KEY_BYTES} bytes and must not begin with a slash, but is '{key[:80]}'"
        )


def check_headers(headers: Mapping[str, str]) -> None:
    size = sum(len(name) + len(value) for name, value in headers.items())
    if size > METADATA_BYTES:
        raise Invalid(f"the metadata of an object must have at most {METADATA_BYTES} bytes, but has {size}")

"""The two date forms of signed requests."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache

from liuyun.errors import InvalidDate


@lru_cache(maxsize=64)  # all requests of a second carry the same one
def from_http(text: str) -> int:
    """Milliseconds of an RFC 1123 date, `Mon, 23 Nov 2026 08:18:10 GMT`."""
    try:
        return round(parsedate_to_datetime(text).timestamp() * 1000)
    except (ValueError, TypeError, OverflowError):
        raise InvalidDate(f"The date '{text[:80]}' is not an RFC 1123 date in GMT.") from None


@lru_cache(maxsize=64)
def from_iso(text: str) -> int:
    """Milliseconds of `2026-11-23T08:18:10Z`."""
    try:
        return round(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        raise InvalidDate(f"The date '{text[:80]}' is not of the form 2026-11-23T08:18:10Z.") from None

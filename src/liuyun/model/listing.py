"""Which part of a list is wanted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listing:
    """Names with `prefix`, from `start` on (itself included), behind `after` (where the page before ended)."""

    limit: int = 20
    prefix: str = ""
    start: str = ""
    after: str = ""

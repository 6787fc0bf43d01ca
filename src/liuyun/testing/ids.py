"""Ids that count, for readable tests."""

from itertools import count


class CountingIds:
    def __init__(self) -> None:
        self._next = count(1)
        self._fractions = count(1)

    def uuid(self) -> str:
        return f"00000000-0000-4000-8000-{next(self._next):012d}"

    def fraction(self) -> float:
        return next(self._fractions) * 0.37 % 1.0

    def hex(self, n_bytes: int) -> str:
        return f"{next(self._next):0{n_bytes * 2}x}"

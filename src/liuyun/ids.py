"""Chance, passed in."""

import os
import threading
from typing import Protocol


class Ids(Protocol):
    def uuid(self) -> str:
        """A lower-case UUID with dashes."""
        ...

    def hex(self, n_bytes: int) -> str:
        """Lower-case hexadecimal text of `n_bytes` unguessable bytes."""
        ...

    def fraction(self) -> float:
        """A number from 0 to 1, without 1."""
        ...


BLOCK = 4096
AHEAD = 256  # UUIDs made at a time
VARIANT = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))  # RFC 9562


class SystemIds:
    """Takes chance in blocks: asking the system gives the interpreter away, which costs far more than the bytes do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._block = b""
        self._uuids: list[str] = []
        os.register_at_fork(after_in_child=self._forget)  # a child must not draw what its parent draws

    def uuid(self) -> str:
        try:
            return self._uuids.pop()  # there is one in each request
        except IndexError:
            uuids = version_4(os.urandom(16 * AHEAD).hex())
            self._uuids = uuids[1:]  # all of them new, whichever thread comes first
            return uuids[0]

    def hex(self, n_bytes: int) -> str:
        return self._take(n_bytes).hex()

    def fraction(self) -> float:
        return (int.from_bytes(self._take(7)) >> 3) / (1 << 53)

    def _take(self, n_bytes: int) -> bytes:
        if n_bytes > BLOCK:
            return os.urandom(n_bytes)
        with self._lock:
            if len(self._block) < n_bytes:
                self._block = os.urandom(BLOCK)
            taken, self._block = self._block[:n_bytes], self._block[n_bytes:]
            return taken

    def _forget(self) -> None:
        self._lock = threading.Lock()
        self._block = b""
        self._uuids = []


def version_4(digits: str) -> list[str]:
    """One UUID from every 32 random hexadecimal digits."""
    parts = [digits[start : start + 32] for start in range(0, len(digits), 32)]
    return [f"{d[:8]}-{d[8:12]}-4{d[13:16]}-{VARIANT[d[16]]}{d[17:20]}-{d[20:]}" for d in parts]

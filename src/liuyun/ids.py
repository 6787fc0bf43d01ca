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
VERSION_4 = 0x4000_8000_0000_0000_0000  # version and variant (RFC 9562)
RANDOM_BITS = ~0xF000_C000_0000_0000_0000


class SystemIds:
    """Takes chance in blocks: asking the system gives the interpreter away, which costs far more than the bytes do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._block = b""
        os.register_at_fork(after_in_child=self._forget)  # a child must not draw what its parent draws

    def uuid(self) -> str:
        number = int.from_bytes(self._take(16)) & RANDOM_BITS | VERSION_4
        digits = f"{number:032x}"  # three times as fast as by way of uuid.UUID, and there is one in each request
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

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

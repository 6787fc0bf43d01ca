"""Chance, passed in."""

import os
import threading
import uuid
from typing import Protocol


class Ids(Protocol):
    def uuid(self) -> str:
        """A lower-case UUID with dashes."""
        ...

    def hex(self, n_bytes: int) -> str:
        """Lower-case hexadecimal text of `n_bytes` unguessable bytes."""
        ...


BLOCK = 4096


class SystemIds:
    """Takes chance in blocks: asking the system gives the interpreter away, which costs far more than the bytes do."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._block = b""
        os.register_at_fork(after_in_child=self._forget)  # a child must not draw what its parent draws

    def uuid(self) -> str:
        return str(uuid.UUID(bytes=self._take(16), version=4))

    def hex(self, n_bytes: int) -> str:
        return self._take(n_bytes).hex()

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

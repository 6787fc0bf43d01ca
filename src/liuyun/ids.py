"""Chance, passed in."""

import os
import uuid
from typing import Protocol


class Ids(Protocol):
    def uuid(self) -> str:
        """A lower-case UUID with dashes."""
        ...

    def hex(self, n_bytes: int) -> str:
        """Lower-case hexadecimal text of `n_bytes` unguessable bytes."""
        ...


class SystemIds:
    def uuid(self) -> str:
        return str(uuid.UUID(bytes=os.urandom(16), version=4))

    def hex(self, n_bytes: int) -> str:
        return os.urandom(n_bytes).hex()

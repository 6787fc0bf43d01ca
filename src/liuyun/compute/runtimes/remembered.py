"""Facts about this machine that don't change while the platform runs, such as where an interpreter is."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """`find` may block, and is asked once for each name; who asks again needn't wait for a thread to come and go."""

    def __init__(self, find: Callable[[str], T]) -> None:
        self._find = find
        self._found: dict[str, T] = {}

    async def of(self, name: str) -> T:
        """Raises what `find` does, which is asked again then."""
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = await asyncio.to_thread(self._find, name)
        return found

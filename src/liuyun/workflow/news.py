"""Who waits for the next event of an execution: told after each commit, by nobody else."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from liuyun.model.execution import ExecutionKey


class News:
    def __init__(self) -> None:
        self._followers: dict[ExecutionKey, set[asyncio.Future[None]]] = {}
        self._is_ending = False

    @contextmanager
    def following(self, key: ExecutionKey) -> Generator[asyncio.Future[None]]:
        """A future of the next commit of this execution. Begin to follow before you look, or you may miss one."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if self._is_ending:
            future.set_result(None)
        followers = self._followers.setdefault(key, set())
        followers.add(future)
        try:
            yield future
        finally:
            followers.discard(future)
            if not followers and self._followers.get(key) is followers:
                del self._followers[key]

    def tell(self, key: ExecutionKey) -> None:
        release(self._followers.pop(key, ()))

    def end(self) -> None:
        """Whoever follows, now or later, waits no more: the platform stops."""
        self._is_ending = True
        for key in list(self._followers):
            self.tell(key)


def release(followers: "set[asyncio.Future[None]] | tuple[()]") -> None:
    for follower in followers:
        if not follower.done():
            follower.set_result(None)

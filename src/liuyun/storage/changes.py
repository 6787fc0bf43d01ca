"""Which tables have changed: told after each commit to whoever listens just then, and no more than that."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager

from liuyun.clock import Clock, wait_for


class Listener:
    """What has changed since it was last taken: each table once, however often it was written."""

    def __init__(self, is_over: bool) -> None:
        self.loop = asyncio.get_running_loop()
        self.is_over = is_over
        self._tables: set[str] = set()
        self._woken: asyncio.Future[None] | None = None

    async def take(self, clock: Clock, deadline: int) -> frozenset[str]:
        """At once if there is something, else as soon as there is; nothing at `deadline` (of the
        steady clock), or when it is over.
        """
        if not self._tables and not self.is_over:
            self._woken = self.loop.create_future()
            try:
                await wait_for(clock, self._woken, deadline - clock.steady())
            except TimeoutError:
                return frozenset()
        found, self._tables = frozenset(self._tables), set[str]()
        return found

    def hear(self, tables: frozenset[str], *, last: bool = False) -> None:
        self._tables |= tables
        self.is_over |= last
        if self._woken is not None and not self._woken.done():
            self._woken.set_result(None)


class Changes:
    """Of one database. What a commit costs by it is nothing as long as nobody listens."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()
        self._is_ending = False

    @property
    def listening(self) -> int:
        """How many there are."""
        return len(self._listeners)

    @contextmanager
    def heard(self) -> Generator[Listener]:
        """Every commit from here on. Begin to listen before you look, or you may miss one."""
        listener = Listener(self._is_ending)
        self._listeners = (*self._listeners, listener)
        try:
            yield listener
        finally:
            self._listeners = tuple(each for each in self._listeners if each is not listener)

    def committed(self, tables: frozenset[str]) -> None:
        """From any thread. A commit that was undone in part may be told of wholly: whoever listens looks again."""
        for listener in self._listeners if tables else ():
            if not listener.loop.is_closed():
                listener.loop.call_soon_threadsafe(listener.hear, tables)

    def end(self) -> None:
        """Whoever listens, now or later, hears no more: the platform stops."""
        self._is_ending = True
        for listener in self._listeners:
            listener.hear(frozenset(), last=True)

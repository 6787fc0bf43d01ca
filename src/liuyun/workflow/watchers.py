"""Who waits for executions to end."""

from collections.abc import Callable
from functools import partial

from liuyun.model.execution import ExecutionKey
from liuyun.storage.stores.executions import Ending

Tell = Callable[[Ending | None], None]  # how it ended; None: nothing will be known of that any more


class Watchers:
    def __init__(self) -> None:
        self._waiting: dict[ExecutionKey, list[Tell]] = {}
        self._is_ending = False

    def __len__(self) -> int:
        """How many executions are watched."""
        return len(self._waiting)

    def watch(self, key: ExecutionKey, tell: Tell) -> Callable[[], None]:
        """Has an end told, once; one that has been before is not. Call the answer when nobody wants to know any more.

        Whoever watches when the platform ends, or comes then, is told None.
        """
        if self._is_ending:
            tell(None)
            return forget
        self._waiting.setdefault(key, []).append(tell)
        return partial(self._leave, key, tell)

    def ended(self, key: ExecutionKey, ending: Ending | None) -> None:
        for tell in self._waiting.pop(key, ()):
            tell(ending)

    def end(self) -> None:
        self._is_ending = True
        for key in list(self._waiting):
            self.ended(key, None)

    def _leave(self, key: ExecutionKey, tell: Tell) -> None:
        waiting = self._waiting.get(key)
        if waiting is not None and tell in waiting:
            waiting.remove(tell)
            if not waiting:
                del self._waiting[key]


def forget(*_: object) -> None:
    """There is nothing to leave, or nobody to tell."""

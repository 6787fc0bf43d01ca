"""A fair queue: items wait in lanes that are served in turn, and no lane may keep all the places for itself."""

from collections import OrderedDict, deque
from collections.abc import Hashable
from typing import Generic, TypeVar

L = TypeVar("L", bound=Hashable)
T = TypeVar("T")


class Lanes(Generic[L, T]):
    """`places` items may be out at once, `share` of one lane. Take one, and give its place back when it is done."""

    def __init__(self, *, places: int, share: int) -> None:
        self._free = places
        self._share = share
        self._waiting: OrderedDict[L, deque[T]] = OrderedDict()  # lanes with something to take, next one first
        self._out: dict[L, int] = {}
        self._full: dict[L, deque[T]] = {}  # lanes that have their share out
        self._size = 0

    def __len__(self) -> int:
        """How many items wait."""
        return self._size

    def waiting(self, lane: L) -> int:
        """How many items of one lane wait."""
        return len(self._waiting.get(lane) or self._full.get(lane) or ())

    def out(self, lane: L) -> int:
        """How many items of one lane are out."""
        return self._out.get(lane, 0)

    def put(self, lane: L, item: T) -> None:
        queue = self._full.get(lane) or self._waiting.get(lane)
        if queue is not None:
            queue.append(item)
        elif self._out.get(lane, 0) < self._share:
            self._waiting[lane] = deque([item])
        else:
            self._full[lane] = deque([item])
        self._size += 1

    def take(self) -> tuple[L, T] | None:
        """The next item and its lane; None if nothing waits or no place is free."""
        if not self._free or not self._waiting:
            return None
        lane, queue = self._waiting.popitem(last=False)
        item = queue.popleft()
        self._free -= 1
        self._size -= 1
        self._out[lane] = self._out.get(lane, 0) + 1
        if queue:
            waiting = self._waiting if self._out[lane] < self._share else self._full
            waiting[lane] = queue
        return lane, item

    def give_back(self, lane: L) -> None:
        self._free += 1
        self._out[lane] -= 1
        if not self._out[lane]:
            del self._out[lane]
        queue = self._full.pop(lane, None)
        if queue is not None:
            self._waiting[lane] = queue

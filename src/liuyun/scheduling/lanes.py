"""Which lanes may have how much more work under way.

Whatever waits to be done stands in a lane: the deliveries of one subscription, the invocations of one function. A lane
is served when its next piece of work is due, the one that was served longest ago first, a few pieces at a time, so that
one with a long backlog, or a slow one, takes neither the others' turn nor their places. Numbers only: what the work
is, and how it is done, is not decided here.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(slots=True)
class Lane:
    """`due_at`: when the earliest work that is not under way is due; None when there is none."""

    due_at: int | None
    limit: int
    under_way: int = 0

    def room(self) -> int:
        return max(0, self.limit - self.under_way)


class Lanes(Generic[K]):
    def __init__(self, *, places: int, lane_limit: int, turn: int) -> None:
        self._lanes: dict[K, Lane] = {}  # the longest unserved first
        self._places = places
        self._lane_limit = lane_limit
        self._turn = turn
        self.under_way = 0

    def due(self, keys: Iterable[K], instant: int) -> None:
        for key in keys:
            lane = self._lanes.setdefault(key, Lane(None, self._lane_limit))
            lane.due_at = instant if lane.due_at is None else min(lane.due_at, instant)

    def share(self, now: int) -> dict[K, int]:
        """How much to take up for each lane whose turn it is. It counts as under way from now on."""
        free = self._places - self.under_way
        turns: dict[K, int] = {}
        for key, lane in self._lanes.items():
            if free <= 0:
                break
            if lane.due_at is not None and lane.due_at <= now and (count := min(lane.room(), self._turn, free)):
                turns[key] = count
                free -= count
        for key, count in turns.items():
            lane = self._lanes.pop(key)
            lane.under_way += count
            self.under_way += count
            lane.due_at = None  # until `taken` tells; what becomes due meanwhile is noted by `due`
            self._lanes[key] = lane
        return turns

    def taken(self, key: K, unused: int, next_due: int | None, limit: int | None = None) -> None:
        """What came of a turn: places that were not needed, and when the lane's next work is due."""
        lane = self._lanes[key]
        if limit is not None:
            lane.limit = limit
        if next_due is not None:
            self.due([key], next_due)
        self.done(key, unused)

    def done(self, key: K, count: int = 1) -> None:
        lane = self._lanes[key]
        lane.under_way -= count
        self.under_way -= count
        if lane.under_way == 0 and lane.due_at is None:
            del self._lanes[key]

    def next_due(self) -> int | None:
        """When there is something to share out again, as far as it isn't waiting for a place."""
        if self.under_way >= self._places:
            return None
        return min(
            (lane.due_at for lane in self._lanes.values() if lane.due_at is not None and lane.room()), default=None
        )

    def __len__(self) -> int:
        return len(self._lanes)

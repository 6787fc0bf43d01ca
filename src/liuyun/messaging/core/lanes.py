"""Which subscriptions may have how many more deliveries under way.

Each subscription with stored deliveries has a lane. A lane is served when its next delivery is due, the one that was
served longest ago first, a few deliveries at a time, so that a subscriber with a long backlog, or a slow one, takes
neither the others' turn nor their places. Numbers only: what is delivered, and how, is not decided here.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(slots=True)
class Lane:
    """`due_at`: when the earliest delivery that is not under way is due; None when there is none."""

    due_at: int | None
    limit: int
    under_way: int = 0

    def room(self) -> int:
        return max(0, self.limit - self.under_way)


class Lanes:
    def __init__(self, *, places: int, lane_limit: int, turn: int) -> None:
        self._lanes: dict[int, Lane] = {}  # the longest unserved first
        self._places = places
        self._lane_limit = lane_limit
        self._turn = turn
        self.under_way = 0

    def due(self, subscriptions: Iterable[int], instant: int) -> None:
        for subscription_id in subscriptions:
            lane = self._lanes.setdefault(subscription_id, Lane(None, self._lane_limit))
            lane.due_at = instant if lane.due_at is None else min(lane.due_at, instant)

    def share(self, now: int) -> dict[int, int]:
        """How many deliveries to take up for each lane whose turn it is. They count as under way from now on."""
        free = self._places - self.under_way
        turns: dict[int, int] = {}
        for subscription_id, lane in self._lanes.items():
            if free <= 0:
                break
            if lane.due_at is not None and lane.due_at <= now and (count := min(lane.room(), self._turn, free)):
                turns[subscription_id] = count
                free -= count
        for subscription_id, count in turns.items():
            lane = self._lanes.pop(subscription_id)
            lane.under_way += count
            self.under_way += count
            lane.due_at = None  # until `taken` tells; what becomes due meanwhile is noted by `due`
            self._lanes[subscription_id] = lane
        return turns

    def taken(self, subscription_id: int, unused: int, next_due: int | None, limit: int | None = None) -> None:
        """What came of a turn: places that were not needed, and when the lane's next delivery is due."""
        lane = self._lanes[subscription_id]
        if limit is not None:
            lane.limit = limit
        if next_due is not None:
            self.due([subscription_id], next_due)
        self.done(subscription_id, unused)

    def done(self, subscription_id: int, count: int = 1) -> None:
        lane = self._lanes[subscription_id]
        lane.under_way -= count
        self.under_way -= count
        if lane.under_way == 0 and lane.due_at is None:
            del self._lanes[subscription_id]

    def next_due(self) -> int | None:
        """When there is something to share out again, as far as it isn't waiting for a place."""
        if self.under_way >= self._places:
            return None
        return min(
            (lane.due_at for lane in self._lanes.values() if lane.due_at is not None and lane.room()), default=None
        )

    def __len__(self) -> int:
        return len(self._lanes)

"""All lanes of this node, found by what is called."""

from collections.abc import Collection, Iterator

from liuyun.compute.core.sharing import Name
from liuyun.compute.lane import Key, Lane
from liuyun.model.function import Deployed

Qualified = tuple[str, str, str, str]  # account, service, function, qualifier


class Lanes:
    """`apart` are the qualifiers with configurations of their own; all others of a revision share its instances."""

    def __init__(self, idle_ms: int) -> None:
        self.apart: set[Qualified] = set()
        self._idle_ms = idle_ms
        self._lanes: dict[Key, Lane] = {}

    def __iter__(self) -> Iterator[Lane]:
        return iter(self._lanes.values())

    def __len__(self) -> int:
        return len(self._lanes)

    def of(self, deployed: Deployed) -> Lane:
        """The lane for a call, made if there is none."""
        key = self._key(deployed)
        lane = self._lanes.get(key)
        if lane is None:
            lane = self._lanes[key] = Lane(deployed, key[4], self._idle_ms)
        lane.superseded = False  # or nobody would be sent here
        lane.names.add(deployed.qualifier)
        return lane

    def find(self, deployed: Deployed) -> Lane | None:
        return self._lanes.get(self._key(deployed))

    def of_function(self, name: Name) -> list[Lane]:
        return [lane for lane in self._lanes.values() if lane.function == name]

    def led(self, service: tuple[str, str], qualifier: str, versions: Collection[str]) -> list[Lane]:
        """A qualifier leads to these versions alone from now on: those that have lost their last name by that."""
        lost: list[Lane] = []
        for lane in self._lanes.values():
            if lane.function[:2] == service and qualifier in lane.names and lane.deployed.version_id not in versions:
                lane.names.discard(qualifier)
                if not lane.names:
                    lost.append(lane)
        return lost

    def sweep(self) -> None:
        """Forgets those that have nothing and are asked for nothing."""
        empty = [key for key, lane in self._lanes.items() if not lane.size and not lane.waiting and not lane.keep]
        for key in empty:
            del self._lanes[key]

    def _key(self, deployed: Deployed) -> Key:
        function = deployed.function
        account, service, name, qualifier = function.account_id, function.service, function.name, deployed.qualifier
        apart = self.apart and (account, service, name, qualifier) in self.apart
        return account, service, name, deployed.revision, qualifier if apart else ""

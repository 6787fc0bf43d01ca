"""The books of this node: what the instances of all functions hold of it, and how many are starting."""

from collections import Counter
from collections.abc import Iterable

from liuyun.compute import machine
from liuyun.compute.core import sharing
from liuyun.compute.core.sharing import Amount, Holding, Idle
from liuyun.compute.instance import Instance
from liuyun.compute.lane import Lane
from liuyun.settings import Limits

STARTS_PER_CORE = 8
FRESH_MS = 1000  # a start that takes longer than this waits for something; it doesn't keep others from starting


class Node:
    def __init__(self, limits: Limits) -> None:
        memory_mb = limits.memory_mb or machine.memory_mb() * 9 // 10
        self.capacity = Amount(limits.instances, memory_mb)
        self.of_function: Counter[sharing.Name] = Counter()  # those that take calls or will
        self.of_account: Counter[str] = Counter()
        self.reserved: dict[sharing.Name, int] = {}  # instances that a function may have and others leave to it
        self._instances = 0
        self._memory_mb = 0
        self._at_once = limits.starts_at_once or STARTS_PER_CORE * machine.cores()
        self._starts: dict[str, int] = {}  # instance -> since when it is starting

    @property
    def held(self) -> Amount:
        return Amount(self._instances, self._memory_mb)

    def begin(self, lane: Lane, name: str, now: int) -> None:
        """An instance starts: it counts from now on."""
        self._starts[name] = now
        self._instances += 1
        self._memory_mb += lane.memory_mb
        self.of_function[lane.function] += 1
        self.of_account[lane.function[0]] += 1

    def started(self, name: str) -> None:
        """It stands, or it failed."""
        self._starts.pop(name, None)

    def left(self, lane: Lane) -> None:
        """An instance takes no more calls, but still is there."""
        self.of_account[lane.function[0]] -= 1
        self.of_function[lane.function] -= 1
        if not self.of_function[lane.function]:
            del self.of_function[lane.function]

    def gave(self, lane: Lane) -> None:
        """What an instance held is free."""
        self._instances -= 1
        self._memory_mb -= lane.memory_mb

    def starts_left(self, now: int) -> int:
        return max(0, self._at_once - sum(since > now - FRESH_MS for since in self._starts.values()))

    def room(self, lane: Lane, wanted: int, lanes: Iterable[Lane]) -> tuple[int, list[tuple[Lane, Instance]]]:
        """How many of the wanted ones may start, and which idle instances of others must go for them."""
        size = self.of_function[lane.function]
        held = self._held_for(lane)
        free = sharing.room(self.capacity, held, size, lane.memory_mb)
        if free >= wanted:
            return wanted, []
        spare = {i.instance_id: (each, i) for each in lanes if each is not lane for i in each.spare()}
        facts = [Idle(i.instance_id, i.used_at, each.memory_mb) for each, i in spare.values()]
        possible, names = sharing.surplus(
            facts, self.capacity, held, size=size, memory_mb=lane.memory_mb, wanted=wanted
        )
        return possible, [spare[name] for name in names]

    def _held_for(self, lane: Lane) -> Amount:
        """What others have reserved and don't use counts as theirs."""
        unused = sum(
            max(0, reserved - self.of_function[name])
            for name, reserved in self.reserved.items()
            if name != lane.function
        )
        return Amount(self._instances + unused, self._memory_mb)

    def gives_way(self, lane: Lane, lanes: Iterable[Lane]) -> sharing.Name | None:
        """The function that has to give an instance up so that this lane gets one."""
        working: Counter[sharing.Name] = Counter()
        memory: dict[sharing.Name, int] = {lane.function: lane.memory_mb}
        for each in lanes:
            if busy := each.size - len(each.idle()):
                working[each.function] += busy
                memory.setdefault(each.function, each.memory_mb)
        mine = Holding(lane.function, working.pop(lane.function, 0), lane.memory_mb)
        others = [Holding(name, size, memory[name]) for name, size in working.items()]
        return sharing.gives_way(mine, others, len(others) + 1, self.capacity)

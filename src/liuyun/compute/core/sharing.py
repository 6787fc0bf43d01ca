"""How functions share one machine: pure rules on what each of them holds.

Rules
- A node takes so many instances and so much memory: the sum of what their functions may use (`memorySize`).
- The last tenth of both is for first instances, so that a newcomer gets one although a noisy function filled the rest.
- When nothing is free, instances that were idle longest go first, whosever they are.
- When none is idle either, a function that holds less than its equal share and wants more gets it from the one that
  holds most above its own. That one gives up one instance at a time, after the call that the instance is working on,
  never its last, and takes none back: what it is left with is no less than one instance below its share.
- A share is a fraction of the node: of its instances or of its memory, whichever of the two the function holds more of.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Name = tuple[str, str, str]  # account, service, function
RESERVE = 10  # one tenth


@dataclass(frozen=True, slots=True)
class Amount:
    """So many instances with so much memory together: what a node has, or what somebody holds of it."""

    instances: int
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Holding:
    """What a function that has work holds. `memory_mb` is that of one instance, `size` counts none that is leaving."""

    function: Name
    size: int
    memory_mb: int


@dataclass(frozen=True, slots=True)
class Idle:
    instance_id: str
    used_at: int
    memory_mb: int


def room(capacity: Amount, held: Amount, size: int, memory_mb: int) -> int:
    """How many more instances of `memory_mb` a function may start that has `size`."""
    shared = Amount(
        capacity.instances - capacity.instances // RESERVE, capacity.memory_mb - capacity.memory_mb // RESERVE
    )
    more = fits(shared, held, memory_mb)
    if size == 0 and more == 0:
        more = min(1, fits(capacity, held, memory_mb))
    if held.instances == 0:  # a function that is larger than the node may have it to itself
        more = max(1, more)
    return more


def fits(capacity: Amount, held: Amount, memory_mb: int) -> int:
    by_memory = (capacity.memory_mb - held.memory_mb) // memory_mb
    return max(0, min(capacity.instances - held.instances, by_memory))


def surplus(
    idle: Sequence[Idle], capacity: Amount, held: Amount, *, size: int, memory_mb: int, wanted: int
) -> tuple[int, tuple[str, ...]]:
    """How many of the `wanted` instances can start, and which idle ones have to go for them: those idle longest."""
    possible = min(wanted, room(capacity, held, size, memory_mb))
    gone: list[str] = []
    needed = 0
    for each in sorted(idle, key=lambda instance: instance.used_at):
        if possible == wanted:
            break
        gone.append(each.instance_id)
        held = Amount(held.instances - 1, held.memory_mb - each.memory_mb)
        more = min(wanted, room(capacity, held, size, memory_mb))
        if more > possible:
            possible, needed = more, len(gone)
    return possible, tuple(gone[:needed])


def fraction(holding: Holding, capacity: Amount, more: int = 0) -> float:
    size = holding.size + more
    return max(size / capacity.instances, size * holding.memory_mb / capacity.memory_mb)


def is_owed(claimant: Holding, active: int, capacity: Amount) -> bool:
    """Whether one more instance keeps it within its share, or is its first."""
    return claimant.size == 0 or fraction(claimant, capacity, more=1) <= 1 / active


def gives_way(claimant: Holding, others: Iterable[Holding], active: int, capacity: Amount) -> Name | None:
    """Whose instance leaves so that the claimant gets one: nobody's, if that would not be fair."""
    if not is_owed(claimant, active, capacity):
        return None
    over = [(fraction(each, capacity), each.function) for each in others if each.size > 1]
    most, function = max(over, default=(0.0, None))
    return function if most > 1 / active else None

"""How functions share a machine."""

from hypothesis import given
from hypothesis import strategies as st

from liuyun.compute.core.sharing import Amount, Holding, Idle, Name, fraction, gives_way, room, surplus

NODE = Amount(instances=20, memory_mb=10_000)
EMPTY = Amount(0, 0)


def name(number: int) -> Name:
    return ("account", "service", str(number))


def holding(number: int, size: int, memory_mb: int = 128) -> Holding:
    return Holding(name(number), size, memory_mb)


def idle(instance_id: str, used_at: int, memory_mb: int = 500) -> Idle:
    return Idle(instance_id, used_at, memory_mb)


def test_a_node_is_full_by_count_or_by_memory():
    """Whichever is reached first."""
    assert room(NODE, EMPTY, 0, 128) == 18
    assert room(NODE, EMPTY, 0, 1024) == 8


def test_the_last_tenth_is_for_first_instances():
    """A function that has one already waits; one that has none gets one."""
    held = Amount(18, 18 * 128)
    assert room(NODE, held, 18, 128) == 0
    assert room(NODE, held, 0, 128) == 1
    assert room(NODE, Amount(20, 20 * 128), 0, 128) == 0


def test_a_function_larger_than_the_node_may_have_it_alone():
    """Else it could never run."""
    assert room(NODE, EMPTY, 0, 16_000) == 1
    assert room(NODE, Amount(1, 128), 0, 16_000) == 0


def test_a_full_node_gives_up_who_was_idle_longest():
    """Whosever it is, and no more than are needed."""
    full = Amount(18, 9000)
    spare = [idle("a", 5), idle("b", 1), idle("c", 3)]
    assert surplus(spare, NODE, full, size=3, memory_mb=500, wanted=2) == (2, ("b", "c"))
    assert surplus(spare, NODE, full, size=3, memory_mb=500, wanted=9) == (3, ("b", "c", "a"))


def test_nobody_goes_when_that_would_not_help():
    """Small idle instances don't make room for a large one."""
    assert surplus([idle("a", 1, 128)], NODE, Amount(18, 9000), size=1, memory_mb=1000, wanted=1) == (0, ())


def test_who_holds_most_above_its_share_gives_way():
    """To a function that holds less than its own."""
    others = [holding(1, 4), holding(2, 14)]
    assert gives_way(holding(3, 0), others, 3, NODE) == name(2)


def test_nobody_gives_way_to_who_has_its_share():
    """Else the two would take turns at taking from each other."""
    assert gives_way(holding(3, 9), [holding(2, 11)], 2, NODE) == name(2)
    assert gives_way(holding(3, 10), [holding(2, 10)], 2, NODE) is None


def test_nobody_gives_its_last_instance():
    """However large that one is."""
    assert gives_way(holding(3, 0), [holding(2, 1, 10_000)], 2, NODE) is None


@given(sizes=st.lists(st.integers(0, 60), min_size=2, max_size=12), memory=st.sampled_from([128, 256, 512]))
def test_giving_way_comes_to_rest_with_fair_shares(*, sizes: list[int], memory: int):
    """However a full node is divided, the gifts come to an end, and then nobody small waits on somebody large."""
    node = Amount(max(1, sum(sizes)), max(1, sum(sizes)) * memory)
    held = dict(enumerate(sizes))
    for _ in range(sum(sizes) * 2 + 2):
        gifts = [
            (number, giver[2])
            for number, size in held.items()
            if (giver := gives_way(
                holding(number, size, memory),
                [holding(other, has, memory) for other, has in held.items() if other != number],
                len(held),
                node,
            ))
        ]  # fmt: skip
        if not gifts:
            break
        taker, giver = gifts[0]
        held[taker] += 1
        held[int(giver)] -= 1
    else:
        raise AssertionError(f"it never ends: {held}")
    largest = max(held.values())
    fair = fraction(holding(0, largest, memory), node) <= 1 / len(held)
    assert fair or largest <= 1 or all(size and (size + 1) * len(held) > sum(sizes) for size in held.values())

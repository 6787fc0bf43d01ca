from liuyun.workflow.lanes import Lanes


def drain(lanes: Lanes[str, str]) -> list[str]:
    taken: list[str] = []
    while (next_one := lanes.take()) is not None:
        taken.append(next_one[1])
    return taken


def test_lanes_are_served_in_turn():
    """A lane with much to do doesn't keep the others waiting."""
    lanes = Lanes[str, str](places=10, share=10)
    for item in ("a1", "a2", "a3"):
        lanes.put("a", item)
    lanes.put("b", "b1")
    assert drain(lanes) == ["a1", "b1", "a2", "a3"]


def test_no_more_than_the_places_are_out():
    """What is out is bounded; a place given back lets the next one out."""
    lanes = Lanes[str, str](places=2, share=2)
    for lane in "abc":
        lanes.put(lane, lane)
    assert drain(lanes) == ["a", "b"]
    lanes.give_back("a")
    assert drain(lanes) == ["c"]


def test_one_lane_gets_its_share_and_no_more():
    """Places that a full lane may not take stay free for lanes that come later."""
    lanes = Lanes[str, str](places=3, share=1)
    lanes.put("a", "a1")
    lanes.put("a", "a2")
    assert drain(lanes) == ["a1"]
    lanes.put("b", "b1")
    assert drain(lanes) == ["b1"]
    lanes.give_back("a")
    assert drain(lanes) == ["a2"]


def test_a_full_lane_keeps_its_order():
    """Items put while their lane has its share out come out later, in order."""
    lanes = Lanes[str, str](places=9, share=1)
    lanes.put("a", "a1")
    assert drain(lanes) == ["a1"]
    lanes.put("a", "a2")
    lanes.put("a", "a3")
    assert len(lanes) == 2
    lanes.give_back("a")
    lanes.take()
    lanes.give_back("a")
    assert drain(lanes) == ["a3"]

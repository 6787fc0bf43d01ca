from liuyun.workflow.cache import Recent


def test_the_entry_used_longest_ago_is_forgotten():
    """Memory is bounded, and use counts, not age."""
    recent = Recent[str, int](2)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.get("a")
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)


def test_a_forgotten_entry_is_gone():
    """Forgetting an unknown key is no error."""
    recent = Recent[str, int](2)
    recent.put("a", 1)
    recent.forget("a")
    recent.forget("b")
    assert "a" not in recent
    assert len(recent) == 0

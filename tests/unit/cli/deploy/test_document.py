import pytest

from liuyun.cli.deploy.document import Fields, Unreadable, parse, plain


def test_values_have_their_types() -> None:
    """Scalars are what YAML says; an unquoted date stays text."""
    tree, problems = parse("{a: 1, b: 0x10, c: 1.5, d: true, e: ~, f: '1', g: 2015-09-01}", "f")
    assert not problems
    assert plain(tree) == {"a": 1, "b": 16, "c": 1.5, "d": True, "e": None, "f": "1", "g": "2015-09-01"}


def test_positions() -> None:
    """Keys and values know their line and column, from 1."""
    tree, _ = parse("a:\n  b: 1\n", "f")
    assert isinstance(tree, Fields)
    inner = tree.nodes["a"]
    assert isinstance(inner, Fields)
    assert str(inner.keys_at["b"]) == "f:2:3"
    assert str(inner.nodes["b"].at) == "f:2:6"


def test_repeated_key() -> None:
    """A key that stands twice is a problem, not a silent loss."""
    _, problems = parse("a: 1\na: 2\n", "f")
    assert [str(problem) for problem in problems] == ["f:2:1: 'a' stands here a second time."]


@pytest.mark.parametrize(
    "text", ["", "a: [1", "a: b: c", "\x00", "- &a [*a]", "a: 1\n---\nb: 2\n", "[" * 500, "a: " + "9" * 5000]
)
def test_unreadable(text: str) -> None:
    """What is no single YAML document, or one without bounds, is refused with a place."""
    with pytest.raises(Unreadable) as caught:
        parse(text, "f")
    assert caught.value.problem.at.file == "f"


def test_aliases_are_bounded() -> None:
    """Aliases of aliases can't blow up the memory."""
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 40))
    with pytest.raises(Unreadable, match="too large"):
        parse(bomb, "f")

import pytest

from liuyun.workflow.definition.document import MAX_BYTES, Items, Scalar, Table, Unreadable, plain, read
from liuyun.workflow.definition.problems import Problem


def value_of(text: str) -> object:
    problems: list[Problem] = []
    node = read(text, problems)
    assert problems == []
    return plain(node)


def problem_of(text: str) -> Problem:
    with pytest.raises(Unreadable) as caught:
        read(text, [])
    return caught.value.problem


def problems_in(text: str) -> list[str]:
    problems: list[Problem] = []
    read(text, problems)
    return [problem.text for problem in problems]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1),
        ("-12", -12),
        ("0x1F", 31),
        ("0o17", 15),
        ("010", 10),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("yes", "yes"),
        ("on", "on"),
        ("2030-01-31", "2030-01-31"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ('"1"', "1"),
        ("'true'", "true"),
        ("!!str 1", "1"),
        ("! 12", "12"),
        ("!!int 3", 3),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object):
    """Numbers, booleans and null have their types; everything else is a text, also `yes` and dates."""
    found = value_of(text)
    assert found == value
    assert type(found) is type(value)


def test_json_is_yaml():
    """A definition may be written in JSON."""
    assert value_of('{"a": [1, 2.5, null, true], "b": {"c": ""}}') == {"a": [1, 2.5, None, True], "b": {"c": ""}}


def test_escaped_characters_beyond_the_first_plane_are_joined():
    """JSON writes such a character as two escapes."""
    assert value_of('"\\ud83d\\ude00"') == "\U0001f600"


def test_half_a_character_is_a_problem():
    """It has no UTF-8 form, so it could not be stored."""
    assert problems_in('a: "\\ud800"') == ["This text holds half of a character (an unpaired \\u escape); correct it."]


def test_nodes_know_their_place():
    """Lines and columns count from 1."""
    node = read("a:\n  - b: 5\n", [])
    assert isinstance(node, Table)
    items = node.nodes["a"]
    assert isinstance(items, Items)
    inner = items.nodes[0]
    assert isinstance(inner, Table)
    assert inner.nodes["b"] == Scalar(2, 8, 5, "5")
    assert (inner.keys["b"].line, inner.keys["b"].column) == (2, 5)


def test_anchors_and_aliases_repeat_values():
    """An alias stands for the whole value, collections included."""
    assert value_of("a: &x [1, 2]\nb: *x\n") == {"a": [1, 2], "b": [1, 2]}


def test_merge_keys_add_what_is_not_there():
    """The own key wins, then the first merged mapping that has it."""
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], x: 0}\nd: {<<: *b}\n"
    merged = value_of(text)
    assert isinstance(merged, dict)
    assert merged["c"] == {"x": 0, "y": 1, "z": 2}
    assert merged["d"] == {"y": 2, "z": 2}


def test_a_quoted_merge_key_is_an_ordinary_key():
    """Only the plain `<<` merges."""
    assert value_of('{"<<": 1}') == {"<<": 1}


def test_merging_something_else_is_a_problem():
    """Only mappings can be merged."""
    assert problems_in("a: {<<: 5}") == ["The merge key << takes an alias of a mapping, or a list of them."]


def test_a_duplicate_key_is_a_problem_with_both_lines():
    """YAML libraries keep the last one silently, which hides mistakes."""
    problems: list[Problem] = []
    read("a: 1\nb: 2\na: 3\n", problems)
    assert list(map(str, problems)) == ["line 3, column 1: The key a stands here twice (first in line 1); keep one."]


@pytest.mark.parametrize(
    ("text", "line", "column", "part"),
    [
        ("", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("a: [1", 1, 6, "not valid YAML"),
        ("a: 1\n\t- b", 2, 1, "not valid YAML"),
        ("a: \x07", 1, 4, "not allowed in YAML"),
        ("a: 1\nbc: \x07", 2, 5, "not allowed in YAML"),
        ("a: 1\n---\nb: 2\n", 2, 1, "one YAML document"),
        ("a: *x", 1, 4, "refers to no anchor"),
        ("a: &a [*a]", 1, 8, "refers to no anchor"),
        ("? [a]\n: b", 1, 3, "plain text"),
        ('"\\UFFFFFFFF"', 1, 1, "not valid YAML"),
        ("[" * 70, 1, 66, "more than 64 levels"),
        ("x" * (MAX_BYTES + 1), 1, 1, "larger than 256 KiB"),
        ("é" * (MAX_BYTES // 2 + 1), 1, 1, "larger than 256 KiB"),
    ],
)
def test_a_text_without_a_tree_has_one_problem_with_its_place(text: str, line: int, column: int, part: str):
    """Nothing can be said about the content of what can't be read."""
    problem = problem_of(text)
    assert (problem.line, problem.column) == (line, column)
    assert part in problem.text


def test_alias_expansion_is_bounded():
    """A few hundred bytes must not become millions of values."""
    lines = ["- &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert "more than 50000 values" in problem_of("\n".join(lines)).text


@pytest.mark.parametrize("text", ["a: .inf", "a: -.INF", "a: .nan", "a: 1e999", "a: " + "9" * 1001])
def test_numbers_that_json_lacks_are_problems(text: str):
    """They could not be stored or sent."""
    assert "has no JSON form" in problems_in(text)[0]


@pytest.mark.parametrize(
    ("text", "tag"),
    [("a: !Ref x", "!Ref"), ("a: !!set {b}", "!!set"), ("a: !Sub [x]", "!Sub"), ("a: !!int x", "!!int")],
)
def test_tags_are_problems(text: str, tag: str):
    """A deployment tool replaces template functions before a definition arrives here."""
    assert problems_in(text) == [f"The tag {tag} can't be used here; remove it."]


def test_the_tags_of_plain_collections_are_harmless():
    """They say what is there anyway."""
    assert value_of("!!map {a: !!seq [1]}") == {"a": [1]}

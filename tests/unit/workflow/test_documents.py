import pytest

from liuyun.errors import Invalid
from liuyun.workflow.documents import MAX_DEPTH, TooDeep, compact, measure, parse, parse_object


def nested(levels: int) -> list:
    value: list = []
    for _ in range(levels - 1):
        value = [value]
    return value


def test_texts_are_compact_and_not_escaped():
    """As small as JSON can be."""
    assert compact({"a": [1, "é"], "b": None}) == '{"a":[1,"é"],"b":null}'
    assert measure({"a": "é"}) == 10


@pytest.mark.parametrize(
    "text",
    ["", "{", '{"a": NaN}', "1e999", b"\xff", '"\\ud800"', "'a'", '"\ud800"'],
    ids=["empty", "open", "nan", "huge", "utf8", "half", "quote", "lone"],
)
def test_a_text_that_is_not_json_is_refused_by_name(text: str | bytes):
    """The message says which of the request's texts is meant."""
    with pytest.raises(Invalid, match=r"^Output is not valid JSON"):
        parse(text, "Output")


@pytest.mark.parametrize(
    ("text", "what"), [("[]", "a list"), ("1", "a number"), ('"x"', "a text"), ("null", "null"), ("true", "a boolean")]
)
def test_an_object_is_wanted(text: str, what: str):
    """Everything that flows is an object."""
    with pytest.raises(Invalid, match=rf"^Input must be a JSON object, not {what}\.$"):
        parse_object(text, "Input")


def test_an_object_is_an_object():
    """With values of all kinds, large numbers included."""
    assert parse_object('{"a": 123456789012345678901234567890}', "Input") == {"a": 123456789012345678901234567890}


@pytest.mark.parametrize("levels", [MAX_DEPTH + 1, 900, 5000])
def test_nesting_is_bounded(levels: int):
    """Deep values would overflow stacks wherever they go."""
    with pytest.raises(TooDeep):
        parse("[" * levels + "]" * levels, "Input")
    with pytest.raises(TooDeep):
        measure(nested(levels))


def test_deep_enough_and_wide_is_fine():
    """Only the depth counts, not the number of brackets."""
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH, "Input") == nested(MAX_DEPTH)
    assert measure({"a": [[]] * 500}) == 1507

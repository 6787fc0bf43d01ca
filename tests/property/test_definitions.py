"""Whatever text comes, parsing gives a flow or problems, never an accident."""

from collections.abc import Callable
from typing import TypeVar

from hypothesis import example, given, settings
from hypothesis import strategies as st

from liuyun.errors import InvalidDefinition
from liuyun.workflow.core.mappings import Outside, lookup
from liuyun.workflow.definition import parse
from liuyun.workflow.definition.conditions import BadCondition, parse_condition
from liuyun.workflow.definition.operators import evaluate, holds
from liuyun.workflow.definition.paths import MISSING, BadPath, Missing, Path, parse_path
from liuyun.workflow.documents import measure
from tests.property.flows import flow_texts, objects

YAML_PIECES = [
    *"[]{}:,-?&*!|>'\"%@`#\n\t ~=.<",
    *("- ", ": ", "\n  ", "---\n", "<<: ", "&a ", "*a", "!!str ", "!x ", "%YAML 1.1\n", "\\ud800", "\x00", "\ufeff"),
    *("version: v1\n", "type: flow\n", "steps:\n", "name: a\n", "1e999", "null", "true", "0x", "é"),
]
CONDITION_PIECES = [
    *'.$[]()!-+*/%<>?:",`',
    *(
        "$.a",
        "$.b",
        "==",
        "!=",
        "=~",
        "!~",
        "&&",
        "||",
        "??",
        " in ",
        " 1 ",
        '"x"',
        "true",
        "null",
        "$[*]",
        "1.5",
        "$config.s",
        "[$.a]",
    ),
    *("word", "\\", "\n"),
]
T = TypeVar("T")


def tried(read: Callable[[str], T], text: str, refusal: type[Exception]) -> T | None:
    """None if the text was refused, with a message."""
    try:
        return read(text)
    except refusal as error:
        message = str(error)
    assert message
    return None


def check(text: str) -> None:
    flow = tried(parse, text, InvalidDefinition)
    assert flow is None or flow.steps


@settings(max_examples=400)
@given(st.lists(st.sampled_from(YAML_PIECES)).map("".join))
@example('"\\UFFFFFFFF"')
@example("%YAML 9.9\n--- a")
@example("%TAG ! x\n--- !y a")
def test_any_text_is_a_flow_or_has_problems(text: str):
    """Malformed YAML of every kind."""
    check(text)


@settings(max_examples=300)
@given(flow_texts(), st.data())
def test_any_damage_to_a_flow_is_a_flow_or_has_problems(text: str, data: st.DataObject):
    """Well-formed definitions with a piece cut out, or something else in its place."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 30)))
    check(text[:start] + data.draw(st.sampled_from(["", "5", "null", "{}", "[]", '"x"', ",", "é"])) + text[end:])


@settings(max_examples=100)
@given(flow_texts())
def test_the_definitions_of_these_tests_are_good(text: str):
    """Both versions of the language mean the same."""
    assert parse(text) == parse(text.replace('"v1"', '"v1beta1"'))


def settings_of(schema: str, key: str) -> object:
    return {"a": [schema, key]}


def over(data: dict) -> Callable[[Path], object | Missing]:
    return lambda path: lookup(path, data, {}, Outside(dict, settings_of))


@settings(max_examples=500)
@given(st.lists(st.sampled_from(CONDITION_PIECES)).map("".join), objects)
def test_any_condition_is_refused_or_has_a_value(text: str, data: dict):
    """A value of JSON, or none."""
    condition = tried(parse_condition, text, BadCondition)
    if condition is not None:
        value = evaluate(condition, over(data))
        assert value is MISSING or measure(value)
        assert holds(condition, over(data)) is (value is True)


@settings(max_examples=300)
@given(st.text(alphabet="$.[]*'\"ab0 inputlocalcfg").map(lambda text: "$" + text), objects)
def test_any_path_is_refused_or_leads_somewhere_or_nowhere(text: str, data: dict):
    """It never fails on data."""
    path = tried(parse_path, text, BadPath)
    if path is not None:
        value = lookup(path, data, {}, Outside(dict, settings_of))
        assert value is MISSING or measure(value)

"""Configuration as text: what is written is read again, whatever it is, by the rules of YAML 1.2."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from yaml import YAMLError

from liuyun.cli import yaml_text

ATOMS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
WORDS = st.text() | st.sampled_from(
    ["yes", "no", "on", "012", "1e3", "0o7", "0x1", "1:30", "2026-01-01", "~", "", "<<", "="]
)
DOCUMENTS = st.recursive(ATOMS | WORDS, lambda inner: st.lists(inner) | st.dictionaries(WORDS, inner), max_leaves=10)


def written(document: Any) -> str:
    out = io.StringIO()
    yaml_text.write(document, out)
    return out.getvalue()


@given(DOCUMENTS)
def test_what_is_written_is_read_again(document: Any):
    """By itself, texts that look like something else included."""
    assert yaml_text.read(written(document)) == document


@pytest.mark.parametrize(
    "word", ["yes", "no", "1e3", "1e+3", "0o7", "012", "0x1", "2026-01-01", "1:30", "~", "null", "=", "<<"]
)
def test_others_read_it_as_it_was_meant(word: str):
    """A text is quoted where YAML 1.2 would take it for something else."""
    assert YAML(typ="safe", pure=True).load(written([word])) == [word]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"), ("012", 12), ("0o17", 15), ("0x1f", 31), ("1e3", 1000.0), ("1:30", "1:30"),
        ("2026-01-01", "2026-01-01"), ("~", None), ("", None), ("True", True), ("on", "on"), ("1_000", "1_000"),
        ('{"a": [1, null]}', {"a": [1, None]}), ("{a: 1}", {"a": 1}),
        ("a: &x {b: 1}\nc: {<<: *x, d: 2}", {"a": {"b": 1}, "c": {"b": 1, "d": 2}}),
    ],
)  # fmt: skip
def test_texts_have_the_newer_rules(text: str, value: Any):
    """Of YAML 1.2, in which only true and false are truths, and nothing is a date; JSON is a part of it."""
    found = yaml_text.read(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", ["a: 1\na: 2", "a: [", "!!python/object:os.system x", "a: b: c", '{"a": 1'])
def test_what_is_wrong_is_refused(text: str):
    """A key that comes twice, what has no end, and what would run something."""
    with pytest.raises(YAMLError):
        yaml_text.read(text)

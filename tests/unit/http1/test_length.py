"""Lengths that somebody sends."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.http1.length import length_of


@pytest.mark.parametrize(
    ("text", "length"),
    [("0", 0), ("65537", 65537), ("9" * 18, 10**18 - 1), ("9" * 5000, 10**18), ("", None), ("²", None), ("٣", None)],
)
def test_only_ascii_digits_are_a_length(text: str, length: int | None):
    """However many there are: more than fit are past every limit."""
    assert length_of(text) == length


@given(text=st.text(alphabet=st.characters(categories=["N", "P"])))
def test_no_text_is_too_odd(text: str):
    """Other scripts' digits, superscripts and signs are no length, and no error."""
    assert length_of(text) is None or text.isascii()

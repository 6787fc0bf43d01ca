"""The ratchet itself: each rule catches what it is for, and the allow-list can't hide what is gone."""

import pytest

from tests.tidy import Offence, offences, ratchet, read_allowed

LONG_FUNCTION = "def long():\n" + "    x = 1\n" * 60
WIDE_CLASS = "class Wide:\n" + "".join(f"    def m{i}(self): ...\n" for i in range(13))

OFFENDING = {
    "file-lines": ("src/liuyun/a.py", "x = 1\n" * 401),
    "function-lines": ("examples/a.py", LONG_FUNCTION),
    "class-lines": ("src/liuyun/a.py", "class Tall:\n" + "    x = 1\n" * 250),
    "public-methods": ("src/liuyun/a.py", WIDE_CLASS),
    "positional-parameters": ("src/liuyun/a.py", "def f(a, b, c, d, e, f): ...\n"),
    "folder-depth": ("src/liuyun/a/b/c/d/e.py", ""),
    "unfinished": ("src/liuyun/a.py", "x = 1  # TO" + "DO later\n"),
    "test-docstring": ("tests/unit/test_a.py", "def test_a(): ...\n"),
    "test-sleep": ("tests/unit/test_a.py", "import time\ntime.sle" + "ep(0.1)\n"),
    "test-evasion": ("tests/unit/test_a.py", "import pytest\n@pytest.mark.sk" + 'ip\ndef test_a():\n    """A."""\n'),
}


@pytest.mark.parametrize("rule", OFFENDING)
def test_each_rule_finds_its_offence(rule: str) -> None:
    """Every rule reports the code it exists for, and nothing else does."""
    path, text = OFFENDING[rule]
    assert [offence.rule for offence in offences(path, text)] == [rule]


def test_letting_others_run_is_no_sleep() -> None:
    """`asyncio.sleep(0)` yields to the loop and takes no time, so tests may use it."""
    assert offences("tests/unit/test_a.py", "import asyncio\nasyncio.sleep(0)\n") == []


def test_self_and_keywords_do_not_count_as_positional() -> None:
    """Five positional parameters are allowed besides `self`, and any number of keyword-only ones."""
    text = "class A:\n    def f(self, a, b, c, d, e, *, f, g): ...\n"
    assert offences("src/liuyun/a.py", text) == []


def test_an_allowed_offence_passes_until_it_grows() -> None:
    """An entry covers its offence up to the listed number, wherever in the file it has moved."""
    allowed = read_allowed("# comment\nsrc/a.py A.f function-lines 70\n")
    assert ratchet([Offence("src/a.py:9 A.f", "function-lines", 70, "")], allowed) == []
    assert len(ratchet([Offence("src/a.py:9 A.f", "function-lines", 71, "")], allowed)) == 1


def test_the_allow_list_may_only_shrink() -> None:
    """An entry that allows more than is there fails until it is tightened or removed."""
    allowed = {("src/a.py A.f", "function-lines"): 70}
    assert "tighten" in ratchet([Offence("src/a.py:9 A.f", "function-lines", 65, "")], allowed)[0]
    assert "tighten" in ratchet([], allowed)[0]

"""What the platform says in its own words has a code, and is there in Chinese."""

import ast
import json
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest

from liuyun import errors
from liuyun.errors import Phrase, PlatformError, phrase, written
from liuyun.errors.phrases import names_in

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/liuyun"
CHINESE: dict[str, str] = json.loads((ROOT / "console/src/i18n/phrases.zh.json").read_text())
HAN = re.compile(r"[\u4e00-\u9fff]")
WORDLESS = {"kind_null", "the_default", "the_iteration", "the_params"}  # words of the flow language itself
PUNCTUATION = {"else_do", "others_words", "as_sentence", "data_deep", "request_refused", "schema_at"}
# Whose errors nobody reads in the console: they answer programs, start the platform or run in a sandbox.
FOR_PROGRAMS = (
    "asynchronous/", "cli/", "compute/bootstrap/", "compute/clients/", "compute/sandbox/authority.py",
    "compute/sandbox/egress.py", "compute/sandbox/tunnel.py", "errors/", "gateway/fc/", "gateway/fnf/",
    "gateway/metrics.py", "gateway/mns/", "gateway/oss/", "gateway/xml.py", "http1/", "identity/authenticator.py",
    "identity/policy.py",
    "identity/root.py", "identity/signatures/", "identity/temporary.py", "identity/vault.py", "messaging/accounts.py",
    "objects/", "settings.py", "storage/", "testing/", "tls/",
)  # fmt: skip


@cache
def files() -> dict[str, ast.Module]:
    return {file.relative_to(SOURCE).as_posix(): ast.parse(file.read_text()) for file in sorted(SOURCE.rglob("*.py"))}


@cache
def raised() -> frozenset[str]:
    """The errors that are made of a code and a template, or of bare words."""
    kinds = [node for tree in files().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, before = {"PlatformError", "Unfit"}, set[str]()
    while found != before:
        before = set(found)
        found |= {kind.name for kind in kinds if found & {base.id for base in kind.bases if isinstance(base, ast.Name)}}
    own = {kind.name for kind in kinds if any(getattr(part, "name", "") == "__init__" for part in kind.body)}
    return frozenset(found - own | {"PlatformError", "Unfit"})


@cache
def speakers() -> dict[str, int]:
    """Who says something, and the argument at which code and template stand."""
    others = {"phrase": 0, "Phrase": 0, "__init__": 0, "add": 1, "_add": 1, "require": 1, "Unreadable": 1}
    return dict.fromkeys(raised(), 0) | others


@dataclass
class Listener(ast.NodeVisitor):
    """Hears what a file says: `said` by code, and `bare`, lines with errors that have words but no code."""

    said: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    bare: list[int] = field(default_factory=list[int])
    _texts: dict[str, str] = field(default_factory=dict[str, str])  # of the variables of the function

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._texts = {}
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.generic_visit(node)
        if isinstance(node.targets[0], ast.Name) and (text := self._text(node.value)) is not None:
            self._texts[node.targets[0].id] = text

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        words = [self._text(arg) for arg in node.args[speakers().get(name, len(node.args)) :]]
        match words:
            case [str(code), str(template)] if re.fullmatch(r"\w+", code):
                self.said.append((code, template))
            case [_] if name in raised() and isinstance(node.args[0], ast.Constant | ast.JoinedStr | ast.BinOp):
                self.bare.append(node.lineno)
            case _:
                pass

    def _text(self, node: ast.expr) -> str | None:
        if isinstance(node, ast.Name):
            return self._texts.get(node.id)
        return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def heard() -> dict[str, Listener]:
    found: dict[str, Listener] = {}
    for name, tree in files().items():
        listener = found[name] = Listener()
        listener.visit(tree)
    return found


def english() -> dict[str, set[str]]:
    said: dict[str, set[str]] = {}
    for listener in heard().values():
        for code, template in listener.said:
            said.setdefault(code, set()).add(template)
    return said


def test_one_code_one_phrase() -> None:
    """A code stands for one English text, wherever it is used."""
    assert {code: texts for code, texts in english().items() if len(texts) > 1} == {}


def test_every_phrase_is_there_in_chinese() -> None:
    """Whatever the platform says has its Chinese, which names the same things; and no Chinese is of nothing."""
    said = {code: names_in(min(texts)) for code, texts in english().items()}
    assert said.keys() == CHINESE.keys()
    assert {code for code, names in said.items() if set(names) != set(names_in(CHINESE[code]))} == set()


def test_chinese_is_chinese() -> None:
    """A translation isn't the English again."""
    assert {code for code, text in CHINESE.items() if not HAN.search(text)} == WORDLESS | PUNCTUATION


def test_errors_that_the_console_shows_have_codes() -> None:
    """Whoever raises an error that people may read in the console gives it a code, to be said in another language."""
    bare = {file: one.bare for file, one in heard().items() if one.bare and not file.startswith(FOR_PROGRAMS)}
    assert bare == {}


def test_a_phrase_within_a_phrase() -> None:
    """As JSON it keeps its parts, each of which can be said in another language; what is unknown becomes text."""
    kind = phrase("kind_list", "a list")
    said = phrase("field_text", "{key} must be a text, not {found}.", key=("a", 1), found=kind, other="unused")
    assert str(said) == "('a', 1) must be a text, not a list."
    assert written(said) == {
        "code": "field_text",
        "text": "('a', 1) must be a text, not a list.",
        "parameters": {"key": "('a', 1)", "found": {"code": "kind_list", "text": "a list", "parameters": {}}},
    }


@pytest.mark.parametrize(("error", "said"), [
    (errors.Conflict("draft_published", "the draft was published meanwhile"), "draft_published"),
    (errors.Conflict("somebody else's words"), None),
])  # fmt: skip
def test_an_error_has_its_phrase(error: PlatformError, said: str | None) -> None:
    """An error keeps what it was made of, unless its words are somebody else's."""
    assert (error.phrase and error.phrase.code) == said
    assert isinstance(error.phrase, Phrase | None)


def test_everything_was_heard() -> None:
    """Each way to say something is known here: else the tests above would find nothing wrong."""
    assert {"Conflict", "BadParameter", "BadPath", "FunctionNotStarted"} <= raised()
    assert {"yaml_invalid", "field_missing", "queue_missing", "wait_instant", "needs_name"} <= english().keys()

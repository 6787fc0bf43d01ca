"""Conditions of a choice: `$.status == "paid" && ($.total > 100 || $.vip)`.

The language is that of the Go library gval, which the vendor most likely embeds: from loosest to tightest

    c ? a : b   ??   ||   &&   == != < <= > >= =~ !~ in   + -   * / %   unary ! -

with numbers, true, false, null, texts in double quotes or backticks, lists and paths. How it evaluates: `operators.py`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, v_args  # pyright: ignore[reportUnknownVariableType]
from lark.exceptions import UnexpectedInput

from liuyun.errors import phrase
from liuyun.workflow.definition.paths import BadPath, Path, Root, parse_path
from liuyun.workflow.definition.patterns import BadPattern, compiled
from liuyun.workflow.definition.problems import Unfit
from liuyun.workflow.documents import Json

MAX_CONDITION = 4096  # characters
MAX_DEPTH = 32


@dataclass(frozen=True, slots=True)
class Literal:
    value: Json


@dataclass(frozen=True, slots=True)
class Listing:
    items: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Prefix:
    operator: str
    operand: "Condition"


@dataclass(frozen=True, slots=True)
class Infix:
    operator: str
    left: "Condition"
    right: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class FirstOf:
    """The first part that has a value: `a ?? b ?? c`."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    test: "Condition"
    then: "Condition"
    otherwise: "Condition"


Condition: TypeAlias = Literal | Path | Listing | Prefix | Infix | AllOf | AnyOf | FirstOf | Conditional


class BadCondition(Unfit):
    pass


GRAMMAR = r"""
?start: conditional
?conditional: first_of | first_of "?" conditional ":" conditional -> conditional
?first_of: any_of ("??" any_of)*
?any_of: all_of ("||" all_of)*
?all_of: comparison ("&&" comparison)*
?comparison: sum | comparison COMPARE sum -> infix | comparison IN sum -> infix
?sum: product | sum SIGN product -> infix
?product: prefix | product TIMES prefix -> infix
?prefix: value | (NOT | SIGN) prefix -> prefix
?value: NUMBER -> number | TEXT -> text | RAW -> raw | PATH -> path | WORD -> word
      | "[" [conditional ("," conditional)*] "]" -> listing | "(" conditional ")"

COMPARE.2: "==" | "!=" | "=~" | "!~" | "<=" | ">=" | "<" | ">"
SIGN: "+" | "-"
TIMES: "*" | "/" | "%"
NOT: "!"
IN.2: /in\b/
NUMBER: /[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?/
TEXT: /"([^"\\\x00-\x1f]|\\.)*"/
RAW: /`[^`]*`/
PATH: STEM (PART | "[" STEM PART* "]")*
STEM: /\$[A-Za-z_]*/
PART: /\.(\*|[^\W\d]\w*)|\[\d+\]|\[\*\]|\["[^"\]]*"\]|\['[^'\]]*'\]/
WORD: /[^\W\d]\w*/
%ignore /[ \t\r\n]+/
"""


@v_args(inline=True)
class Build(Transformer[Token, Condition]):
    def number(self, token: Token) -> Condition:
        value = float(token)
        if value == float("inf"):
            raise BadCondition(
                "condition_number", "the number {token} is too large (character {at})", token=token, at=at(token)
            )
        return Literal(int(token) if token.isdigit() else value)

    def text(self, token: Token) -> Condition:
        try:
            return Literal(json.loads(token))
        except ValueError:
            raise BadCondition(
                "condition_escape",
                "the text {token} has an escape that JSON doesn't know (character {at})",
                token=token,
                at=at(token),
            ) from None

    def raw(self, token: Token) -> Condition:
        return Literal(token[1:-1])

    def word(self, token: Token) -> Condition:
        if token not in WORDS:
            raise BadCondition(
                "condition_word",
                '{token} has no meaning (character {at}): a path is $.{token}, a text "{token}"',
                token=token,
                at=at(token),
            )
        return Literal(WORDS[token])

    def path(self, token: Token) -> Condition:
        try:
            path = parse_path(str(token))
        except BadPath as error:
            raise BadCondition("condition_at", "{what} (character {at})", what=error.phrase, at=at(token)) from None
        if not path.roots <= READABLE:
            raise BadCondition(
                "condition_root",
                "{token} can't be read here (character {at}): a condition sees the step's input, as $.name, "
                "and $config",
                token=token,
                at=at(token),
            )
        return path

    def listing(self, *items: Condition | None) -> Condition:
        return Listing(tuple(item for item in items if item is not None))

    def prefix(self, operator: Token, operand: Condition) -> Condition:
        if operator == "+":
            raise BadCondition(
                "condition_plus", "+ stands before nothing to add to (character {at}); remove it", at=at(operator)
            )
        return Prefix(str(operator), operand)

    def infix(self, left: Condition, operator: Token, right: Condition) -> Condition:
        if operator in {"=~", "!~"} and isinstance(right, Literal) and isinstance(right.value, str):
            try:
                compiled(right.value)
            except BadPattern as error:
                raise BadCondition(
                    "condition_at", "{what} (character {at})", what=error.phrase, at=at(operator)
                ) from None
        return Infix(str(operator), left, right)

    def conditional(self, test: Condition, then: Condition, otherwise: Condition) -> Condition:
        return Conditional(test, then, otherwise)

    def all_of(self, *parts: Condition) -> Condition:
        return AllOf(parts)

    def any_of(self, *parts: Condition) -> Condition:
        return AnyOf(parts)

    def first_of(self, *parts: Condition) -> Condition:
        return FirstOf(parts)


READABLE = frozenset({Root.INPUT, Root.CONFIG})
WORDS: dict[str, Json] = {"true": True, "false": False, "null": None}
parser: Any = Lark(GRAMMAR, parser="lalr", transformer=Build(), maybe_placeholders=False)


def parse_condition(text: str) -> Condition:
    """Raises BadCondition."""
    if len(text) > MAX_CONDITION:
        raise BadCondition(
            "condition_long",
            "it is {count} characters long; at most {most} are allowed",
            count=len(text),
            most=MAX_CONDITION,
        )
    try:
        condition: Condition = parser.parse(text)
    except UnexpectedInput as error:
        raise problem_of(error, text) from None
    if deeper_than(condition, MAX_DEPTH):
        raise BadCondition(
            "condition_deep", "it is nested more than {most} levels deep; split it into several choices", most=MAX_DEPTH
        )
    return condition


def at(token: Token) -> int:
    """The number of its first character."""
    return (token.start_pos or 0) + 1


def problem_of(error: UnexpectedInput, text: str) -> BadCondition:
    token: Any = getattr(error, "token", None)
    if token is None:
        position = error.pos_in_stream or 0
        found = text[position]
        template = "it can't be read at character {at}, {found}{hint}"
        return BadCondition("condition_character", template, at=position + 1, found=found, hint=HINTS.get(found, ""))
    if token.type != "$END":
        template = "it can't be read (character {at}): {token} is not expected there"
        return BadCondition("condition_unexpected", template, at=at(token), token=token)
    if not text.strip():
        return BadCondition("condition_empty", "it is empty")
    template = "it breaks off after {end}: something must follow"
    return BadCondition("condition_end", template, end=text.rstrip()[-20:])


NO_END = phrase("hint_no_end", ": the text that begins here has no end")
HINTS = {
    "'": phrase("hint_quotes", ": texts stand in double quotes"),
    '"': NO_END,
    "`": NO_END,
    "=": phrase("hint_equal", ": compare with =="),
    "&": phrase("hint_and", ": and is written &&"),
    "|": phrase("hint_or", ": or is written ||"),
}


def deeper_than(condition: Condition, levels: int) -> bool:
    layer: Sequence[Condition] = [condition]
    for _ in range(levels):
        layer = [inner for outer in layer for inner in inside(outer)]
        if not layer:
            return False
    return True


def inside(condition: Condition) -> Sequence[Condition]:
    match condition:
        case Listing(parts) | AllOf(parts) | AnyOf(parts) | FirstOf(parts):
            return parts
        case Prefix(_, operand):
            return [operand]
        case Infix(_, left, right):
            return [left, right]
        case Conditional(test, then, otherwise):
            return [test, then, otherwise]
        case Literal() | Path():
            return []

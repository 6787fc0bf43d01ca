"""Evaluating a condition over what its paths lead to.

A path that leads nowhere, a comparison of a text with a number, a division by zero: they have no value (MISSING), and
neither has anything computed from them. `&&` and `||` still decide where the other side is enough: `x && false` is
false and `x || true` is true whatever x. A condition holds only if its value is exactly true, so an absent path never
chooses a branch.

Kinds are strict: true is not "true" and not 1, and only numbers or texts have an order. The vendor's library converts
in places; a silent conversion hides mistakes, and `$.a == "true"` against a boolean is the commonest of them.
"""

import math
import operator
from collections.abc import Callable
from typing import Any, TypeGuard, assert_never

from liuyun.workflow.definition.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Conditional,
    FirstOf,
    Infix,
    Listing,
    Literal,
    Prefix,
)
from liuyun.workflow.definition.paths import MISSING, Missing, Path
from liuyun.workflow.definition.patterns import BadPattern, matches
from liuyun.workflow.documents import Json, is_list, is_object

ReadPath = Callable[[Path], Json | Missing]


def holds(condition: Condition, read: ReadPath) -> bool:
    return evaluate(condition, read) is True


def evaluate(condition: Condition, read: ReadPath) -> Json | Missing:
    match condition:
        case Literal(value):
            return value
        case Path():
            return read(condition)
        case Infix(sign, left, right):
            return INFIX[sign](evaluate(left, read), evaluate(right, read))
        case Prefix(sign, operand):
            return PREFIX[sign](evaluate(operand, read))
        case Listing(items):
            values = [evaluate(item, read) for item in items]
            return MISSING if MISSING in values else values
        case AllOf() | AnyOf() | FirstOf() | Conditional():
            return choose(condition, read)
        case _:
            assert_never(condition)


def choose(condition: AllOf | AnyOf | FirstOf | Conditional, read: ReadPath) -> Json | Missing:
    """The forms that evaluate only as many of their parts as they need."""
    match condition:
        case AllOf(parts):
            return decided(parts, read, by=False)
        case AnyOf(parts):
            return decided(parts, read, by=True)
        case FirstOf(parts):
            return first(parts, read)
        case Conditional(test, then, otherwise):
            flag = evaluate(test, read)
            return evaluate(then if flag else otherwise, read) if isinstance(flag, bool) else MISSING
        case _:
            assert_never(condition)


def decided(parts: tuple[Condition, ...], read: ReadPath, *, by: bool) -> bool | Missing:
    """`by` as soon as one part is `by`; else the opposite, unless a part that isn't a boolean leaves it open."""
    result: bool | Missing = not by
    for part in parts:
        value = evaluate(part, read)
        if value is by:
            return by
        if not isinstance(value, bool):
            result = MISSING
    return result


def first(parts: tuple[Condition, ...], read: ReadPath) -> Json | Missing:
    value: Json | Missing = MISSING
    for part in parts:
        value = evaluate(part, read)
        if value is not MISSING and value is not None:
            break
    return value


def is_number(value: Json | Missing) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Json, right: Json) -> bool:
    """Equality of JSON values. Python's own would take True for 1, also deep inside."""
    if is_list(left) and is_list(right):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if is_object(left) and is_object(right):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return left == right and isinstance(left, bool) == isinstance(right, bool)


Infixed = Callable[[Json | Missing, Json | Missing], Json | Missing]


def equality(*, wanted: bool) -> Infixed:
    def compare(left: Json | Missing, right: Json | Missing) -> Json | Missing:
        return MISSING if left is MISSING or right is MISSING else same(left, right) is wanted

    return compare


def ordered(compare: Callable[[Any, Any], bool]) -> Infixed:
    def apply(left: Json | Missing, right: Json | Missing) -> Json | Missing:
        comparable = (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str))
        return compare(left, right) if comparable else MISSING

    return apply


def arithmetic(compute: Callable[[Any, Any], float]) -> Infixed:
    def apply(left: Json | Missing, right: Json | Missing) -> Json | Missing:
        if not (is_number(left) and is_number(right)):
            return MISSING
        try:
            result = compute(left, right)
        except (ArithmeticError, ValueError):
            return MISSING
        return result if abs(result) < BEYOND else MISSING

    return apply


def plus(left: Json | Missing, right: Json | Missing) -> Json | Missing:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return add(left, right)


def pattern(*, wanted: bool) -> Infixed:
    def apply(left: Json | Missing, right: Json | Missing) -> Json | Missing:
        if not (isinstance(left, str) and isinstance(right, str)):
            return MISSING
        try:
            return matches(left, right) is wanted
        except BadPattern:
            return MISSING

    return apply


def contained(left: Json | Missing, right: Json | Missing) -> Json | Missing:
    if left is MISSING or not is_list(right):
        return MISSING
    return any(same(left, item) for item in right)


def negated(value: Json | Missing) -> Json | Missing:
    return not value if isinstance(value, bool) else MISSING


def minus(value: Json | Missing) -> Json | Missing:
    return -value if is_number(value) else MISSING


BEYOND = 10**308  # of what JSON readers take for a number; also keeps the cost of integer arithmetic small
add = arithmetic(operator.add)

INFIX: dict[str, Infixed] = {
    "==": equality(wanted=True),
    "!=": equality(wanted=False),
    "<": ordered(operator.lt),
    "<=": ordered(operator.le),
    ">": ordered(operator.gt),
    ">=": ordered(operator.ge),
    "=~": pattern(wanted=True),
    "!~": pattern(wanted=False),
    "in": contained,
    "+": plus,
    "-": arithmetic(operator.sub),
    "*": arithmetic(operator.mul),
    "/": arithmetic(lambda left, right: left / right),
    "%": arithmetic(math.fmod),
}
PREFIX: dict[str, Callable[[Json | Missing], Json | Missing]] = {"!": negated, "-": minus}

"""Reading the properties of a resource by a table: what may stand there, of which kind, within which bounds."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, cast

from liuyun.cli.deploy.document import Fields, Items, Node, Position, Problem, Scalar, calls, plain


class Kind(Enum):
    TEXT = auto()
    NUMBER = auto()
    DECIMAL = auto()
    FLAG = auto()
    TEXTS = auto()
    VARIABLES = auto()  # a mapping to texts; numbers and booleans become text
    DOCUMENT = auto()  # passed on, its keys in the API's spelling: VSwitchIds -> vSwitchIds
    ANY = auto()
    LATER = auto()  # the vendor has it, this platform has not yet


DECIMAL = re.compile(r"\d{1,9}(\.\d{1,9})?")
EXPECTED = {
    Kind.TEXT: "a text",
    Kind.NUMBER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.FLAG: "true or false",
    Kind.TEXTS: "a list of texts",
    Kind.VARIABLES: "a mapping of texts",
    Kind.DOCUMENT: "a mapping",
}


@dataclass(frozen=True, slots=True)
class Property:
    """`api` is the name in the platform's API. Where `default` is None, an absent property is left out."""

    api: str
    kind: Kind = Kind.TEXT
    required: bool = False
    default: Any = None
    bounds: tuple[int, int] | None = None
    choices: Sequence[str] = ()
    pattern: re.Pattern[str] | None = None


Table = Mapping[str, Property]


@dataclass(slots=True)
class Read:
    """What a table found: values by API name, and where they stand."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    at: dict[str, Position] = field(default_factory=dict[str, Position])


def read(node: Node | None, table: Table, at: Position, problems: list[Problem]) -> Read:
    found = Read()
    nodes: Mapping[str, Node] = {}
    match node:
        case None | Scalar(value=None):
            pass
        case Fields():
            nodes = node.nodes
            report_unknown(node, table, problems)
        case _:
            problems.append(Problem(node.at, "Properties must be a mapping."))
            return found
    for name, expected in table.items():
        value = nodes.get(name)
        if value is None:
            if expected.required:
                problems.append(Problem(at, f"The property {name} is missing."))
            elif expected.default is not None:
                found.values[expected.api] = expected.default
        elif next(calls(value), None) is None:  # what could not be resolved was reported already
            found.at[expected.api] = value.at
            found.values[expected.api] = checked(name, value, expected, problems)
    return found


def report_unknown(node: Fields, table: Table, problems: list[Problem]) -> None:
    for name in node.nodes:
        if name not in table:
            known = ", ".join(other for other, expected in table.items() if expected.kind is not Kind.LATER)
            problems.append(Problem(node.keys_at[name], f"There is no property '{name}' here; there are {known}."))


def checked(name: str, node: Node, expected: Property, problems: list[Problem]) -> Any:
    if expected.kind is Kind.LATER:
        problems.append(Problem(node.at, f"{name} is not supported by this platform yet; leave it out."))
        return None
    try:
        value = CONVERTERS[expected.kind](node)
    except TypeError:
        problems.append(Problem(node.at, f"{name} must be {EXPECTED[expected.kind]}."))
        return expected.default
    if complaint := out_of_bounds(value, expected):
        problems.append(Problem(node.at, f"{name} {complaint}."))
    return value


def as_text(node: Node) -> str:
    match node:
        case Scalar(value=str(text)):
            return text
        case Scalar(value=int() | float() as number) if not isinstance(number, bool):
            return str(number)
        case _:
            raise TypeError


def as_number(node: Node) -> int:
    match node:
        case Scalar(value=int(number)) if not isinstance(number, bool):
            return number
        case Scalar(value=str(text)) if text.isascii() and text.isdigit():
            return int(text)  # a parameter of type String
        case _:
            raise TypeError


def as_decimal(node: Node) -> float:
    match node:
        case Scalar(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case Scalar(value=str(text)) if DECIMAL.fullmatch(text):
            return float(text)  # of an expression
        case _:
            raise TypeError


def as_flag(node: Node) -> bool:
    match node:
        case Scalar(value=bool(flag)):
            return flag
        case Scalar(value=str(text)) if text.lower() in {"true", "false"}:
            return text.lower() == "true"
        case _:
            raise TypeError


def as_texts(node: Node) -> list[str]:
    if not isinstance(node, Items):
        raise TypeError
    return [as_text(item) for item in node.nodes]


def as_variables(node: Node) -> dict[str, str]:
    if not isinstance(node, Fields):
        raise TypeError
    return {name: variable(value) for name, value in node.nodes.items()}


def variable(node: Node) -> str:
    match node:
        case Scalar(value=bool(flag)):
            return "true" if flag else "false"
        case Scalar(value=None):
            return ""
        case _:
            return as_text(node)


def as_document(node: Node) -> Any:
    if not isinstance(node, Fields):
        raise TypeError
    return in_api_spelling(node)


CONVERTERS: Mapping[Kind, Callable[[Node], Any]] = {  # each raises TypeError
    Kind.TEXT: as_text,
    Kind.NUMBER: as_number,
    Kind.DECIMAL: as_decimal,
    Kind.FLAG: as_flag,
    Kind.TEXTS: as_texts,
    Kind.VARIABLES: as_variables,
    Kind.DOCUMENT: as_document,
    Kind.ANY: lambda node: node,
}


def in_api_spelling(node: Node) -> Any:
    match node:
        case Fields(nodes):
            return {name[:1].lower() + name[1:]: in_api_spelling(value) for name, value in nodes.items()}
        case Items(nodes):
            return [in_api_spelling(item) for item in nodes]
        case _:
            return plain(node)


def out_of_bounds(value: Any, expected: Property) -> str:
    if expected.bounds and isinstance(value, int):
        low, high = expected.bounds
        if not low <= value <= high:
            return f"must be from {low} to {high}, not {value}"
    values = cast(list[Any], value) if isinstance(value, list) else [value]
    if expected.choices and (wrong := [item for item in values if item not in expected.choices]):
        return f"must be one of {', '.join(expected.choices)}, not '{wrong[0]}'"
    if expected.pattern and isinstance(value, str) and not expected.pattern.fullmatch(value):
        return f"'{value[:80]}' is not of the form {expected.pattern.pattern}"
    return ""

"""The `Parameters` of a template: what whoever deploys it may or must say."""

import json
import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from liuyun.cli.deploy.document import Fields, Node, Position, Problem, calls, plain
from liuyun.cli.deploy.intrinsics import Value

TYPES = ("String", "Number", "CommaDelimitedList", "Json", "Boolean")
BOOLEANS = {"true": True, "false": False}


@dataclass(slots=True)
class Parameters:
    values: dict[str, Value] = field(default_factory=dict[str, Value])
    secrets: frozenset[str] = frozenset()  # values declared with NoEcho: never shown


def read_parameters(
    section: Node | None, given: Mapping[str, str], top: Position, problems: list[Problem]
) -> Parameters:
    found = Parameters()
    declared: Mapping[str, Node] = {}
    if section is not None and (found_call := next(calls(section), None)):
        problems.append(Problem(found_call.at, f"{found_call.name} can't stand in Parameters."))
    elif isinstance(section, Fields):
        declared = section.nodes
    elif section is not None:
        problems.append(Problem(section.at, "Parameters must be a mapping."))
    problems.extend(
        Problem(top, f"--parameter {name} was given, but the template declares no such parameter.")
        for name in given
        if name not in declared
    )
    for name, node in declared.items():
        if not isinstance(node, Fields):
            problems.append(Problem(node.at, f"The parameter {name} must be a mapping with a Type."))
            continue
        value = read_one(name, node, given.get(name), problems)
        if value is not None:
            found.values[name] = value
            if plain_option(node, "NoEcho") is True:
                found.secrets |= {str(value)}
    return found


def read_one(name: str, node: Fields, given: str | None, problems: list[Problem]) -> Value | None:
    kind = plain_option(node, "Type") or "String"
    if kind not in TYPES:
        problems.append(Problem(node.at, f"The parameter {name} has the type {kind}; there are {', '.join(TYPES)}."))
        return None
    raw = given if given is not None else plain_option(node, "Default")
    if raw is None:
        problems.append(Problem(node.at, f"The parameter {name} has no value: give it with --parameter {name}=VALUE."))
        return None
    try:
        value = converted(raw, str(kind))
    except (KeyError, ValueError):
        problems.append(Problem(node.at, f"The parameter {name} is no {kind}: {str(raw)[:80]!r}."))
        return None
    if complaint := refused(value, node):
        problems.append(Problem(node.at, f"The parameter {name} {complaint}."))
    return value


def converted(raw: object, kind: str) -> Value:
    """Raises ValueError or KeyError."""
    text = raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False)
    match kind:
        case "Number":
            return int(text) if re.fullmatch(r"[+-]?\d+", text) else float(text)
        case "Boolean":
            return BOOLEANS[text.lower()]
        case "CommaDelimitedList":
            return [part.strip() for part in text.split(",")]
        case "Json":
            json.loads(text)
            return text
        case _:
            return text


def refused(value: Value, node: Fields) -> str:
    allowed: Any = plain_option(node, "AllowedValues")
    if allowed and value not in allowed:
        return f"must be one of {', '.join(map(str, allowed))}"
    measured = len(value) if isinstance(value, str) else value
    low, high = ("MinLength", "MaxLength") if isinstance(value, str) else ("MinValue", "MaxValue")
    for option, beyond in ((low, operator.lt), (high, operator.gt)):
        bound = plain_option(node, option)
        if isinstance(bound, int) and isinstance(measured, int | float) and beyond(measured, bound):
            return f"is beyond its {option} of {bound}"
    pattern = plain_option(node, "AllowedPattern")
    if isinstance(pattern, str) and isinstance(value, str) and not re.fullmatch(pattern, value):
        return f"is not of the form {pattern}"
    return ""


def plain_option(node: Fields, name: str) -> Any:
    option = node.nodes.get(name)
    return plain(option) if option else None

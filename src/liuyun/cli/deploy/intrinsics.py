"""The vendor's template functions: `Ref`, `Fn::GetAtt`, `Fn::Sub`, `Fn::Join` and `Fn::Replace`.

A call that can't be resolved is reported once and stays a `Call`; whoever reads the tree afterwards passes over it.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from liuyun.cli.deploy.document import Call, Fields, Items, Node, Problem, Scalar, Unreadable, calls, parse, plain

Value = str | int | float | bool | list[str]

VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Scope:
    """What a template may refer to: `refs` by `Ref`, `attributes` (of a resource, by name) by `Fn::GetAtt`."""

    refs: Mapping[str, Value]
    attributes: Mapping[str, Mapping[str, str]]


class Unresolved(Exception):
    pass


def resolve(node: Node, scope: Scope, problems: list[Problem]) -> Node:
    match node:
        case Scalar():
            return node
        case Items(nodes, at):
            return Items(tuple(resolve(item, scope, problems) for item in nodes), at)
        case Fields(nodes, keys_at, at):
            return Fields({name: resolve(value, scope, problems) for name, value in nodes.items()}, keys_at, at)
        case Call():
            return call(node, scope, problems)


def call(node: Call, scope: Scope, problems: list[Problem]) -> Node:
    function = FUNCTIONS.get(node.name)
    if function is None:
        known = ", ".join(FUNCTIONS)
        problems.append(Problem(node.at, f"{node.name} is not supported here; these are: {known}."))
        return node
    argument = resolve(node.argument, scope, problems)
    if next(calls(argument), None) is not None:
        return node
    try:
        value = function(argument, scope)
    except Unresolved as error:
        problems.append(Problem(node.at, str(error)))
        return node
    if isinstance(value, list):
        return Items(tuple(Scalar(item, node.at) for item in value), node.at)
    return Scalar(value, node.at)


def ref(argument: Node, scope: Scope) -> Value:
    name = text(argument, "Ref takes a name.")
    try:
        return scope.refs[name]
    except KeyError:
        raise Unresolved(
            f"'{name}' is neither a parameter nor a resource of this template.{near(name, scope.refs)}"
        ) from None


def get_att(argument: Node, scope: Scope) -> Value:
    match argument:
        case Items((Scalar(value=str(resource)), *rest)) if rest:
            return attribute(resource, ".".join(text(part, GET_ATT_FORM) for part in rest), scope)
        case Scalar(value=str(dotted)) if "." in dotted:
            resource, _, name = dotted.partition(".")
            return attribute(resource, name, scope)
        case _:
            raise Unresolved(GET_ATT_FORM)


GET_ATT_FORM = "Fn::GetAtt takes a resource and an attribute: [name, attribute]."


def attribute(resource: str, name: str, scope: Scope) -> str:
    attributes = scope.attributes.get(resource)
    if attributes is None:
        raise Unresolved(f"'{resource}' is no resource of this template.{near(resource, scope.attributes)}")
    if name not in attributes:
        raise Unresolved(f"'{resource}' has no attribute '{name}'; it has {', '.join(attributes)}.")
    return attributes[name]


def sub(argument: Node, scope: Scope) -> Value:
    variables: Mapping[str, Node] = {}
    match argument:
        case Scalar(value=str(template)):
            pass
        case Items((Scalar(value=str(template)), Fields(nodes=variables))):
            pass
        case _:
            raise Unresolved("Fn::Sub takes a text, or a text and a mapping of its variables.")

    def fill(match: re.Match[str]) -> str:
        literal, name = match.groups()
        if literal:
            return f"${{{name}}}"
        if name in variables:
            return text(variables[name], f"The variable {name} must be a text.")
        if name not in scope.refs and "." in name:
            resource, _, wanted = name.partition(".")
            return attribute(resource, wanted, scope)
        return as_text(ref(Scalar(name, argument.at), scope))

    return VARIABLE.sub(fill, template)


def join(argument: Node, scope: Scope) -> Value:
    del scope
    match argument:
        case Items((Scalar(value=str(separator)), Items(nodes=parts))):
            return separator.join(text(part, "Fn::Join joins texts.") for part in parts)
        case _:
            raise Unresolved("Fn::Join takes a separator and a list: ['-', [a, b]].")


def replace(argument: Node, scope: Scope) -> Value:
    del scope
    match argument:
        case Items((Fields(nodes=pairs), Scalar(value=str(template)))):
            for old, new in pairs.items():
                template = template.replace(old, text(new, f"What replaces {old} must be a text."))
            return template
        case _:
            raise Unresolved("Fn::Replace takes a mapping and a text: [{old: new}, text].")


FUNCTIONS: Mapping[str, Callable[[Node, Scope], Value]] = {
    "Ref": ref,
    "Fn::GetAtt": get_att,
    "Fn::Sub": sub,
    "Fn::Join": join,
    "Fn::Replace": replace,
}


def text(node: Node, complaint: str) -> str:
    if isinstance(node, Scalar) and isinstance(node.value, str | int | float):
        return as_text(node.value)
    raise Unresolved(complaint)


def as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(value) if isinstance(value, list) else str(value)


def near(name: str, known: Mapping[str, object]) -> str:
    """A hint for a name that differs from a known one only by letter case."""
    alike = next((other for other in known if other.lower() == name.lower()), None)
    return f" Did you mean '{alike}'?" if alike else ""


def fill_in(source: str, file: str, scope: Scope) -> tuple[str, list[Problem]]:
    """A flow definition with its calls replaced by their values; every line keeps its number."""
    try:
        tree, problems = parse(source, file)
    except Unreadable as error:
        return source, [error.problem]
    filled = source
    by_span = {found.span: found for found in calls(tree)}  # an alias shows the same call twice
    for (start, end), found in sorted(by_span.items(), reverse=True):
        value = call(found, scope, problems)
        if not isinstance(value, Call):
            text_of_value = json.dumps(plain(value), ensure_ascii=False)
            filled = filled[:start] + text_of_value + taken_lines(source[start:end]) + filled[end:]
    return filled, sorted(problems)


def taken_lines(taken: str) -> str:
    """The line ends of a call that was written over several lines, and the indentation of what follows it."""
    tail = taken[len(taken.rstrip()) :]
    return "\n" * (taken.count("\n") - tail.count("\n")) + tail

"""The `${...}` of a s.yaml: variables of the environment, of the file's own `vars`, and properties of its other parts.

An expression that is a whole value is replaced by what it names, a mapping or a list included; within a text, by text.
What can't be resolved is reported once and stays as it is written.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from liuyun.cli.deploy.document import Fields, Items, Node, Position, Problem, Scalar
from liuyun.cli.deploy.intrinsics import as_text

EXPRESSION = re.compile(r"\$\{([^{}]*)\}")
ENV = re.compile(
    r"""env\(\s*(['"]?)(?P<name>[^'",)]+)\1\s*(?:,\s*(['"]?)(?P<default>[^'")]*)\3\s*)?\)|env\.(?P<old>\w+)"""
)
DEEPEST = 8  # expressions whose values hold expressions
FORMS = "${env('NAME')}, ${env('NAME', 'default')}, ${vars.NAME} and ${resources.NAME.props.NAME}"


@dataclass(frozen=True, slots=True)
class Scope:
    root: Fields
    env: Mapping[str, str]


class Unresolved(Exception):
    pass


def fill(node: Node, scope: Scope, problems: list[Problem], depth: int = 0) -> Node:
    match node:
        case Scalar(value=str(text), at=at) if "${" in text:
            return replaced(text, at, scope, problems, depth)
        case Items(nodes, at):
            return Items(tuple(fill(item, scope, problems, depth) for item in nodes), at)
        case Fields(nodes, keys_at, at):
            return Fields({name: fill(value, scope, problems, depth) for name, value in nodes.items()}, keys_at, at)
        case _:
            return node


def replaced(text: str, at: Position, scope: Scope, problems: list[Problem], depth: int) -> Node:
    try:
        if whole := EXPRESSION.fullmatch(text):
            return moved(value_of(whole[1].strip(), scope, problems, depth), at)
        filled = EXPRESSION.sub(lambda found: inline(found[1].strip(), scope, problems, depth), text)
    except Unresolved as error:
        problems.append(Problem(at, str(error)))
        return Scalar(text, at)
    return Scalar(filled, at)


def inline(expression: str, scope: Scope, problems: list[Problem], depth: int) -> str:
    match value_of(expression, scope, problems, depth):
        case Scalar(value=None):
            return ""
        case Scalar(value=str() | int() | float() as value):
            return as_text(value)
        case _:
            raise Unresolved(f"${{{expression}}} is a mapping or a list, which can't stand within a text.")


def value_of(expression: str, scope: Scope, problems: list[Problem], depth: int) -> Node:
    if depth >= DEEPEST:
        raise Unresolved(f"${{{expression}}} leads to expressions more than {DEEPEST} deep, or to itself.")
    if found := ENV.fullmatch(expression):
        return Scalar(environment(found, scope.env), scope.root.at)
    return fill(look_up(expression, scope.root), scope, problems, depth + 1)


def environment(found: re.Match[str], env: Mapping[str, str]) -> str:
    name: str = found["name"] or found["old"]
    default: str | None = found["default"]
    value = env.get(name) if name in env else default
    if value is None:
        raise Unresolved(f"The environment has no variable {name}; set it, or give a default: ${{env('{name}', '')}}.")
    return value


def look_up(path: str, root: Fields) -> Node:
    """`vars.a.b` or `resources.x.props.y`; the older form leaves `resources` out."""
    first, *rest = path.split(".")
    if first not in {"vars", "resources", "services"}:
        section = next((root.nodes[name] for name in ("resources", "services") if name in root.nodes), None)
        if not isinstance(section, Fields) or first not in section.nodes:
            raise Unresolved(f"${{{path}}} is not understood here; there are {FORMS}.")
        return walk(section, [first, *rest], path)
    return walk(root, [first, *rest], path)


def walk(node: Node, names: list[str], path: str) -> Node:
    for name in names:
        if not isinstance(node, Fields) or name not in node.nodes:
            known = f"; there are {', '.join(node.nodes)}" if isinstance(node, Fields) else ""
            raise Unresolved(f"${{{path}}} leads nowhere: there is no '{name}'{known}.")
        node = node.nodes[name]
    return node


def moved(node: Node, at: Position) -> Node:
    """The value as if it were written where the expression stands, so that a problem is told there."""
    match node:
        case Scalar(value):
            return Scalar(value, at)
        case Items(nodes):
            return Items(tuple(moved(item, at) for item in nodes), at)
        case Fields(nodes, keys_at):
            return Fields({name: moved(value, at) for name, value in nodes.items()}, dict.fromkeys(keys_at, at), at)
        case _:
            return node

"""YAML text as a tree that knows where everything stands.

The vendor's functions have two spellings, `!Ref name` and `{"Ref": name}`; both become a `Call`. Its `span` is the
piece of text that it takes, so that a flow definition can be filled in without moving the lines around it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Atom = str | int | float | bool | None

MAX_NODES = 50_000  # aliases of aliases grow by multiplication
MAX_DEPTH = 64
CORE = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, order=True)
class Position:
    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    at: Position
    text: str

    def __str__(self) -> str:
        return f"{self.at}: {self.text}"


@dataclass(frozen=True, slots=True)
class Scalar:
    value: Atom
    at: Position


@dataclass(frozen=True, slots=True)
class Items:
    nodes: tuple["Node", ...]
    at: Position


@dataclass(frozen=True, slots=True)
class Fields:
    nodes: Mapping[str, "Node"]
    keys_at: Mapping[str, Position]
    at: Position


@dataclass(frozen=True, slots=True)
class Call:
    """`name` is `Ref` or begins with `Fn::`."""

    name: str
    argument: "Node"
    at: Position
    span: tuple[int, int]


Node = Scalar | Items | Fields | Call


class Unreadable(Exception):
    """The text is no usable YAML; `problem` says where it breaks."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def parse(text: str, file: str) -> tuple[Node, list[Problem]]:
    """The tree, and what is wrong with it besides (a key that stands twice). Raises Unreadable."""
    reader = Reader(file)
    try:
        root: Any = YAML(typ="rt", pure=True).compose(text)  # pyright: ignore[reportUnknownMemberType]
        if root is None:
            raise Unreadable(Problem(Position(file, 1, 1), "The file is empty."))
        return reader.read(root, 0), reader.problems
    except MarkedYAMLError as error:
        raise Unreadable(Problem(marked(error, file), yaml_complaint(error))) from None
    except (YAMLError, ValueError, RecursionError) as error:
        first_line = str(error).partition("\n")[0]
        raise Unreadable(Problem(Position(file, 1, 1), f"This is not YAML: {first_line}")) from None


def marked(error: Any, file: str) -> Position:
    mark = error.problem_mark or error.context_mark
    return Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1, 1)


def yaml_complaint(error: Any) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return f"This is not YAML: {', '.join(parts)}."


class Reader:
    """From ruamel's nodes, which are untyped, to ours."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._nodes = 0
        self.problems: list[Problem] = []

    def read(self, raw: Any, depth: int) -> Node:
        at = self._at(raw)
        self._nodes += 1
        if self._nodes > MAX_NODES or depth > MAX_DEPTH:
            raise Unreadable(Problem(at, "The document is too large or too deeply nested."))
        tag: str = raw.tag or ""
        if tag.startswith("!") and tag != "!":
            return self._tagged(raw, tag[1:], depth)
        if isinstance(raw.value, str):
            return Scalar(atom(tag, raw.value), at)
        if raw.id == "sequence":
            return Items(tuple(self.read(item, depth + 1) for item in raw.value), at)
        return self._fields(raw, depth)

    def _fields(self, raw: Any, depth: int) -> Node:
        nodes: dict[str, Node] = {}
        keys_at: dict[str, Position] = {}
        for key, value in raw.value:
            name, at = self._key(key), self._at(key)
            if name in nodes:
                self.problems.append(Problem(at, f"'{name}' stands here a second time."))
                continue
            nodes[name], keys_at[name] = self.read(value, depth + 1), at
        if len(nodes) == 1 and ((name := next(iter(nodes))) == "Ref" or name.startswith("Fn::")):
            return Call(name, nodes[name], self._at(raw), self._span(raw))
        return Fields(nodes, keys_at, self._at(raw))

    def _tagged(self, raw: Any, name: str, depth: int) -> Node:
        at = self._at(raw)
        argument: Node
        if isinstance(raw.value, str):
            argument = Scalar(raw.value, at)
        elif raw.id == "sequence":
            argument = Items(tuple(self.read(item, depth + 1) for item in raw.value), at)
        else:
            argument = self._fields(raw, depth)
        return Call(name if name == "Ref" else f"Fn::{name.removeprefix('Fn::')}", argument, at, self._span(raw))

    def _key(self, raw: Any) -> str:
        if isinstance(raw.value, str):
            return raw.value
        self.problems.append(Problem(self._at(raw), "A key must be plain text."))
        return ""

    def _at(self, raw: Any) -> Position:
        return Position(self._file, raw.start_mark.line + 1, raw.start_mark.column + 1)

    def _span(self, raw: Any) -> tuple[int, int]:
        return raw.start_mark.index, raw.end_mark.index


def atom(tag: str, text: str) -> Atom:
    """A scalar's value by its tag. Dates stay text: templates write `2015-09-01` without quotes."""
    match tag.removeprefix(CORE):
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int":
            return int(text.replace("_", ""), 0 if text.lstrip("+-").lower().startswith(("0x", "0o")) else 10)
        case "float":
            return float(text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))
        case _:
            return text


def calls(node: Node) -> Iterator[Call]:
    """The outermost calls of a tree, in the order of the text."""
    match node:
        case Call():
            yield node
        case Items(nodes):
            for item in nodes:
                yield from calls(item)
        case Fields(nodes):
            for value in nodes.values():
                yield from calls(value)
        case Scalar():
            return


def plain(node: Node) -> Any:
    """The tree as plain data. Calls must have been resolved."""
    match node:
        case Scalar(value):
            return value
        case Items(nodes):
            return [plain(item) for item in nodes]
        case Fields(nodes):
            return {name: plain(value) for name, value in nodes.items()}
        case Call():
            raise AssertionError(f"{node.name} at {node.at} was not resolved")

"""YAML text as a tree of nodes that know where they stand.

The tree is built from parser events, not by the YAML library's own constructor: so every value keeps its place, plain
scalars follow the JSON-like core schema of YAML 1.2 (`yes`, `on` and dates stay texts), duplicate keys are seen, and
nesting and alias expansion are bounded before anything large exists. JSON is YAML, so it comes for free.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError, YAMLStreamError
from ruamel.yaml.reader import ReaderError

from liuyun.errors import phrase
from liuyun.workflow.definition.problems import Problem
from liuyun.workflow.documents import Json

MAX_BYTES = 256 * 1024
MAX_DEPTH = 64
MAX_NODES = 50_000  # after aliases are expanded
BEGINNING = (1, 1)
MAX_DRAWN = 1_000_000  # characters of a tree that is shown whole, aliases expanded


@dataclass(frozen=True, slots=True)
class Scalar:
    line: int
    column: int
    value: bool | int | float | str | None
    text: str


@dataclass(frozen=True, slots=True)
class Items:
    line: int
    column: int
    nodes: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`keys` gives the place of each key, for messages."""

    line: int
    column: int
    nodes: dict[str, "Node"]
    keys: dict[str, Scalar]


Node: TypeAlias = Scalar | Items | Table


class Unreadable(Exception):
    """The text has no tree, because of what is at `place`: line and column."""

    def __init__(self, place: tuple[int, int], code: str, template: str, /, **known: object) -> None:
        self.problem = Problem(*place, "", phrase(code, template, **known))
        super().__init__(str(self.problem))


def read(text: str, problems: list[Problem]) -> Node:
    """The tree of the text; duplicate keys and the like are added to `problems`. Raises Unreadable."""
    if len(text) > MAX_BYTES or len(text.encode(errors="replace")) > MAX_BYTES:
        raise Unreadable(
            BEGINNING,
            "definition_large",
            "The definition is larger than {most} KiB; make it smaller.",
            most=MAX_BYTES // 1024,
        )
    parser: Any = YAML(typ="safe", pure=True)
    try:
        return Builder(parser.parse(text), problems).document()
    except MarkedYAMLError as error:
        raise no_yaml(place_of(error), words_of(error)) from None
    except ReaderError as error:
        at = place_in(text, error)
        raise Unreadable(at, "yaml_character", "This character is not allowed in YAML; remove it.") from None
    except (YAMLStreamError, ValueError, OverflowError) as error:
        raise no_yaml(BEGINNING, str(error)) from None


def no_yaml(at: tuple[int, int], what: str) -> Unreadable:
    return Unreadable(at, "yaml_invalid", "The definition is not valid YAML: {what}.", what=what)


def place_in(text: str, error: Any) -> tuple[int, int]:
    before = text[: error.position]
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def place_of(error: Any) -> tuple[int, int]:
    mark = error.problem_mark or error.context_mark
    return (mark.line + 1, mark.column + 1) if mark else BEGINNING


def words_of(error: Any) -> str:
    """The YAML library's."""
    return " ".join(str(part) for part in (error.context, error.problem) if part)


class Builder:
    def __init__(self, stream: Iterator[Any], problems: list[Problem]) -> None:
        self._stream = stream
        self._problems = problems
        self._anchors: dict[str, tuple[Node, int]] = {}  # with its number of nodes
        self._count = 0

    def document(self) -> Node:
        next(self._stream)  # StreamStart
        first = next(self._stream)
        if isinstance(first, events.StreamEndEvent):
            raise Unreadable(
                BEGINNING, "definition_empty", "The definition is empty; it needs version, type and steps."
            )
        node = self._node(next(self._stream), 0)
        next(self._stream)  # DocumentEnd
        after = next(self._stream)
        if not isinstance(after, events.StreamEndEvent):
            raise Unreadable(
                place(after), "yaml_documents", "A definition is one YAML document; remove the ones after `---`."
            )
        return node

    def _node(self, event: Any, depth: int) -> Node:
        if type(event) is events.AliasEvent:
            return self._alias(event)
        before = self._count
        self._grow(1, event)
        if depth > MAX_DEPTH:
            raise Unreadable(
                place(event), "definition_deep", "This is nested more than {most} levels deep.", most=MAX_DEPTH
            )
        node = self._content(event, depth)
        if event.anchor:
            self._anchors[event.anchor] = (node, self._count - before)
        return node

    def _content(self, event: Any, depth: int) -> Node:
        line, column = place(event)
        kind = event.__class__
        if kind is events.ScalarEvent:
            value = self._value(event)
            return Scalar(line, column, value, value if isinstance(value, str) else event.value)
        if kind is events.SequenceStartEvent:
            self._check_tag(event, "tag:yaml.org,2002:seq")
            inner = [self._node(item, depth + 1) for item in self._until(events.SequenceEndEvent)]
            return Items(line, column, tuple(inner))
        self._check_tag(event, "tag:yaml.org,2002:map")
        return self._table(event, depth)

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._stream), end):
            yield event

    def _table(self, event: Any, depth: int) -> Table:
        nodes: dict[str, Node] = {}
        keys: dict[str, Scalar] = {}
        merged: list[Node] = []
        for inner in self._until(events.MappingEndEvent):
            key = self._node(inner, depth + 1)
            if not isinstance(key, Scalar):
                raise Unreadable((key.line, key.column), "yaml_key", "A key must be a plain text.")
            value = self._node(next(self._stream), depth + 1)
            if key.text == "<<" and inner.implicit[0]:
                merged.extend(value.nodes if isinstance(value, Items) else [value])
            elif key.text in nodes:
                self._add(
                    key,
                    "yaml_key_twice",
                    "The key {text} stands here twice (first in line {line}); keep one.",
                    text=key.text,
                    line=keys[key.text].line,
                )
            else:
                nodes[key.text], keys[key.text] = value, key
        self._merge(merged, nodes, keys)
        return Table(*place(event), nodes, keys)

    def _merge(self, merged: list[Node], nodes: dict[str, Node], keys: dict[str, Scalar]) -> None:
        """YAML's merge key `<<`: the table's own keys win, then those of earlier merged tables."""
        for table in merged:
            if not isinstance(table, Table):
                self._add(table, "yaml_merge", "The merge key << takes an alias of a mapping, or a list of them.")
                continue
            self._count += len(table.nodes)
            for key, node in table.nodes.items():
                if key not in nodes:
                    nodes[key], keys[key] = node, table.keys[key]

    def _alias(self, event: Any) -> Node:
        known = self._anchors.get(event.anchor)
        if known is None:
            raise Unreadable(
                place(event),
                "yaml_alias",
                "The alias *{anchor} refers to no anchor &{anchor} before it.",
                anchor=event.anchor,
            )
        self._grow(known[1], event)
        return known[0]

    def _grow(self, nodes: int, event: Any) -> None:
        self._count += nodes
        if self._count > MAX_NODES:
            raise Unreadable(
                place(event),
                "definition_nodes",
                "The definition has more than {most} values, aliases expanded.",
                most=MAX_NODES,
            )

    def _value(self, event: Any) -> bool | int | float | str | None:
        tag = str(event.tag) if event.tag else None
        if tag in {"tag:yaml.org,2002:str", "!"} or (tag is None and not event.implicit[0]):
            return self._text(event)
        value = plain_value(event.value)
        if isinstance(value, float) and not math.isfinite(value):
            self._add(
                event,
                "yaml_number",
                "The number {value} has no JSON form; write another, or put it in quotes.",
                value=event.value[:40],
            )
        if tag is not None and tag != TAGS[type(value)]:
            self._add(event, "yaml_tag", "The tag {tag} can't be used here; remove it.", tag=shown(tag))
        return value

    def _text(self, event: Any) -> str:
        """JSON writes a character beyond the first plane as two escapes, which YAML reads as two halves: join them."""
        if SURROGATE.search(event.value) is None:
            return event.value
        try:
            return event.value.encode("utf-16-be", "surrogatepass").decode("utf-16-be")
        except UnicodeDecodeError:
            self._add(
                event, "yaml_surrogate", "This text holds half of a character (an unpaired \\u escape); correct it."
            )
            return ""

    def _check_tag(self, event: Any, own: str) -> None:
        if event.tag and str(event.tag) != own:
            self._add(event, "yaml_tag", "The tag {tag} can't be used here; remove it.", tag=shown(str(event.tag)))

    def _add(self, at: Any, code: str, template: str, /, **known: object) -> None:
        where = (at.line, at.column) if isinstance(at, Node) else place(at)
        self._problems.append(Problem(*where, "", phrase(code, template, **known)))


TAGS: dict[type, str] = {
    type(None): "tag:yaml.org,2002:null",
    bool: "tag:yaml.org,2002:bool",
    int: "tag:yaml.org,2002:int",
    float: "tag:yaml.org,2002:float",
    str: "tag:yaml.org,2002:str",
}
PLAIN: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
INTEGER = re.compile(r"[-+]?[0-9]{1,1000}")
BASED = re.compile(r"0o[0-7]{1,300}|0x[0-9a-fA-F]{1,250}")
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
SURROGATE = re.compile(r"[\ud800-\udfff]")


def plain_value(text: str) -> bool | int | float | str | None:
    """The value of a plain scalar in YAML 1.2's core schema; infinite where JSON has no such number."""
    if text in PLAIN:
        return PLAIN[text]
    if INTEGER.fullmatch(text):
        return int(text)
    if BASED.fullmatch(text):
        return int(text, 0)
    if FLOAT.fullmatch(text):
        return float(text)
    return math.inf if NOT_FINITE.fullmatch(text) else text


def place(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def shown(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def plain(node: Node) -> Json:
    """The JSON value of a node."""
    match node:
        case Scalar(value=value):
            return value
        case Items(nodes=nodes):
            return [plain(inner) for inner in nodes]
        case Table(nodes=nodes):
            return {key: plain(inner) for key, inner in nodes.items()}


def drawable(node: Node | None) -> Json:
    """As `plain`; None for a tree that aliases have made too large to be shown."""
    return None if node is None or characters(node) > MAX_DRAWN else plain(node)


def characters(node: Node) -> int:
    match node:
        case Scalar(text=text):
            return len(text) + 1
        case Items(nodes=nodes):
            return 1 + sum(characters(inner) for inner in nodes)
        case Table(nodes=nodes):
            return 1 + sum(len(key) + characters(inner) for key, inner in nodes.items())

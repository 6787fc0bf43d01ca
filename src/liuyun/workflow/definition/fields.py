"""Taking the keys of a mapping one by one, with a problem for each that is missing, wrong or unknown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from liuyun.workflow.definition.document import Items, Node, Scalar, Table, plain
from liuyun.workflow.definition.paths import BadPath, Path, Root, parse_path
from liuyun.workflow.definition.problems import Problem, did_you_mean
from liuyun.workflow.documents import compact, kind

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the reader is: `step` names the step for messages, `siblings` are the names in its list.

    `problems` and `names` (the line of each step name so far) are shared by the whole reading and filled as it goes on.
    """

    problems: list[Problem]
    names: dict[str, int]
    step: str = ""
    siblings: tuple[str, ...] = ()

    def add(self, at: Node, text: str) -> None:
        self.problems.append(Problem(at.line, at.column, self.step, text))

    def within(self, step: str) -> "Reading":
        return replace(self, step=step)


class Fields:
    """`owner` is what messages call the mapping: "a task", "the flow"."""

    def __init__(self, table: Table, reading: Reading, owner: str) -> None:
        self.table = table
        self.reading = reading
        self.owner = owner
        self._taken: set[str] = set()

    def take(self, key: str) -> Node | None:
        self._taken.add(key)
        return self.table.nodes.get(key)

    def require(self, key: str, advice: str) -> Node | None:
        node = self.take(key)
        if node is None:
            self.reading.add(self.table, f"{self.owner} needs {key}; {advice}.")
        return node

    def close(self, known: Iterable[str] = ()) -> None:
        """Every key that nobody took is a problem."""
        expected = self._taken.union(known)
        for key in self.table.nodes:
            if key not in expected:
                hint = did_you_mean(key, expected) or f" Known are {', '.join(sorted(expected))}."
                self.reading.add(self.table.keys[key], f"{self.owner} has no key {key}.{hint}")

    def text(self, key: str) -> str | None:
        return self._checked(key, lambda node: as_text(node, key, self.reading))

    def flag(self, key: str) -> bool:
        node = self.take(key)
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.reading.add(node, f"{key} must be true or false, not {shown(node)}.")
        return False

    def number(self, key: str, low: float, high: float) -> float | None:
        return self._checked(key, lambda node: as_number(node, key, self.reading, low, high))

    def whole(self, key: str, low: int, high: int) -> int | None:
        return self._checked(key, lambda node: as_whole(node, key, self.reading, low, high))

    def items(self, key: str, what: str) -> tuple[Node, ...]:
        node = self.take(key)
        return () if node is None else as_items(node, key, self.reading, what)

    def _checked(self, key: str, check: Callable[[Node], T | None]) -> T | None:
        node = self.take(key)
        return None if node is None else check(node)


def as_text(node: Node, key: str, reading: Reading) -> str | None:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    hint = f'; if a text is meant, write "{node.text}"' if isinstance(node, Scalar) and node.text else ""
    reading.add(node, f"{key} must be a text, not {shown(node)}{hint}.")
    return None


def as_number(node: Node, key: str, reading: Reading, low: float, high: float) -> float | None:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    reading.add(node, f"{key} must be a number from {low} to {high}, not {shown(node)}.")
    return None


def as_whole(node: Node, key: str, reading: Reading, low: int, high: int) -> int | None:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    reading.add(node, f"{key} must be a whole number from {low} to {high}, not {shown(node)}.")
    return None


def as_items(node: Node, key: str, reading: Reading, what: str) -> tuple[Node, ...]:
    if isinstance(node, Items):
        return node.nodes
    reading.add(node, f"{key} must be a list of {what}, not {shown(node)}.")
    return ()


def as_path(node: Node, text: str, reading: Reading, roots: frozenset[Root]) -> Path | None:
    try:
        path = parse_path(text)
    except BadPath as error:
        reading.add(node, f"{error}.")
        return None
    if not path.roots <= roots:
        *others, last = sorted(f"${root.value}" for root in roots)
        allowed = f"{', '.join(others)} or {last}" if others else last
        reading.add(node, f"{text} can't be read here; a path begins with {allowed} here.")
        return None
    return path


def shown(node: Node) -> str:
    """The value in a message: short, and as its writer would recognise it."""
    if isinstance(node, Scalar) and node.value is not None:
        text = compact(node.value)
        return text if len(text) <= 40 else text[:37] + "…"
    return kind(None if isinstance(node, Scalar) else plain(node))

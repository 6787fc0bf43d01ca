"""Taking the keys of a mapping one by one, with a problem for each that is missing, wrong or unknown."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from liuyun.errors import Phrase, phrase
from liuyun.workflow.definition.document import Items, Node, Scalar, Table, plain
from liuyun.workflow.definition.paths import BadPath, Path, Root, parse_path
from liuyun.workflow.definition.problems import Problem, did_you_mean, one_of
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

    def add(self, at: Node, code: str, template: str, /, **known: object) -> None:
        self.problems.append(Problem(at.line, at.column, self.step, phrase(code, template, **known)))

    def within(self, step: str) -> "Reading":
        return replace(self, step=step)


class Fields:
    """`owner` is what problems call the mapping: "A task step", "The flow"."""

    def __init__(self, table: Table, reading: Reading, owner: Phrase) -> None:
        self.table = table
        self.reading = reading
        self.owner = owner
        self._taken: set[str] = set()

    def take(self, key: str) -> Node | None:
        self._taken.add(key)
        return self.table.nodes.get(key)

    def require(self, key: str, code: str, advice: str, /, **known: object) -> Node | None:
        """The advice says what to write."""
        node = self.take(key)
        if node is None:
            what = {"owner": self.owner, "key": key, "advice": phrase(code, advice, **known)}
            self.reading.add(self.table, "field_missing", "{owner} needs {key}; {advice}.", **what)
        return node

    def close(self, known: Iterable[str] = ()) -> None:
        """Every key that nobody took is a problem."""
        expected = self._taken.union(known)
        for key in self.table.nodes:
            if key not in expected:
                names = ", ".join(sorted(expected))
                hint = did_you_mean(key, expected) or phrase("known_are", " Known are {names}.", names=names)
                self.reading.add(
                    self.table.keys[key],
                    "field_unknown",
                    "{owner} has no key {key}.{hint}",
                    owner=self.owner,
                    key=key,
                    hint=hint,
                )

    def text(self, key: str) -> str | None:
        return self._checked(key, lambda node: as_text(node, key, self.reading))

    def flag(self, key: str) -> bool:
        node = self.take(key)
        if node is None:
            return False
        if isinstance(node, Scalar) and isinstance(node.value, bool):
            return node.value
        self.reading.add(node, "field_flag", "{key} must be true or false, not {found}.", key=key, found=shown(node))
        return False

    def number(self, key: str, low: float, high: float) -> float | None:
        return self._checked(key, lambda node: as_number(node, key, self.reading, low, high))

    def whole(self, key: str, low: int, high: int) -> int | None:
        return self._checked(key, lambda node: as_whole(node, key, self.reading, low, high))

    def items(self, key: str, what: Phrase) -> tuple[Node, ...]:
        node = self.take(key)
        return () if node is None else as_items(node, key, self.reading, what)

    def _checked(self, key: str, check: Callable[[Node], T | None]) -> T | None:
        node = self.take(key)
        return None if node is None else check(node)


def as_text(node: Node, key: Phrase | str, reading: Reading) -> str | None:
    if isinstance(node, Scalar) and isinstance(node.value, str):
        return node.value
    hint: Phrase | str = ""
    if isinstance(node, Scalar) and node.text:
        hint = phrase("text_hint", '; if a text is meant, write "{text}"', text=node.text)
    reading.add(node, "field_text", "{key} must be a text, not {found}{hint}.", key=key, found=shown(node), hint=hint)
    return None


def as_number(node: Node, key: str, reading: Reading, low: float, high: float) -> float | None:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high:
        return value
    reading.add(
        node,
        "field_number",
        "{key} must be a number from {low} to {high}, not {found}.",
        key=key,
        low=low,
        high=high,
        found=shown(node),
    )
    return None


def as_whole(node: Node, key: str, reading: Reading, low: int, high: int) -> int | None:
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    reading.add(
        node,
        "field_whole",
        "{key} must be a whole number from {low} to {high}, not {found}.",
        key=key,
        low=low,
        high=high,
        found=shown(node),
    )
    return None


def as_items(node: Node, key: str, reading: Reading, what: Phrase) -> tuple[Node, ...]:
    if isinstance(node, Items):
        return node.nodes
    reading.add(
        node, "field_list", "{key} must be a list of {what}, not {found}.", key=key, what=what, found=shown(node)
    )
    return ()


def as_path(node: Node, text: str, reading: Reading, roots: frozenset[Root]) -> Path | None:
    try:
        path = parse_path(text)
    except BadPath as error:
        reading.add(node, "as_sentence", "{what}.", what=error.phrase)
        return None
    if not path.roots <= roots:
        allowed = one_of(sorted(f"${root.value}" for root in roots))
        reading.add(
            node,
            "path_root",
            "{text} can't be read here; a path begins with {allowed} here.",
            text=text,
            allowed=allowed,
        )
        return None
    return path


def shown(node: Node) -> Phrase | str:
    """The value in a message: short, and as its writer would recognise it."""
    if isinstance(node, Scalar) and node.value is not None:
        text = compact(node.value)
        return text if len(text) <= 40 else text[:37] + "…"
    return kind(None if isinstance(node, Scalar) else plain(node))

"""JSON paths as flows use them: `$input.a.b`, `$local[*].parts[0]`, `$context.task.token`; `$.a` means `$input.a`.

A path without a wildcard leads to one value, or to MISSING. A wildcard (`[*]`) makes a list of what the rest of the
path leads to in each element; elements where it leads nowhere are left out, and a second wildcard flattens.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from liuyun.workflow.documents import Json, is_list, is_object

MAX_PATH = 1024  # characters


class Missing(Enum):
    MISSING = "missing"


MISSING: Final = Missing.MISSING

Part: TypeAlias = str | int | None  # a key, an index, a wildcard


class Root(Enum):
    INPUT = "input"
    LOCAL = "local"
    CONTEXT = "context"


@dataclass(frozen=True, slots=True)
class Path:
    root: Root
    parts: tuple[Part, ...] = ()


ROOT = re.compile(r"\$(input|local|context)?(?=[.\[]|$)")
PART = re.compile(
    r"""\.(?P<key>[^\s.\[\]"'$()]+) | \[ (?: (?P<index>\d{1,6}) | (?P<any>\*) | (["'])(?P<quoted>.*?)\4 ) \]""",
    re.VERBOSE,
)


class BadPath(ValueError):
    """The message says what is wrong, for a person."""


def parse_path(text: str) -> Path:
    """Raises BadPath."""
    if len(text) > MAX_PATH:
        raise BadPath(f"a path is at most {MAX_PATH} characters long, this one {len(text)}")
    start = ROOT.match(text)
    if start is None:
        raise BadPath(f"{text} is not a path: a path begins with $., $input, $local or $context")
    parts: list[Part] = []
    position = start.end()
    while position < len(text):
        found = PART.match(text, position)
        if found is None:
            raise BadPath(
                f'{text} can\'t be read after {text[:position]}: a path goes on with .key, [0], [*] or ["key"]'
            )
        parts.append(part_of(found))
        position = found.end()
    return Path(Root(start[1] or "input"), tuple(parts))


def part_of(found: re.Match[str]) -> Part:
    if found["index"] is not None:
        return int(found["index"])
    if found["any"] is not None or found["key"] == "*":
        return None
    return found["quoted"] if found["key"] is None else found["key"]


def resolve(value: Json, parts: tuple[Part, ...]) -> Json | Missing:
    for position, part in enumerate(parts):
        if part is None:
            return project(value, parts[position:])
        value = member(value, part)
        if value is MISSING:
            return MISSING
    return value


def project(value: Json, parts: tuple[Part, ...]) -> list[Json]:
    found = [value]
    for part in parts:
        if part is None:
            found = [element for item in found for element in elements(item)]
        else:
            found = [inner for item in found if (inner := member(item, part)) is not MISSING]
    return found


def member(value: Json, part: str | int) -> Json | Missing:
    if isinstance(part, str):
        return value.get(part, MISSING) if is_object(value) else MISSING
    return value[part] if is_list(value) and part < len(value) else MISSING


def elements(value: Json) -> list[Json]:
    if is_object(value):
        return list(value.values())
    return value if is_list(value) else []

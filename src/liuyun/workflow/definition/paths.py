"""JSON paths as flows use them: `$input.a.b`, `$local[*].parts[0]`, `$context.task.token`; `$.a` means `$input.a`.

`$config.SCHEMA.KEY.a` reads the platform's configuration. What follows the schema may come from the data: in
`$config.route[$.method].function` the part in brackets is a path of its own.

A path without a wildcard leads to one value, or to MISSING. A wildcard (`[*]`) makes a list of what the rest of the
path leads to in each element; elements where it leads nowhere are left out, and a second wildcard flattens.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from liuyun.workflow.definition.problems import Unfit
from liuyun.workflow.documents import Json, is_list, is_object

MAX_PATH = 1024  # characters


class Missing(Enum):
    MISSING = "missing"


MISSING: Final = Missing.MISSING

Plain: TypeAlias = str | int | None  # a key, an index, a wildcard


class Root(Enum):
    INPUT = "input"
    LOCAL = "local"
    CONTEXT = "context"
    CONFIG = "config"


@dataclass(frozen=True, slots=True)
class Path:
    """Only under CONFIG a part may be a path, which leads to the part that is meant."""

    root: Root
    parts: tuple["Part", ...] = ()

    @property
    def roots(self) -> frozenset[Root]:
        """Whatever it reads."""
        return frozenset({self.root, *(part.root for part in self.parts if isinstance(part, Path))})


Part: TypeAlias = Plain | Path
ROOT = re.compile(r"\$(input|local|context|config)?(?=[.\[\]]|$)")
PART = re.compile(
    r"""\.(?P<key>[^\s.\[\]"'$()]+) | \[ (?: (?P<index>\d{1,6}) | (?P<any>\*) | (["'])(?P<quoted>.*?)\4 ) \]""",
    re.VERBOSE,
)
INNER = re.compile(r"\[(?=\$)")


class BadPath(Unfit):
    pass


def parse_path(text: str) -> Path:
    """Raises BadPath."""
    if len(text) > MAX_PATH:
        raise BadPath(
            "path_long", "a path is at most {most} characters long, this one {count}", most=MAX_PATH, count=len(text)
        )
    path, end = read_path(text, 0)
    if end < len(text):
        raise unreadable(text, end)
    return path


def read_path(text: str, position: int) -> tuple[Path, int]:
    """The path that begins there, and where it ends."""
    start = ROOT.match(text, position)
    if start is None:
        raise BadPath(
            "path_start",
            "{text} is not a path: a path begins with $., $input, $local, $context or $config",
            text=text[position:],
        )
    root, position = Root(start[1] or "input"), start.end()
    parts: list[Part] = []
    while found := PART.match(text, position) or INNER.match(text, position):
        if found.re is PART:
            part, position = part_of(found), found.end()
        else:
            part, position = read_inner(text, position, root)
        parts.append(part)
    if root is Root.CONFIG:
        check_config(parts)
    return Path(root, tuple(parts)), position


def read_inner(text: str, position: int, root: Root) -> tuple[Path, int]:
    if root is not Root.CONFIG:
        raise BadPath("path_brackets", "{text} has a path in brackets; only $config can be read with one", text=text)
    inner, end = read_path(text, position + 1)
    if inner.root is Root.CONFIG:
        raise BadPath(
            "path_config_inside",
            "{text} has $config in brackets; map that value into the step's input first",
            text=text,
        )
    if text[end : end + 1] != "]":
        raise unreadable(text, end)
    return inner, end + 1


def check_config(parts: list[Part]) -> None:
    if len(parts) < 2 or not isinstance(parts[0], str) or not isinstance(parts[1], str | Path):
        raise BadPath(
            "path_config", "$config is read by schema and key, as in $config.route.weixin or $config.route[$.method]"
        )


def unreadable(text: str, position: int) -> BadPath:
    return BadPath(
        "path_unreadable",
        '{text} can\'t be read after {read}: a path goes on with .key, [0], [*] or ["key"]',
        text=text,
        read=text[:position],
    )


def part_of(found: re.Match[str]) -> Plain:
    if found["index"] is not None:
        return int(found["index"])
    if found["any"] is not None or found["key"] == "*":
        return None
    return found["quoted"] if found["key"] is None else found["key"]


def resolve(value: Json, parts: Sequence[Plain]) -> Json | Missing:
    for position, part in enumerate(parts):
        if part is None:
            return project(value, parts[position:])
        value = member(value, part)
        if value is MISSING:
            return MISSING
    return value


def project(value: Json, parts: Sequence[Plain]) -> list[Json]:
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
    return value[part] if is_list(value) and 0 <= part < len(value) else MISSING


def elements(value: Json) -> list[Json]:
    if is_object(value):
        return list(value.values())
    return value if is_list(value) else []

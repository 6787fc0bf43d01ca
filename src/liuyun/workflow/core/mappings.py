"""Evaluating mappings and templates over a step's data. A path that leads nowhere leaves its key out."""

from collections.abc import Callable, Sequence
from typing import assert_never, cast

import msgspec

from liuyun.workflow.definition.paths import MISSING, Missing, Path, Plain, Root, resolve
from liuyun.workflow.definition.steps import Composed, Constant, Mappings, Template
from liuyun.workflow.documents import Json, JsonObject


class Outside(msgspec.Struct, frozen=True):
    """What paths read that isn't the step's data: `$context` and `$config`, by schema and key.

    A context is made only where a path asks for it: a task token in it costs a signature.
    """

    context: Callable[[], JsonObject]
    config: Callable[[str, str], Json | Missing]


def mapped(mappings: Mappings, data: JsonObject, local: Json, outside: Outside) -> JsonObject:
    result: JsonObject = {}
    for mapping in mappings:
        source = mapping.source
        value = source.value if isinstance(source, Constant) else lookup(source, data, local, outside)
        if value is not MISSING:
            result[mapping.target] = value
    return result


def lookup(path: Path, data: JsonObject, local: Json, outside: Outside) -> Json | Missing:
    match path.root:
        case Root.INPUT:
            return resolve(data, plain(path))
        case Root.LOCAL:
            return resolve(local, plain(path))
        case Root.CONTEXT:
            return resolve(outside.context(), plain(path))
        case Root.CONFIG:
            return configured(path, data, local, outside)
        case _:
            assert_never(path.root)


def plain(path: Path) -> Sequence[Plain]:
    """Outside of the configuration no part is a path."""
    return cast("tuple[Plain, ...]", path.parts)


def configured(path: Path, data: JsonObject, local: Json, outside: Outside) -> Json | Missing:
    """A part that the data was to name leads nowhere unless it is a text or an index."""
    parts: list[Plain] = []
    for part in path.parts:
        if isinstance(part, Path):
            meant = lookup(part, data, local, outside)
            if isinstance(meant, bool) or not isinstance(meant, str | int):
                return MISSING
            parts.append(meant)
        else:
            parts.append(part)
    schema, key, *inner = parts
    if not (isinstance(schema, str) and isinstance(key, str)):
        return MISSING
    value = outside.config(schema, key)
    return MISSING if value is MISSING else resolve(value, inner)


def rendered(template: Template, data: JsonObject, outside: Outside) -> Json | Missing:
    match template:
        case Constant(value):
            return value
        case Path():
            return lookup(template, data, {}, outside)
        case Composed(items):
            if isinstance(items, dict):
                pairs = ((key, rendered(item, data, outside)) for key, item in items.items())
                return {key: value for key, value in pairs if value is not MISSING}
            values = (rendered(item, data, outside) for item in items)
            return [value for value in values if value is not MISSING]
        case _:
            assert_never(template)


def with_context(mappings: Mappings | None) -> Mappings:
    """Those that give another value when the context does."""
    found = mappings or ()
    return tuple(m for m in found if isinstance(m.source, Path) and Root.CONTEXT in m.source.roots)

"""Evaluating mappings and parameter templates over a step's data. A path that leads nowhere leaves its key out."""

from collections.abc import Callable
from typing import assert_never

from liuyun.workflow.definition.paths import MISSING, Missing, Path, Root, resolve
from liuyun.workflow.definition.steps import Composed, Constant, Mappings, Template
from liuyun.workflow.documents import Json, JsonObject

MakeContext = Callable[[], JsonObject]  # made only where a path asks for it: a task token in it costs a signature


def mapped(mappings: Mappings, data: JsonObject, local: Json, context: MakeContext) -> JsonObject:
    result: JsonObject = {}
    for mapping in mappings:
        source = mapping.source
        value = source.value if isinstance(source, Constant) else lookup(source, data, local, context)
        if value is not MISSING:
            result[mapping.target] = value
    return result


def lookup(path: Path, data: JsonObject, local: Json, context: MakeContext) -> Json | Missing:
    match path.root:
        case Root.INPUT:
            return resolve(data, path.parts)
        case Root.LOCAL:
            return resolve(local, path.parts)
        case Root.CONTEXT:
            return resolve(context(), path.parts)
        case _:
            assert_never(path.root)


def rendered(template: Template, data: JsonObject, context: MakeContext) -> Json | Missing:
    match template:
        case Constant(value):
            return value
        case Path():
            return lookup(template, data, {}, context)
        case Composed(items):
            if isinstance(items, dict):
                pairs = ((key, rendered(item, data, context)) for key, item in items.items())
                return {key: value for key, value in pairs if value is not MISSING}
            values = (rendered(item, data, context) for item in items)
            return [value for value in values if value is not MISSING]
        case _:
            assert_never(template)


def uses_context(mappings: Mappings | None) -> bool:
    return any(isinstance(m.source, Path) and m.source.root is Root.CONTEXT for m in mappings or ())

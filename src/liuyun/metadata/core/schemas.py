"""JSON Schema 2020-12 as configuration uses it: no reference leaves the document, and patterns take linear time."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

import msgspec
import re2  # pyright: ignore[reportMissingTypeStubs]
from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend as extend_untyped  # pyright: ignore[reportUnknownVariableType]
from referencing import Registry
from referencing.exceptions import Unresolvable

from liuyun.errors import Phrase, phrase
from liuyun.metadata.core.documents import is_list, is_object, unstorable
from liuyun.metadata.core.verdicts import of_secret, verdict
from liuyun.model.config import Json

REFERENCE = "x-reference"  # the name of a schema: this text is the key of an entry of it
LANGUAGES = "x-languages"  # {"zh": {"title": …, "description": …}}: the same in other languages, for forms
LANGUAGES_EXAMPLE = '{"zh": {"title": "名称", "description": "…"}}'
WORDS = {"title", "description"}
RE2: Any = re2
LANGUAGE: Any = RE2.compile("[a-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
extend: Any = extend_untyped  # pyright: ignore[reportUnknownVariableType] - jsonschema carries no types
BAD_PATTERN: type[Exception] = RE2.error
options: Any = RE2.Options()
options.log_errors = False
NOWHERE: Registry[Any] = Registry()  # from which nothing is fetched
MOST_PROBLEMS = 20
MOST_NAMED = 10


@lru_cache(1024)
def compiled(expression: str) -> Any:
    return RE2.compile(expression, options)


def pattern(_: Any, expression: str, instance: Json, __: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and compiled(expression).search(instance) is None:
        yield ValidationError(expression)


def pattern_properties(
    validator: Any, patterns: Mapping[str, Any], instance: Json, _: Any
) -> Iterator[ValidationError]:
    if not is_object(instance):
        return
    for expression, schema in patterns.items():
        for name, value in instance.items():
            if compiled(expression).search(name):
                yield from validator.descend(value, schema, path=name, schema_path=expression)


def required(_: Any, wanted: list[str], instance: Json, __: Any) -> Iterator[ValidationError]:
    if is_object(instance) and (lacking := [name for name in wanted if name not in instance]):
        yield ValidationError(named(lacking))


def additional_properties(validator: Any, rest: Any, instance: Json, schema: Any) -> Iterator[ValidationError]:
    if not is_object(instance):
        return
    patterns: list[Any] = [compiled(expression) for expression in schema.get("patternProperties", ())]
    known = schema.get("properties", ())
    extra = [name for name in instance if name not in known and not any(each.search(name) for each in patterns)]
    if rest is False and extra:
        yield ValidationError(named(extra))
    elif is_object(rest):
        for name in extra:
            yield from validator.descend(instance[name], rest, path=name)


def named(names: list[str]) -> str:
    return ", ".join(f"'{name[:80]}'" for name in names[:MOST_NAMED])


Validator: Any = extend(
    Draft202012Validator,
    {
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "required": required,
        "additionalProperties": additional_properties,
    },
)


def schema_problem(document: Mapping[str, Any]) -> Phrase | None:
    """Why this is no schema that configuration can use; None if it is one."""
    for at, what in unstorable(document):
        return phrase("schema_at", "{at}: {what}", at=at, what=what)
    try:
        Draft202012Validator.check_schema(document)
        for expression in patterns(document):
            compiled(expression)
        for reference in references_out(document):
            template = "$ref leads to '{reference}'; only references into the same document (#...) are followed"
            return phrase("schema_reference", template, reference=reference[:80])
        if not all(map(fits_languages, parts(document))):
            template = "{keyword} must be like {example}"
            return phrase("schema_languages", template, keyword=LANGUAGES, example=LANGUAGES_EXAMPLE)
    except SchemaError as error:
        return phrase("schema_at", "{at}: {what}", at=pointer(error.absolute_path), what=verdict(error))
    except BAD_PATTERN as error:
        template = "a pattern can't be used: {error} (look-around and back references are not offered)"
        return phrase("schema_pattern", template, error=error)
    return None


def fits_languages(part: Mapping[str, Any]) -> bool:
    """Whether what a part of a schema says in other languages, if anything, are titles and descriptions by language."""
    found = part.get(LANGUAGES, {})
    return is_object(found) and all(
        LANGUAGE.fullmatch(tag)
        and is_object(words)
        and words.keys() <= WORDS
        and all(isinstance(text, str) for text in words.values())
        for tag, words in found.items()
    )


def value_problems(document: Mapping[str, Any], value: Json, *, secret: bool = False) -> list[tuple[str, Phrase]]:
    """(JSON pointer, what is wrong there) for each problem, the first MOST_PROBLEMS of them.

    What is said of a secret tells the rule that it breaks, and nothing of its text.
    """
    if found := list(islice(unstorable(value), MOST_PROBLEMS)):
        return found
    errors = islice(validator_of(msgspec.json.encode(document)).iter_errors(value), MOST_PROBLEMS)
    try:
        return [(pointer(each.absolute_path), of_secret(each) if secret else verdict(each)) for each in errors]
    except (Unresolvable, RecursionError):
        template = "the schema refers to a part of itself that isn't there, or to itself without an end"
        return [("/", phrase("schema_endless", template))]


@lru_cache(1024)
def validator_of(document: bytes) -> Any:
    return Validator(msgspec.json.decode(document), registry=NOWHERE)


def references(document: Json, value: Json, at: str = "") -> Iterator[tuple[str, str, str]]:
    """(JSON pointer, schema, key) for each text in `value` that the document marks with REFERENCE.

    Marks are followed through properties, additionalProperties and items.
    """
    if not is_object(document):
        return
    target = document.get(REFERENCE)
    if isinstance(target, str) and isinstance(value, str):
        yield at or "/", target, value
    if is_object(value):
        properties, rest = document.get("properties"), document.get("additionalProperties")
        for name, inner in value.items():
            part = properties.get(name, rest) if is_object(properties) else rest
            yield from references(part, inner, f"{at}/{name}")
    elif is_list(value):
        for number, inner in enumerate(value):
            yield from references(document.get("items"), inner, f"{at}/{number}")


def referred_schemas(document: Json) -> frozenset[str]:
    """The schemas that entries of this one may refer to."""
    return frozenset(target for part in parts(document) if isinstance(target := part.get(REFERENCE), str))


def references_out(document: Json) -> Iterator[str]:
    for part in parts(document):
        for word in ("$ref", "$dynamicRef"):
            target = part.get(word)
            if isinstance(target, str) and not target.startswith("#"):
                yield target


def patterns(document: Json) -> Iterator[str]:
    for part in parts(document):
        if isinstance(text := part.get("pattern"), str):
            yield text
        if is_object(table := part.get("patternProperties")):
            yield from table


def parts(document: Json) -> Iterator[Mapping[str, Any]]:
    if is_object(document):
        yield document
        for inner in document.values():
            yield from parts(inner)
    elif is_list(document):
        for inner in document:
            yield from parts(inner)


def pointer(path: Any) -> str:
    return "/" + "/".join(str(part).replace("~", "~0").replace("/", "~1") for part in path)

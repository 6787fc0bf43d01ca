"""JSON as Python has it: told apart for the type checker, and kept to what JSON can say."""

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any, TypeGuard, cast

import msgspec

from liuyun.errors import Phrase, phrase
from liuyun.model.config import Json

DEEPEST = 64  # objects and lists within each other


def is_object(value: Json) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def is_list(value: Json) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def same(one: Json, other: Json) -> bool:
    """Whether both are written alike, the order of properties aside. For Python, 1, 1.0 and true are equal."""
    return canonical(one) == canonical(other)


def canonical(value: Json) -> bytes:
    return msgspec.json.encode(value, order="deterministic")


def unstorable(value: Json, at: str = "", depth: int = 0) -> Iterator[tuple[str, Phrase]]:
    """(JSON pointer, why) for whatever would not come back from the disk as it was."""
    if depth > DEEPEST:
        template = "objects and lists may stand at most {most} deep within each other"
        yield at, phrase("value_deep", template, most=DEEPEST)
    elif is_object(value):
        for name, inner in cast(Mapping[object, Json], value).items():
            if isinstance(name, str) and is_unicode(name):
                yield from unstorable(inner, f"{at}/{name}", depth + 1)
            else:
                yield (
                    at or "/",
                    phrase("property_name", "{name} can't be the name of a property", name=ascii(name)[:80]),
                )
    elif is_list(value):
        for number, inner in enumerate(value):
            yield from unstorable(inner, f"{at}/{number}", depth + 1)
    elif why := unstorable_atom(value):
        yield at or "/", why


def unstorable_atom(value: Json) -> Phrase | None:
    match value:
        case float() if not isfinite(value):
            return phrase("number_finite", "a number must be finite")
        case str() if not is_unicode(value):
            return phrase("text_unicode", "a text must be Unicode, but this one holds half a surrogate pair")
        case None | str() | bool() | int() | float():
            return None
        case _:
            return phrase("no_json", "JSON has no {kind}", kind=type(value).__name__)


def is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True

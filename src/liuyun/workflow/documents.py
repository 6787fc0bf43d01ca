"""JSON documents: everything that flows through a run is a JSON object, stored and measured as compact UTF-8 text."""

from typing import Any, TypeAlias, TypeGuard

import msgspec

from liuyun.errors import Invalid, Phrase, phrase

Json: TypeAlias = Any  # None, bool, int, float, str, list[Json], dict[str, Json]
JsonObject: TypeAlias = dict[str, Any]

MAX_DEPTH = 100  # far below what the encoder's own recursion can take, far above what people write


class TooDeep(Invalid):
    def __init__(self) -> None:
        super().__init__("json_deep", "The JSON is nested more than {most} levels deep.", most=MAX_DEPTH)


def parse(text: str | bytes, what: str) -> Json:
    """The value of a JSON text. `what` names it in the error ("Input", "Output"). Raises Invalid."""
    try:
        value = msgspec.json.decode(text)
        text.encode() if isinstance(text, str) else text.decode()  # lone surrogates and broken UTF-8
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise Invalid("json_invalid", "{what} is not valid JSON: {error}.", what=what, error=error) from None
    except RecursionError:
        raise TooDeep from None
    measure(value)
    return value


def parse_object(text: str | bytes, what: str) -> JsonObject:
    value = parse(text, what)
    if not is_object(value):
        raise Invalid("json_object", "{what} must be a JSON object, not {found}.", what=what, found=kind(value))
    return value


def is_object(value: Json) -> TypeGuard[JsonObject]:
    return isinstance(value, dict)


def is_list(value: Json) -> TypeGuard[list[Json]]:
    return isinstance(value, list)


def compact(value: Json) -> str:
    return msgspec.json.encode(value).decode()


def measure(value: Json) -> int:
    """The size in bytes of the value's compact text. Raises TooDeep."""
    try:
        text = msgspec.json.encode(value)
    except RecursionError:
        raise TooDeep from None
    if len(text) > MAX_DEPTH and text.count(b"{") + text.count(b"[") > MAX_DEPTH and deeper_than(value, MAX_DEPTH):
        raise TooDeep
    return len(text)


def deeper_than(value: Json, levels: int) -> bool:
    inner = list(value.values()) if is_object(value) else value
    return is_list(inner) and (levels == 0 or any(deeper_than(item, levels - 1) for item in inner))


def kind(value: Json) -> Phrase:
    """What a person would call the value: for messages."""
    match value:
        case None:
            return phrase("kind_null", "null")
        case bool():
            return phrase("kind_boolean", "a boolean")
        case int() | float():
            return phrase("kind_number", "a number")
        case str():
            return phrase("kind_text", "a text")
        case list():
            return phrase("kind_list", "a list")
        case _:
            return phrase("kind_object", "an object")

"""JSON as Python has it, told apart for the type checker."""

from collections.abc import Mapping
from typing import Any, TypeGuard

from liuyun.model.config import Json


def is_object(value: Json) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(value, Mapping)


def is_list(value: Json) -> TypeGuard[list[Any]]:
    return isinstance(value, list)

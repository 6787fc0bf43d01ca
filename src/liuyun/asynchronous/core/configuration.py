"""What an async-invoke-config says, in the words of all three protocols. Source: fc contract 1.4, 1.6 and 4.3."""

from collections.abc import Mapping
from typing import Any, cast

from liuyun.asynchronous.core.destinations import parse
from liuyun.errors import Invalid
from liuyun.model.asynchronous import DEFAULT_AGE_S, DEFAULT_RETRIES, LONGEST_AGE_S, MOST_RETRIES, AsyncConfig

DEFAULT = AsyncConfig()


def read_config(document: Mapping[str, Any]) -> AsyncConfig:
    """Raises Invalid, or Unsupported for a destination of a kind that isn't offered. Unknown members are ignored."""
    destinations = member(document, "destinationConfig")
    return AsyncConfig(
        max_age_s=number(document, "maxAsyncEventAgeInSeconds", DEFAULT_AGE_S, 1, LONGEST_AGE_S),
        max_retries=number(document, "maxAsyncRetryAttempts", DEFAULT_RETRIES, 0, MOST_RETRIES),
        stateful=flag(document, "asyncTask") or flag(document, "statefulInvocation"),
        on_success=destination(destinations, "onSuccess"),
        on_failure=destination(destinations, "onFailure"),
    )


def member(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    given = document.get(name)
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise Invalid(f"{name} must be an object")
    return cast("dict[str, Any]", given)


def number(document: Mapping[str, Any], name: str, default: int, low: int, high: int) -> int:
    given = document.get(name)
    if given is None:
        return default
    if not isinstance(given, int) or isinstance(given, bool) or not low <= given <= high:
        raise Invalid(f"{name} must be a whole number from {low} to {high}, but is '{str(given)[:40]}'")
    return given


def flag(document: Mapping[str, Any], name: str) -> bool:
    given = document.get(name)
    if given is not None and not isinstance(given, bool):
        raise Invalid(f"{name} must be true or false, but is '{str(given)[:40]}'")
    return bool(given)


def destination(destinations: Mapping[str, Any], name: str) -> str:
    given = member(destinations, name).get("destination")
    if not given:
        return ""
    if not isinstance(given, str):
        raise Invalid(f"the destination of {name} must be a text")
    parse(given)
    return given

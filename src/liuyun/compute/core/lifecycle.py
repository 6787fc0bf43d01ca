"""What a function may do before its instance goes to rest or goes for good. Source: fc contract 2, 3.1."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from liuyun.model.function import Function

TIMEOUT_S, MOST_TIMEOUT_S = 3, 90


class Phase(StrEnum):
    """As the vendor's instanceLifecycleConfig calls them."""

    PRE_STOP = "preStop"
    PRE_FREEZE = "preFreeze"


@dataclass(frozen=True, slots=True)
class Hook:
    handler: str
    timeout_s: int = TIMEOUT_S


def hooks_of(function: Function) -> dict[Phase, Hook]:
    """Those that have a handler; a timeout that is none, or too long, is the nearest that may be."""
    config = members(function.config.get("instanceLifecycleConfig"))
    found: dict[Phase, Hook] = {}
    for phase in Phase:
        wanted = members(config.get(phase.value))
        if handler := wanted.get("handler"):
            timeout = wanted.get("timeout")
            given = timeout if isinstance(timeout, int) else TIMEOUT_S
            found[phase] = Hook(str(handler), max(1, min(given, MOST_TIMEOUT_S)))
    return found


def members(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}

"""When a wait ends."""

import math
from typing import assert_never

from liuyun.errors import Phrase, phrase
from liuyun.workflow.core.mappings import Outside, lookup
from liuyun.workflow.definition.bounds import MAX_WAIT_S
from liuyun.workflow.definition.instants import parse_instant
from liuyun.workflow.definition.paths import MISSING, Missing, Path
from liuyun.workflow.definition.problems import Unfit
from liuyun.workflow.definition.steps import Duration, Instant
from liuyun.workflow.documents import Json, JsonObject, compact


class BadWait(Unfit):
    """The input gives no time to wait for."""


def due_at(until: Duration | Instant, data: JsonObject, now: int, outside: Outside) -> int:
    """Epoch milliseconds, at or before `now` if there is nothing to wait for. Raises BadWait."""
    match until:
        case Duration(seconds):
            asked = seconds_of(lookup(seconds, data, {}, outside)) if isinstance(seconds, Path) else seconds
            return now + math.ceil(asked * 1000)
        case Instant(at):
            return instant_of(lookup(at, data, {}, outside)) if isinstance(at, Path) else at
        case _:
            assert_never(until)


def seconds_of(value: Json | Missing) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MAX_WAIT_S:
        return value
    template = "duration must be a number of seconds from 0 to {most}, but the input gives {found}."
    raise BadWait("wait_duration", template, most=MAX_WAIT_S, found=shown(value))


def instant_of(value: Json | Missing) -> int:
    try:
        return parse_instant(value if isinstance(value, str) else "")
    except ValueError:
        template = "timestamp must be an RFC 3339 time, but the input gives {found}."
        raise BadWait("wait_instant", template, found=shown(value)) from None


def shown(value: Json | Missing) -> Phrase | str:
    return phrase("kind_nothing", "nothing") if value is MISSING else compact(value)[:100]

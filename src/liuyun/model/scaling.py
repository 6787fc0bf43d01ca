"""How many instances a function is to have: what its owner sets by provision, on-demand and concurrency configurations.

Sources: fc contract 1.4 to 1.6 and 4.2. Documents are those of the API; what they say is checked here, once for all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from liuyun.errors import Invalid
from liuyun.scheduling.cron import Cron, cron, known_zone

MOST = 10_000  # instances in any of these configurations
MOST_RULES = 100
EXPRESSION = re.compile(r"(cron|at)\((.+)\)")
FOR_EVER = 253_402_300_799_000  # the last second of the year 9999
PROVISIONED = "ProvisionedConcurrencyUtilization"
CPU = "CPUUtilization"


@dataclass(frozen=True, slots=True)
class At:
    """Once."""

    instant: int

    def after(self, instant: int) -> int | None:
        return self.instant if self.instant > instant else None


@dataclass(frozen=True, slots=True)
class Window:
    """Instants in milliseconds; the end doesn't belong to it."""

    start: int = 0
    end: int = FOR_EVER

    def __contains__(self, now: int) -> bool:
        return self.start <= now < self.end


@dataclass(frozen=True, slots=True)
class ScheduledAction:
    """From each time that `when` names until the next action's, `target` instances."""

    name: str
    target: int
    when: Cron | At
    window: Window


@dataclass(frozen=True, slots=True)
class TrackingPolicy:
    """So many instances that `metric` stays at `target`, a share from 0 to 1."""

    name: str
    metric: str
    target: float
    least: int
    most: int
    window: Window


@dataclass(frozen=True, slots=True)
class Provision:
    default_target: int
    actions: tuple[ScheduledAction, ...] = ()
    policies: tuple[TrackingPolicy, ...] = ()


def provision(document: Mapping[str, Any]) -> Provision:
    """Of a provision configuration; `defaultTarget` wins over `target`. Raises Invalid naming the member."""
    default = document.get("defaultTarget")
    target = whole(document.get("target") if default is None else default, "target")
    actions = tuple(scheduled(each, place) for each, place in rules(document, "scheduledActions"))
    policies = tuple(tracking(each, place) for each, place in rules(document, "targetTrackingPolicies"))
    return Provision(target, actions, policies)


def most_on_demand(document: Mapping[str, Any]) -> int:
    """Of an on-demand configuration. Raises Invalid."""
    return whole(document.get("maximumInstanceCount"), "maximumInstanceCount")


def reserved(document: Mapping[str, Any]) -> int:
    """Of a concurrency configuration. Raises Invalid."""
    return whole(document.get("reservedConcurrency"), "reservedConcurrency")


def rules(document: Mapping[str, Any], member: str) -> Sequence[tuple[Mapping[str, Any], str]]:
    value = document.get(member)
    found: list[Any] = [] if value is None else value
    if not isinstance(value, list | None) or not all(isinstance(each, dict) for each in found):
        raise Invalid("list_of_objects", "{member} must be a list of objects", member=member)
    if len(found) > MOST_RULES:
        raise Invalid("entries_most", "{member} has at most {most} entries", member=member, most=MOST_RULES)
    return [(each, f"{member}[{number}]") for number, each in enumerate(found)]


def scheduled(document: Mapping[str, Any], place: str) -> ScheduledAction:
    zone = known_zone(text(document, "timeZone", place))
    expression = text(document, "scheduleExpression", place)
    match = EXPRESSION.fullmatch(expression.strip())
    if match is None:
        raise Invalid(
            "scaling_schedule",
            "{place}.scheduleExpression must be cron(0 0 4 * * *) or at(2026-01-01T00:00:00Z)",
            place=place,
        )
    when = cron(match[2], zone) if match[1] == "cron" else At(moment(match[2], zone, f"{place}.scheduleExpression"))
    target = whole(document.get("target"), f"{place}.target")
    return ScheduledAction(text(document, "name", place), target, when, window(document, zone, place))


def tracking(document: Mapping[str, Any], place: str) -> TrackingPolicy:
    metric = text(document, "metricType", place)
    if metric not in {PROVISIONED, CPU}:
        raise Invalid(
            "scaling_metric",
            "{place}.metricType must be {provisioned} or {cpu}; others are not measured here",
            place=place,
            provisioned=PROVISIONED,
            cpu=CPU,
        )
    target = document.get("metricTarget")
    if not isinstance(target, int | float) or not 0 < target <= 1:
        raise Invalid("scaling_target", "{place}.metricTarget must be a number above 0 and at most 1", place=place)
    least = whole(document.get("minCapacity", 0), f"{place}.minCapacity")
    most = whole(document.get("maxCapacity"), f"{place}.maxCapacity")
    if least > most:
        raise Invalid("scaling_capacity", "{place}.minCapacity must not be larger than maxCapacity", place=place)
    zone = known_zone(text(document, "timeZone", place))
    return TrackingPolicy(
        text(document, "name", place), metric, float(target), least, most, window(document, zone, place)
    )


def window(document: Mapping[str, Any], zone: str, place: str) -> Window:
    start, end = text(document, "startTime", place), text(document, "endTime", place)
    found = Window(
        moment(start, zone, f"{place}.startTime") if start else 0,
        moment(end, zone, f"{place}.endTime") if end else FOR_EVER,
    )
    if found.start >= found.end:
        raise Invalid("scaling_times", "{place}.startTime must be before endTime", place=place)
    return found


def moment(value: str, zone: str, place: str) -> int:
    """A time that names no offset is one of the zone."""
    try:
        time = datetime.fromisoformat(value.strip())
    except ValueError:
        raise Invalid(
            "scaling_time",
            "{place} must hold a time such as 2026-01-01T00:00:00Z, not '{value}'",
            place=place,
            value=value[:40],
        ) from None
    if time.tzinfo is None:
        time = time.replace(tzinfo=ZoneInfo(zone))
    return round(time.timestamp() * 1000)


def text(document: Mapping[str, Any], member: str, place: str) -> str:
    value = document.get(member)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 256:
        raise Invalid(
            "scaling_text", "{place}.{member} must be a text of at most 256 characters", place=place, member=member
        )
    return value


def whole(value: object, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST:
        raise Invalid("scaling_number", "{place} must be a whole number from 0 to {most}", place=place, most=MOST)
    return value

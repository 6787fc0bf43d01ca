"""What the configurations of functions may say. Sources: fc contract 1.4 to 1.6, 4.2 and 4.3.

Each checker takes a document as it was sent and gives it back with the members that count, those set to null or to an
empty list left out: Python's client sends these for what its caller didn't set.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, cast

from liuyun.catalog.rules import LONGEST_DESCRIPTION, check_config, check_length, check_range
from liuyun.errors import Invalid
from liuyun.model import scaling
from liuyun.model.configuration import ConfigKind

Document = Mapping[str, Any]
OLDEST_S = 2_592_000
MOST_RETRIES = 8
DESTINATION = re.compile(
    r"acs:fc:[^:]*:[^:]*:(services/[^/]+/)?functions/[^/]+|acs:mns:[^:]*:[^:]*:/(queues|topics)/[^/]+/messages"
)


def checked(kind: ConfigKind, document: Document) -> Document:
    """Raises Invalid, naming the member."""
    check_config(document)
    return CHECKERS[kind](document)


def provision(document: Document) -> Document:
    found = given(
        document, "target", "defaultTarget", "scheduledActions", "targetTrackingPolicies", "alwaysAllocateCPU",
        "alwaysAllocateGPU",
    )  # fmt: skip
    scaling.provision(found)
    return found


def on_demand(document: Document) -> Document:
    return {"maximumInstanceCount": scaling.most_on_demand(document)}


def concurrency(document: Document) -> Document:
    return {"reservedConcurrency": scaling.reserved(document)}


def asynchronous(document: Document) -> Document:
    found = given(
        document, "maxAsyncEventAgeInSeconds", "maxAsyncRetryAttempts", "destinationConfig", "statefulInvocation",
        "asyncTask",
    )  # fmt: skip
    check_number(found, "maxAsyncEventAgeInSeconds", 1, OLDEST_S)
    check_number(found, "maxAsyncRetryAttempts", 0, MOST_RETRIES)
    for member in ("statefulInvocation", "asyncTask"):
        if not isinstance(found.get(member, False), bool):
            raise Invalid("true_or_false", "{member} must be true or false", member=member)
    if "destinationConfig" in found:
        check_destinations(found["destinationConfig"])
    return found


def restriction(document: Document) -> Document:
    reason = document.get("reason") or ""
    if not isinstance(reason, str):
        raise Invalid("reason_no_text", "reason must be a text")
    check_length("reason", reason, LONGEST_DESCRIPTION)
    return {"disable": True, "reason": reason}


def check_destinations(config: Any) -> None:
    for outcome in ("onSuccess", "onFailure"):
        place = member_of(config, outcome)
        name = member_of(place, "destination")
        if name is not None and (not isinstance(name, str) or (name and DESTINATION.fullmatch(name) is None)):
            raise Invalid(
                "destination_unknown",
                "destinationConfig.{outcome}.destination must name a function, a queue or a topic, such "
                "as acs:mns:REGION:ACCOUNT:/queues/QUEUE/messages, but is '{name}'",
                outcome=outcome,
                name=str(name)[:200],
            )


def member_of(document: Any, name: str) -> Any:
    return cast(Document, document).get(name) if isinstance(document, dict) else None


def check_number(document: Document, member: str, low: int, high: int) -> None:
    value = document.get(member, low)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Invalid(
            "whole_number_range",
            "{member} must be a whole number from {low} to {high}",
            member=member,
            low=low,
            high=high,
        )
    check_range(member, value, low, high)


def given(document: Document, *members: str) -> dict[str, Any]:
    return {name: document[name] for name in members if document.get(name) not in (None, [])}


CHECKERS: Mapping[ConfigKind, Callable[[Document], Document]] = {
    ConfigKind.PROVISION: provision,
    ConfigKind.ON_DEMAND: on_demand,
    ConfigKind.CONCURRENCY: concurrency,
    ConfigKind.ASYNC: asynchronous,
    ConfigKind.RESTRICTION: restriction,
}

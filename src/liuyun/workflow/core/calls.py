"""What a task sends: its target and parameters, rendered over the step's input into an effect."""

from typing import assert_never

import msgspec

from liuyun.workflow.core.effects import InvokeFunction, PublishMessage, SendMessage, TaskEffect
from liuyun.workflow.core.mappings import Outside, rendered
from liuyun.workflow.definition.bounds import DELAYS_S, PRIORITIES
from liuyun.workflow.definition.paths import MISSING
from liuyun.workflow.definition.problems import Unfit
from liuyun.workflow.definition.steps import Task
from liuyun.workflow.definition.targets import FunctionTarget, QueueTarget, Target, TopicTarget
from liuyun.workflow.documents import Json, JsonObject, compact, is_object, kind


class Attempt(msgspec.Struct, frozen=True):
    event_id: int
    path: str
    number: int
    input: JsonObject
    target: Target


class BadParameter(Unfit):
    """A parameter got a wrong value from the step's input."""


def call(task: Task, attempt: Attempt, outside: Outside) -> TaskEffect:
    """Raises BadParameter."""
    values = {key: rendered(template, attempt.input, outside) for key, template in task.params.items()}
    given = {key: value for key, value in values.items() if value is not MISSING}
    origin = (attempt.event_id, attempt.path, attempt.number)
    match attempt.target:
        case FunctionTarget(service, function, qualifier):
            return InvokeFunction(*origin, service, function, qualifier, compact(attempt.input))
        case TopicTarget(topic):
            tag, attributes = given.get("MessageTag"), given.get("MessageAttributes")
            return PublishMessage(*origin, topic, body(given), tag_text(tag), checked_attributes(attributes))
        case QueueTarget(queue):
            priority = whole(given, "Priority", *PRIORITIES)
            return SendMessage(*origin, queue, body(given), priority, whole(given, "DelaySeconds", *DELAYS_S))
        case _:
            assert_never(attempt.target)


def body(given: JsonObject) -> str:
    """A text is sent as it is, everything else as JSON."""
    if "MessageBody" not in given:
        raise BadParameter("body_nowhere", "MessageBody leads nowhere in the step's input.")
    value = given["MessageBody"]
    return value if isinstance(value, str) else compact(value)


def tag_text(tag: Json) -> str:
    if tag is None or isinstance(tag, str):
        return tag or ""
    raise BadParameter("tag_text", "MessageTag must be a text, not {found}.", found=kind(tag))


def checked_attributes(attributes: Json) -> JsonObject | None:
    if attributes is None or is_object(attributes):
        return attributes
    raise BadParameter(
        "message_attributes_object", "MessageAttributes must be an object, not {found}.", found=kind(attributes)
    )


def whole(given: JsonObject, key: str, low: int, high: int) -> int | None:
    value = given.get(key)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    template = "{key} must be a whole number from {low} to {high}, not {found}."
    raise BadParameter("field_whole", template, key=key, low=low, high=high, found=compact(value)[:40])

"""Reading wait and fail steps."""

from liuyun.workflow.definition.bounds import MAX_CAUSE, MAX_ERROR, MAX_WAIT_S
from liuyun.workflow.definition.document import Node, Scalar
from liuyun.workflow.definition.fields import Fields, Reading, as_number, as_path, shown
from liuyun.workflow.definition.instants import parse_instant
from liuyun.workflow.definition.mappings import INPUT
from liuyun.workflow.definition.steps import Duration, Fail, Instant, Shared, Wait
from liuyun.workflow.definition.tasks import is_path


def read_fail(fields: Fields, shared: Shared) -> Fail:
    texts = {"error": "", "cause": ""}
    for key, most in (("error", MAX_ERROR), ("cause", MAX_CAUSE)):
        node, text = fields.take(key), fields.text(key)
        if node is not None and text is not None and len(text) > most:
            fields.reading.add(node, "field_long", "{key} has at most {most} characters.", key=key, most=most)
        texts[key] = text or ""
    return Fail(**shared, error=texts["error"], cause=texts["cause"])


def read_wait(fields: Fields, shared: Shared) -> Wait | None:
    duration, timestamp = fields.take("duration"), fields.take("timestamp")
    if duration is not None and timestamp is None:
        until = read_duration(duration, fields.reading)
    elif timestamp is not None and duration is None:
        until = read_timestamp(timestamp, fields.reading)
    else:
        fields.reading.add(
            fields.table, "wait_needs", "A wait step needs either duration (seconds) or timestamp (RFC 3339)."
        )
        return None
    return until and Wait(**shared, until=until)


def read_duration(node: Node, reading: Reading) -> Duration | None:
    if isinstance(node, Scalar) and is_path(node):
        path = as_path(node, node.text, reading, INPUT)
        return path and Duration(path)
    seconds = as_number(node, "duration", reading, 0, MAX_WAIT_S)
    return None if seconds is None else Duration(seconds)


def read_timestamp(node: Node, reading: Reading) -> Instant | None:
    if isinstance(node, Scalar) and is_path(node):
        path = as_path(node, node.text, reading, INPUT)
        return path and Instant(path)
    try:
        return Instant(parse_instant(node.text if isinstance(node, Scalar) else ""))
    except ValueError:
        reading.add(
            node,
            "wait_timestamp",
            "timestamp must be an RFC 3339 time such as 2030-01-31T08:00:00Z, not {found}.",
            found=shown(node),
        )
        return None

"""What leaves after a commit, and what a commit's events are stored as: the JSON texts of the engine's rows."""

from collections.abc import Sequence
from typing import TypeAlias

import msgspec

from liuyun.workflow.core.effects import TaskEffect
from liuyun.workflow.core.events import Event
from liuyun.workflow.documents import JsonObject


class ReportBack(msgspec.Struct, frozen=True, tag=True):
    """The execution has ended and whoever started it gave a task token: that task is to be completed.

    `output` is a JSON text, None unless the execution succeeded.
    """

    event_id: int
    token: str
    output: str | None
    error: str
    cause: str


Outgoing: TypeAlias = TaskEffect | ReportBack

encoder = msgspec.json.Encoder()
outgoing: msgspec.json.Decoder[Outgoing] = msgspec.json.Decoder(Outgoing)
chunks = msgspec.json.Decoder(tuple[Event, ...])


def encode(effect: Outgoing) -> str:
    return encoder.encode(effect).decode()


def encode_json(value: JsonObject) -> str:
    return encoder.encode(value).decode()


def encode_events(events: Sequence[Event]) -> str:
    """Empty text for no events."""
    return encoder.encode(events).decode() if events else ""


def decode_outgoing(text: str) -> Outgoing:
    return outgoing.decode(text)


def decode_events(text: str) -> tuple[Event, ...]:
    return chunks.decode(text)

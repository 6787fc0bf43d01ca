"""Runs, events, effects and activations as JSON text, for storage."""

import msgspec

from liuyun.workflow.core.activations import Activation
from liuyun.workflow.core.effects import Effect
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.run import Run

encoder = msgspec.json.Encoder()
runs = msgspec.json.Decoder(Run)
events = msgspec.json.Decoder(Event)
effects: msgspec.json.Decoder[Effect] = msgspec.json.Decoder(Effect)
activations: msgspec.json.Decoder[Activation] = msgspec.json.Decoder(Activation)


def encode(value: Run | Event | Effect | Activation) -> str:
    return encoder.encode(value).decode()


def decode_run(text: str) -> Run:
    return runs.decode(text)


def decode_event(text: str) -> Event:
    return events.decode(text)


def decode_effect(text: str) -> Effect:
    return effects.decode(text)


def decode_activation(text: str) -> Activation:
    return activations.decode(text)

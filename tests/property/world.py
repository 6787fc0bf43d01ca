"""The world of one execution: what a store keeps, what is on its way, and what crashes leave of it.

Effects are never forgotten here, so every one may be answered twice, late, or after a crash, as at-least-once delivery
has it.
"""

from functools import reduce

import msgspec

from liuyun.workflow.core.activations import Activation
from liuyun.workflow.core.decide import decide
from liuyun.workflow.core.decision import Context, Decision, Limits
from liuyun.workflow.core.effects import ExecutionEnded, StartTimer
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.evolve import evolve
from liuyun.workflow.core.run import Run
from liuyun.workflow.definition import Flow
from liuyun.workflow.definition.paths import MISSING, Missing
from liuyun.workflow.documents import Json

LIMITS = Limits(step_data_bytes=600, events=80)
FUNCTION, TOPIC = "acs:fc:::services/s/functions/f", "acs:mns:::/topics/t/messages"
SETTINGS = [None, 1, "x", [0, "x"], [], FUNCTION, TOPIC, {"a": 0}]  # what the configuration holds, one after another
chunks = msgspec.json.Decoder(tuple[Event, ...])


class World:
    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.now = 1000
        self.context = Context(lambda event_id: f"token-{event_id}", LIMITS, self.config)
        self.run = Run("flow", "run")
        self.stored: list[bytes] = []  # one chunk of events a commit
        self.asked: set[int] = set()  # event ids of effects that may be answered
        self.timers: dict[int, int] = {}
        self.past: list[Activation] = []
        self.ends = 0

    def config(self, tenant: str, schema: str, key: str) -> Json | Missing:
        """Another value with every moment."""
        place = self.now + len(tenant + schema + key)
        return SETTINGS[place % len(SETTINGS)] if key != "absent" else MISSING

    def happen(self, activation: Activation) -> Decision:
        decision = decide(self.flow, self.run, activation, self.now, self.context)
        if decision.events:
            self.stored.append(msgspec.json.encode(decision.events))
        for effect in decision.effects:
            match effect:
                case StartTimer(event_id, at):
                    self.timers[event_id] = at
                case ExecutionEnded():
                    self.ends += 1
                case _:
                    self.asked.add(effect.event_id)
        self.run = decision.run
        self.past.append(activation)
        return decision

    def crash(self) -> None:
        """Only what was committed is left."""
        self.run = self.replayed()

    @property
    def expected(self) -> set[int]:
        """The events whose consequences the run waits for."""
        frames = [scope.frame for scope in self.run.scopes.values() if scope.frame is not None]
        return {frame.awaits for frame in frames if frame.awaits}

    def replayed(self) -> Run:
        return reduce(evolve, self.history, Run("flow", "run"))

    @property
    def history(self) -> list[Event]:
        return [event for chunk in self.stored for event in chunks.decode(chunk)]

"""Plays one execution by hand: what happens to it goes in, events and effects come out.

After everything that happens the history is replayed from its JSON text and must give the same run.
"""

from functools import reduce

import msgspec

from liuyun.workflow.core.activations import (
    Activation,
    ReportFailed,
    ReportSucceeded,
    Start,
    TaskFailed,
    TaskReturned,
    TimerFired,
)
from liuyun.workflow.core.decide import decide
from liuyun.workflow.core.decision import Context, Decision, Limits
from liuyun.workflow.core.effects import Effect, InvokeFunction, PublishMessage, SendMessage, StartTimer
from liuyun.workflow.core.events import Event
from liuyun.workflow.core.evolve import evolve
from liuyun.workflow.core.run import Run
from liuyun.workflow.definition import Flow
from liuyun.workflow.definition.paths import MISSING
from tests.unit.workflow.definition.texts import flow_of

stored_events = msgspec.json.Decoder(list[Event])


def token(event_id: int) -> str:
    return f"token-{event_id}"


def replay(history: list[Event]) -> Run:
    stored = msgspec.json.encode(history)
    return reduce(evolve, stored_events.decode(stored), Run("shop", "order-1"))


class Play:
    def __init__(self, flow: Flow, limits: Limits | None = None) -> None:
        self.flow = flow
        self.settings: dict[tuple[str, str, str], object] = {}  # what $config reads, by tenant, schema and key
        self.context = Context(token, limits or Limits(), lambda *place: self.settings.get(place, MISSING))
        self.now = 1_000_000
        self.run = Run("shop", "order-1")
        self.history: list[Event] = []
        self.effects: list[Effect] = []

    def happen(self, activation: Activation) -> Decision:
        decision = decide(self.flow, self.run, activation, self.now, self.context)
        self.run = decision.run
        self.history += decision.events
        self.effects += decision.effects
        assert replay(self.history) == self.run
        return decision

    def returned(self, output: object) -> Decision:
        return self.happen(TaskReturned(self.call.event_id, output))

    def failed(self, error: str, cause: str = "why") -> Decision:
        return self.happen(TaskFailed(self.call.event_id, error, cause))

    def report(self, output: object, event_id: int = 0) -> Decision:
        return self.happen(ReportSucceeded(event_id or self.call.event_id, output))

    def report_failed(self, error: str, cause: str = "why", event_id: int = 0) -> Decision:
        return self.happen(ReportFailed(event_id or self.call.event_id, error, cause))

    def ring(self) -> Decision:
        """The clock moves to the newest timer, which fires."""
        timer = self.timers[-1]
        self.now = timer.at
        return self.happen(TimerFired(timer.event_id))

    @property
    def calls(self) -> list[InvokeFunction | PublishMessage | SendMessage]:
        return [effect for effect in self.effects if isinstance(effect, InvokeFunction | PublishMessage | SendMessage)]

    @property
    def call(self) -> InvokeFunction | PublishMessage | SendMessage:
        return self.calls[-1]

    @property
    def timers(self) -> list[StartTimer]:
        return [effect for effect in self.effects if isinstance(effect, StartTimer)]

    @property
    def types(self) -> list[str]:
        return [event.type.value for event in self.history]

    def steps(self, kind: str = "StepEntered") -> list[str]:
        return [event.step for event in self.history if event.type == kind]

    def detail(self, kind: str, step: str = "") -> dict:
        """Of the newest such event."""
        return next(e.detail for e in reversed(self.history) if e.type == kind and step in {"", e.step})


def play(
    steps: str,
    data: dict | None = None,
    *,
    header: str = "",
    limits: Limits | None = None,
    settings: dict | None = None,
) -> Play:
    """A started execution of a flow of these steps; `settings` are what its account is configured with, by schema."""
    play = Play(flow_of(steps, header), limits)
    for schema, entries in (settings or {}).items():
        play.settings |= {("", schema, key): value for key, value in entries.items()}
    play.happen(Start(data or {}))
    return play

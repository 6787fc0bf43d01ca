"""Events of many executions, searched from the newest back: what flows did, as lines of a log.

Executions are found by the flow that they belong to, the newest first; of those that ran in the span the events are
read. Both have bounds, and the answer says when they were met.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec

from liuyun.model.log import Level
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import executions as store
from liuyun.storage.stores import flows as flow_store
from liuyun.workflow.core.events import Event, EventType
from liuyun.workflow.outbox import decode_events

FLOWS, LOOKED_AT, READ = 200, 1000, 200  # flows; executions of each; executions whose events are read
NEWER_THAN_ALL = "~"  # sorts after every execution id
LONGEST = 2000  # characters of an event's line
ERRORS = frozenset({EventType.EXECUTION_FAILED, EventType.EXECUTION_TIMED_OUT, EventType.STEP_FAILED})
WARNINGS = frozenset({
    EventType.EXECUTION_STOPPED, EventType.TASK_FAILED, EventType.TASK_SUBMIT_FAILED, EventType.TASK_TIMED_OUT
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class EventLine:
    flow: str
    execution: str
    at: int
    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class WantedEvents:
    """From `since` up to `until`. An empty text doesn't restrict; `execution` is a name, `level` the mildest."""

    since: int
    until: int
    flow: str = ""
    execution: str = ""
    contains: str = ""
    level: Level = Level.INFO

    def takes(self, line: EventLine) -> bool:
        return self.since <= line.at < self.until and self.level.includes(line.level) and self.contains in line.text


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """`lines`, newest first, of those `counts` tells of by part of the span; `complete` if no bound was met."""

    lines: Sequence[EventLine]
    counts: Sequence[int]
    complete: bool


class EventSearch:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def search(self, account_id: str, wanted: WantedEvents, *, parts: int, limit: int) -> FoundEvents:
        """As many lines as `limit`, but all are counted, in `parts` of the span."""
        return await self._db.read(lambda tx: search(tx, account_id, wanted, parts=parts, limit=limit))


def search(tx: Transaction, account_id: str, wanted: WantedEvents, *, parts: int, limit: int) -> FoundEvents:
    ran, complete = running_in(tx, account_id, wanted)
    newest = sorted(ran, key=lambda one: one[1].key.execution_id, reverse=True)[:READ]
    found = [line for flow, brief in newest for line in lines_of(tx, flow, brief) if wanted.takes(line)]
    counts = Counter((line.at - wanted.since) * parts // (wanted.until - wanted.since) for line in found)
    found.sort(key=lambda line: -line.at)
    return FoundEvents(found[:limit], [counts[part] for part in range(parts)], complete and len(ran) <= READ)


def running_in(tx: Transaction, account_id: str, wanted: WantedEvents) -> tuple[list[tuple[str, store.Brief]], bool]:
    """The executions that ran in the span, with their flow's name; and whether those are all."""
    flows = flow_store.page(tx, account_id, after="", limit=FLOWS)
    complete, ran = len(flows) < FLOWS or bool(wanted.flow), list[tuple[str, store.Brief]]()
    if wanted.flow:
        only = flow_store.find(tx, account_id, wanted.flow)
        flows = [only] if only else []
    for flow in flows:
        briefs = store.briefs(tx, account_id, flow.flow_id, NEWER_THAN_ALL, LOOKED_AT)
        complete = complete and len(briefs) < LOOKED_AT
        ran += [
            (flow.name, brief)
            for brief in briefs
            if brief.started_at < wanted.until
            and (brief.stopped_at is None or brief.stopped_at >= wanted.since)
            and wanted.execution in {"", brief.name}
        ]
    return ran, complete


def lines_of(tx: Transaction, flow: str, brief: store.Brief) -> Iterator[EventLine]:
    for chunk in store.history(tx, brief.key):
        for event in decode_events(chunk):
            yield EventLine(flow, brief.name, event.time, level_of(event), text_of(event))


def level_of(event: Event) -> Level:
    return Level.ERROR if event.type in ERRORS else Level.WARNING if event.type in WARNINGS else Level.INFO


def text_of(event: Event) -> str:
    """Such as `StepFailed pay {"error": …}`."""
    words = (event.type.value, event.step, msgspec.json.encode(event.detail).decode() if event.detail else "")
    return " ".join(word for word in words if word)[:LONGEST]

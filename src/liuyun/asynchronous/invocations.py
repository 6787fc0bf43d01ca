"""Asynchronous invocations: each row of that table is a promise to call a function, kept until it has an end.

    accepted ──> row, due now ──> claimed, tried ──> ended: row deleted, destination told
                     ^                  │
                     └── due later <────┘ failed or throttled, and a retry is left (core/progress.py)

Each function with invocations is a lane, so that one with a long backlog doesn't keep the others waiting. A row is
written before the caller is answered, and what follows from a try is one commit: the row's next state, the task's if
there is one, the destination's invocation or account. After a restart everything that was under way is tried again.
"""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from liuyun.asynchronous.conclusions import Conclusion, follow_up, record
from liuyun.asynchronous.core.destinations import Ended
from liuyun.asynchronous.core.progress import STOPPED, TOO_OLD, Finish, Retry, step
from liuyun.asynchronous.core.tasks import begun, check_task_id, enqueued
from liuyun.asynchronous.handing_over import HandingOver
from liuyun.asynchronous.ports import Ports
from liuyun.asynchronous.trying import Tried, Tries
from liuyun.clock import Clock
from liuyun.errors import Invalid, TaskExists, Throttled, TooLarge
from liuyun.ids import Ids
from liuyun.model.asynchronous import Accepted, FunctionKey, TaskStatus
from liuyun.model.invocation import Invocation
from liuyun.scheduling.dispatcher import Claimed, Dispatcher, insist
from liuyun.settings import Limits
from liuyun.storage.commits import Step, commit
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import async_tasks as tasks
from liuyun.storage.stores import asynchronous as store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Piece:
    """`stopped`: somebody stopped it when it ran, before the platform went down."""

    accepted: Accepted
    stopped: bool


class Invocations:
    def __init__(
        self,
        *,
        db: Database,
        clock: Clock,
        ids: Ids,
        ports: Ports,
        handing_over: HandingOver,
        limits: Limits,
        region: str,
    ) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._ports = ports
        self._handing_over = handing_over
        self._limits = limits
        self._region = region
        self._tries = Tries(ports)
        self._stopping: set[int] = set()
        self._backlog = Counter[FunctionKey]()
        self._empty = asyncio.Event()
        self.counts = Counter[str]()
        self._dispatcher: Dispatcher[FunctionKey, Piece] = Dispatcher(
            "asynchronous invocations",
            clock=clock,
            places=limits.async_running,
            lane_limit=limits.async_running_per_function,
            claim=self._claim,
            carry=self._carry,
        )

    async def start(self) -> None:
        self._empty.set()
        for pending in await self._db.write(store.pending):
            self._empty.clear()
            self._backlog[pending.key] = pending.count
            self._dispatcher.due([pending.key], pending.due_at)
        self._dispatcher.start()

    async def close(self, drain_s: float) -> None:
        await self._dispatcher.close(drain_s)

    async def idle(self) -> None:
        """Returns when no try is under way."""
        await self._dispatcher.idle()

    async def drained(self) -> None:
        """Returns when everything that was accepted has come to its end."""
        await self._empty.wait()

    def statistics(self) -> dict[str, int]:
        return {"backlog": self._backlog.total(), "running": self._dispatcher.statistics()["under_way"], **self.counts}

    async def accept(self, invocation: Invocation, *, task_id: str = "", stateful: bool = False) -> str:
        """Its id, once it is on disk; `stateful` keeps it as a task whatever the function's configuration says.

        Raises TooLarge, Throttled for a full queue, Invalid or TaskExists for an id, and what resolving does.
        """
        self._check_size(invocation)
        names = (invocation.account_id, invocation.service, invocation.qualifier, invocation.function)
        await self._ports.resolve(*names)
        config = self._ports.configure(*names)
        config = replace(config, stateful=config.stateful or stateful)
        if task_id:
            check_task_id(task_id)
            if not config.stateful:
                raise Invalid(
                    "an id can only be given where tasks are kept: set asyncTask (or statefulInvocation) first"
                )
        accepted = Accepted(
            invocation=invocation,
            invocation_id=task_id or invocation.request_id,
            config=config,
            enqueued_at=self._clock.now(),
        )
        if self._backlog[accepted.key] >= self._limits.async_backlog:
            raise Throttled(f"{self._limits.async_backlog} asynchronous invocations of this function wait already")
        await commit(self._db, Step(lambda tx: place(tx, accepted), lambda _: self.placed([accepted])))
        return accepted.invocation_id

    def placed(self, committed: Sequence[Accepted]) -> None:
        """These were committed by `place`, together with what caused them."""
        for accepted in committed:
            self._empty.clear()
            self._backlog[accepted.key] += 1
            self.counts["enqueued"] += 1
            self._dispatcher.due([accepted.key], accepted.enqueued_at)

    def stop(self, number: int) -> None:
        """It was committed that this one, which is under way, is to be stopped."""
        self._stopping.add(number)
        self._tries.call_off(number)

    def left(self, key: FunctionKey) -> None:
        """One that was waiting was taken out of the queue."""
        self._backlog[key] -= 1
        if not self._backlog[key]:
            del self._backlog[key]
        if not self._backlog:
            self._empty.set()

    def _check_size(self, invocation: Invocation) -> None:
        limit = self._limits.async_payload_bytes
        if (size := len(invocation.payload)) > limit:
            raise TooLarge(
                f"the payload of an asynchronous invocation must have at most {limit} bytes, but has {size}",
                limit=limit,
            )

    async def _claim(self, turns: Mapping[FunctionKey, int], now: int) -> Mapping[FunctionKey, Claimed[Piece]]:
        def work(tx: Transaction) -> dict[FunctionKey, Claimed[Piece]]:
            return {key: claim(tx, key, limit, now) for key, limit in turns.items()}

        return await self._db.write(work)

    async def _carry(self, piece: Piece) -> None:
        accepted = piece.accepted
        self.counts["dequeued"] += 1
        tried: Tried | None = None
        if piece.stopped or accepted.number in self._stopping:
            verdict = STOPPED
        elif self._clock.now() >= accepted.expires_at:
            verdict = TOO_OLD
        else:
            tried = await self._tries.make(accepted)
            stopped = tried.called_off and accepted.number in self._stopping
            verdict = STOPPED if stopped else step(accepted, tried.outcome, self._clock.now())
        await self._conclude(accepted, verdict, tried)
        self._stopping.discard(accepted.number)

    async def _conclude(self, accepted: Accepted, verdict: Retry | Finish, tried: Tried | None) -> None:
        now = self._clock.now()
        follow = None
        if isinstance(verdict, Finish):
            ended = ended_of(accepted, verdict, tried)
            follow = follow_up(accepted, ended, ports=self._ports, ids=self._ids, region=self._region, now=now)
        conclusion = Conclusion(accepted, verdict, tried, follow, now, self._limits.async_payload_bytes)
        verdict = await insist(self._clock, lambda: self._db.write(lambda tx: record(tx, conclusion, place)))
        if isinstance(verdict, Retry):
            self.counts["retried"] += 1
            self._dispatcher.due([accepted.key], verdict.due_at)
            return
        self.left(accepted.key)
        self.counts[verdict.status.lower()] += 1
        if verdict.status not in {TaskStatus.SUCCEEDED, TaskStatus.STOPPED}:
            log.info("asynchronous invocation ended", function=accepted.key, status=verdict.status,
                     request_id=accepted.invocation.request_id, reason=tried.error if tried else "")  # fmt: skip
        if follow is not None:
            self._tell(follow, now)

    def _tell(self, follow: Accepted | store.HandOver, now: int) -> None:
        if isinstance(follow, Accepted):
            self.placed([follow])
        else:
            self._handing_over.due([(follow.account_id, follow.target)], now)


def place(tx: Transaction, accepted: Accepted) -> None:
    """Puts it into the queue, with its task if it is kept. Raises TaskExists. Tell `placed` after the commit."""
    if accepted.config.stateful and not tasks.insert(tx, enqueued(accepted)):
        raise TaskExists(
            f"the function already has an asynchronous task '{accepted.invocation_id}'; an id is used once"
        )
    store.insert(tx, accepted)


def claim(tx: Transaction, key: FunctionKey, limit: int, now: int) -> Claimed[Piece]:
    found = [Piece(each, begin(tx, each, now)) for each in store.claim(tx, key, limit, now)]
    return Claimed(found, store.next_due(tx, key))


def begin(tx: Transaction, accepted: Accepted, now: int) -> bool:
    """The task is running from here on, unless somebody has stopped it, which is what is answered."""
    task = tasks.find(tx, accepted.key, accepted.invocation_id) if accepted.config.stateful else None
    if task is None:
        return False
    if task.status is TaskStatus.STOPPING:
        return True
    tasks.update(tx, begun(task, now))
    return False


def ended_of(accepted: Accepted, finish: Finish, tried: Tried | None) -> Ended:
    if tried is None:
        return Ended(finish, tries=accepted.failures)
    result = tried.result
    return Ended(
        finish,
        status_code=tried.status_code,
        function_error=(result.error_type or "") if result else "",
        payload=result.payload if result else tried.error.encode(),
        tries=accepted.failures + (result is not None),
    )

"""The outbox of destinations: an account of an end goes to its queue exactly once, to its topic at least once.

A destination that isn't there, or doesn't take it, is tried a few times more and then given up; the log says so, and
the task, if there is one. A function as a destination needs no outbox: its invocation is enqueued where the end is.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import structlog

from liuyun.asynchronous.core.destinations import QueueTarget, TopicTarget, parse
from liuyun.asynchronous.ports import Ports
from liuyun.clock import Clock
from liuyun.errors import PlatformError, Unavailable
from liuyun.scheduling.dispatcher import Claimed, Dispatcher, insist
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import async_tasks as tasks
from liuyun.storage.stores import asynchronous as store
from liuyun.storage.stores.asynchronous import HandOver, TargetKey

UNDER_WAY, UNDER_WAY_OF_TARGET = 256, 32
MOST_TRIES = 6
FIRST_PAUSE_MS = 1000

log = structlog.get_logger()


class HandingOver:
    def __init__(self, *, db: Database, clock: Clock, ports: Ports) -> None:
        self._db = db
        self._clock = clock
        self._ports = ports
        self.counts = Counter[str]()
        self._dispatcher: Dispatcher[TargetKey, HandOver] = Dispatcher(
            "destinations",
            clock=clock,
            places=UNDER_WAY,
            lane_limit=UNDER_WAY_OF_TARGET,
            claim=self._claim,
            carry=self._deliver,
        )

    async def start(self) -> None:
        for target, due_at in await self._db.write(store.targets):
            self.due([target], due_at)
        self._dispatcher.start()

    async def close(self, drain_s: float) -> None:
        await self._dispatcher.close(drain_s)

    async def idle(self) -> None:
        await self._dispatcher.idle()

    def due(self, targets: Sequence[TargetKey], instant: int) -> None:
        """Something for these targets was committed."""
        self._dispatcher.due(targets, instant)

    async def _claim(self, turns: Mapping[TargetKey, int], now: int) -> Mapping[TargetKey, Claimed[HandOver]]:
        def work(tx: Transaction) -> dict[TargetKey, Claimed[HandOver]]:
            return {
                key: Claimed(store.claim_handing_over(tx, key, limit, now), store.next_handing_over(tx, key))
                for key, limit in turns.items()
            }

        return await self._db.write(work)

    async def _deliver(self, account: HandOver) -> None:
        try:
            match parse(account.target):
                case QueueTarget(name):
                    along = partial(finish, account=account, status="Succeeded")
                    await self._ports.send(account.account_id, name, account.body, along=along)
                case TopicTarget(name):
                    await self._ports.publish(account.account_id, name, account.body)
                    await self._finish(account, "Succeeded")
                case _:
                    raise AssertionError("functions have no rows here")
        except PlatformError as error:
            await self._put_off(account, error)
            return
        self.counts["delivered"] += 1

    async def _put_off(self, account: HandOver, error: PlatformError) -> None:
        """A database that can't be written costs no try."""
        tries = account.tries + (not isinstance(error, Unavailable))
        if tries >= MOST_TRIES:
            log.warning("destination given up", target=account.target, function=account.function, reason=error.message)
            self.counts["given_up"] += 1
            await self._finish(account, "Failed")
            return
        due_at = self._clock.now() + FIRST_PAUSE_MS * 2 ** max(0, tries - 1)
        again = partial(store.retry_handing_over, number=account.number, due_at=due_at, tries=tries)
        await insist(self._clock, lambda: self._db.write(again))
        self.due([(account.account_id, account.target)], due_at)

    async def _finish(self, account: HandOver, status: str) -> None:
        await insist(self._clock, lambda: self._db.write(partial(finish, account=account, status=status)))


def finish(tx: Transaction, account: HandOver, status: str) -> None:
    store.handed_over(tx, account.number)
    key = (account.account_id, account.service, account.function)
    if account.task_id and (task := tasks.find(tx, key, account.task_id)) is not None:
        tasks.update(tx, replace(task, destination_status=status))

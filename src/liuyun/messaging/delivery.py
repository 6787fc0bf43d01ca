"""Deliveries: each row of that table is a promise to try, kept until the subscriber has it or its retries are over.

    publish ──> row, due now ──> claimed, under way ──> delivered: row deleted
                    ^                    │
                    └── due later <── not delivered          last retry or too old: row deleted, logged

A dispatcher hands out the work (`scheduling/dispatcher.py`); each subscription with stored deliveries is a lane. A try
may take minutes (a function that waits for something); its row stays until it is done. After a restart nothing is under
way, so what was is tried again: at least once. A queue endpoint gets its message in the very commit that deletes the
row: exactly once.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial

import structlog

from liuyun.clock import Clock
from liuyun.errors import PlatformError, Throttled, Unavailable, phrase
from liuyun.ids import Ids
from liuyun.messaging.core.endpoints import FunctionEndpoint, HttpEndpoint, QueueEndpoint, parse
from liuyun.messaging.core.notifications import event, text
from liuyun.messaging.core.retries import Outcome, Tried, expires_at, reschedule
from liuyun.messaging.pushing import Pusher
from liuyun.messaging.queues import Queues
from liuyun.model.invocation import Invocation, InvocationResult, told
from liuyun.model.message import Delivery
from liuyun.scheduling.dispatcher import Claimed, Dispatcher, insist
from liuyun.storage.database import Database, Transaction, Work
from liuyun.storage.stores import topics as store

UNDER_WAY = 2000
TRIGGERS = "fc-trigger-"  # what the names of triggers' subscriptions begin with
UNDER_WAY_OF_FUNCTION, UNDER_WAY_OF_OTHERS = 1000, 64  # of one subscription; functions may take their time

log = structlog.get_logger()
Invoke = Callable[[Invocation], Awaitable[InvocationResult]]


class Deliveries:
    def __init__(self, *, db: Database, clock: Clock, ids: Ids, queues: Queues, invoke: Invoke, pusher: Pusher) -> None:
        self._db = db
        self._clock = clock
        self._ids = ids
        self._queues = queues
        self._invoke = invoke
        self._pusher = pusher
        self._dispatcher: Dispatcher[int, Delivery] = Dispatcher(
            "deliveries",
            clock=clock,
            places=UNDER_WAY,
            lane_limit=UNDER_WAY_OF_OTHERS,
            claim=self._claim,
            carry=self._deliver,
        )

    async def start(self) -> None:
        self.due(await self._db.write(store.pending), self._clock.now())
        self._dispatcher.start()

    async def close(self, drain_s: float = 0) -> None:
        """Starts no more, gives those under way `drain_s`, then lets go of them: they are tried again after a start."""
        await self._dispatcher.close(drain_s)
        await self._pusher.close()

    def due(self, subscriptions: Sequence[int], instant: int) -> None:
        """These subscriptions have something to be delivered, or dropped, at `instant`."""
        self._dispatcher.due(subscriptions, instant)

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        await self._dispatcher.idle()

    def statistics(self) -> dict[str, int]:
        return self._dispatcher.statistics()

    async def _claim(self, turns: Mapping[int, int], now: int) -> Mapping[int, Claimed[Delivery]]:
        def work(tx: Transaction) -> dict[int, Claimed[Delivery]]:
            return {each: claimed(store.claim(tx, each, limit, now)) for each, limit in turns.items()}

        return await self._db.write(work)

    # --- one delivery

    async def _deliver(self, delivery: Delivery) -> None:
        if self._clock.now() >= expires_at(delivery):
            await self._drop(delivery, "too old")
            return
        tried = await self._try(delivery)
        if tried is None:
            return
        if tried.outcome is Outcome.DELIVERED:
            await self._finish(delivery)
            return
        chance = int(self._ids.hex(4), 16) / 2**32
        retry = reschedule(delivery, tried, self._clock.now(), chance)
        if retry is None:
            await self._drop(delivery, f"no retry left: {tried.reason}")
            return
        await self._insist(partial(store.put_off, delivery_id=delivery.delivery_id, retry=retry))
        self.due([delivery.subscription.subscription_id], retry.due_at)

    async def _try(self, delivery: Delivery) -> Tried | None:
        """None when the delivery has finished its own row."""
        try:
            match parse(delivery.subscription.attributes.endpoint):
                case HttpEndpoint() as endpoint:
                    return await self._pusher.push(delivery, endpoint)
                case QueueEndpoint() as endpoint:
                    return await self._hand_over(delivery, endpoint)
                case FunctionEndpoint() as endpoint:
                    return await self._call(delivery, endpoint)
        except (Throttled, Unavailable) as error:  # a fault of the platform's own must not cost a message its retries
            return Tried(Outcome.THROTTLED, error.phrase or error.message)
        except PlatformError as error:
            log.info("delivery failed", subscription=delivery.subscription.name, reason=error.message)
            return Tried(Outcome.UNREACHED, error.phrase or error.message)
        except Exception:
            log.exception("delivery failed", subscription=delivery.subscription.name)
            return Tried(Outcome.UNREACHED, phrase("delivery_platform_failed", "the platform failed; its log says why"))

    async def _hand_over(self, delivery: Delivery, endpoint: QueueEndpoint) -> None:
        def finish(tx: Transaction) -> None:
            store.finish(tx, delivery.delivery_id, delivery.publication.message_id)

        await self._queues.send(delivery.subscription.account_id, endpoint.queue, text(delivery), along=finish)

    async def _call(self, delivery: Delivery, endpoint: FunctionEndpoint) -> Tried:
        result = await self._invoke(
            Invocation(
                account_id=delivery.subscription.account_id,
                service=endpoint.service,
                function=endpoint.function,
                payload=event(delivery),
                request_id=self._ids.uuid(),
                qualifier=endpoint.qualifier,
                retry_count=delivery.failures,
                source="mns_topic",
                trigger=delivery.subscription.name.removeprefix(TRIGGERS),
                caused_at=delivery.publication.published_at,
            )
        )
        if result.error_type is None:
            return Tried(Outcome.DELIVERED)
        return Tried(
            Outcome.FAILED,
            phrase(
                "delivery_function_failed",
                "the function failed: {detail} (request {request_id})",
                detail=result.why or told(result.payload),
                request_id=result.request_id,
            ),
        )

    async def _finish(self, delivery: Delivery) -> None:
        finish = partial(store.finish, delivery_id=delivery.delivery_id, message_id=delivery.publication.message_id)
        await self._insist(finish)

    async def _insist(self, work: Work[None]) -> None:
        await insist(self._clock, lambda: self._db.write(work))

    async def _drop(self, delivery: Delivery, reason: str) -> None:
        log.warning(
            "delivery dropped",
            topic=delivery.subscription.topic,
            subscription=delivery.subscription.name,
            message_id=delivery.publication.message_id,
            failures=delivery.failures,
            reason=reason,
        )
        await self._finish(delivery)


def claimed(found: store.Claimed) -> Claimed[Delivery]:
    if found.subscription is None:
        return Claimed((), found.next_due)
    calls = found.subscription.attributes.endpoint.startswith("acs:fc:")
    limit = UNDER_WAY_OF_FUNCTION if calls else UNDER_WAY_OF_OTHERS
    return Claimed(found.deliveries, found.next_due, limit)

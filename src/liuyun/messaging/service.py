"""Message service as a whole: what its parts need of each other, and the order in which they start and stop."""

from collections.abc import Callable
from typing import TypeVar

from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.messaging.accounts import Accounts
from liuyun.messaging.delivery import Deliveries, Invoke
from liuyun.messaging.pushing import Pusher
from liuyun.messaging.queues import Queues
from liuyun.messaging.retention import Retention
from liuyun.messaging.signing import SigningKey, Vault
from liuyun.messaging.supervision import Supervision
from liuyun.messaging.topics import Topics
from liuyun.storage.commits import Step, begin, commit
from liuyun.storage.database import Database

T = TypeVar("T")
R = TypeVar("R")


class Messaging:
    """`base_url` is asked at each push: where subscribers reach this platform, without a slash at the end."""

    def __init__(
        self, *, db: Database, clock: Clock, ids: Ids, vault: Vault, invoke: Invoke, base_url: Callable[[], str]
    ) -> None:
        self._db = db
        self.signing_key = SigningKey(db, vault, clock, ids)
        self.accounts = Accounts(db=db)
        self.queues = Queues(db=db, clock=clock, ids=ids)
        pusher = Pusher(clock=clock, ids=ids, signing_key=self.signing_key, base_url=base_url)
        self.deliveries = Deliveries(db=db, clock=clock, ids=ids, queues=self.queues, invoke=invoke, pusher=pusher)
        self.topics = Topics(db=db, clock=clock, ids=ids, due=self.deliveries.due)
        self.supervision = Supervision(db=db, clock=clock, due=self.deliveries.due)
        self._retention = Retention(db=db, clock=clock)

    async def start(self) -> None:
        await self.deliveries.start()
        await self._retention.start()

    def end_waits(self) -> None:
        """Answers all long polls now, so that a clean stop needn't wait for them."""
        self.queues.close()

    async def commit(self, step: Step[T, R]) -> R:
        return await commit(self._db, step)

    def begin(self, step: Step[T, R], then: Callable[[R | Exception], object]) -> None:
        begin(self._db, step, then)

    async def close(self, drain_s: float = 0) -> None:
        self.end_waits()
        await self.deliveries.close(drain_s)
        await self._retention.close()

"""Asynchronous invocations as a whole: what its parts need of each other, and in which order they start."""

from liuyun.asynchronous.handing_over import HandingOver
from liuyun.asynchronous.invocations import Invocations
from liuyun.asynchronous.ports import Ports
from liuyun.asynchronous.tasks import Tasks
from liuyun.clock import Clock
from liuyun.ids import Ids
from liuyun.settings import Limits
from liuyun.storage.database import Database


class Asynchronous:
    def __init__(self, *, db: Database, clock: Clock, ids: Ids, ports: Ports, limits: Limits, region: str) -> None:
        self.configure = ports.configure
        self._handing_over = HandingOver(db=db, clock=clock, ports=ports)
        self.invocations = Invocations(
            db=db, clock=clock, ids=ids, ports=ports, handing_over=self._handing_over, limits=limits, region=region
        )
        self.tasks = Tasks(db=db, clock=clock, invocations=self.invocations, retention_s=limits.task_retention_s)

    async def start(self) -> None:
        await self._handing_over.start()
        await self.invocations.start()
        self.tasks.start()

    async def close(self, drain_s: float = 0) -> None:
        self.tasks.close()
        await self.invocations.close(drain_s)
        await self._handing_over.close(drain_s)

    async def idle(self) -> None:
        """Returns when nothing is under way."""
        await self.invocations.idle()
        await self._handing_over.idle()

    def statistics(self) -> dict[str, int]:
        destinations = {f"destinations_{name}": count for name, count in self._handing_over.counts.items()}
        return {**self.invocations.statistics(), **destinations}

"""The audit log: who changed what, when, and from where."""

from collections.abc import Mapping
from typing import Any

from liuyun.clock import Clock
from liuyun.model.people import AuditRecord
from liuyun.storage.database import Database, Transaction
from liuyun.storage.stores import people as store

KEPT_MS = 365 * 24 * 60 * 60_000
NEWEST = 2**62
MOST = 500


class Audit:
    def __init__(self, *, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def record(
        self, actor: str, action: str, resource: str, *, request_id: str = "", ip: str = "", **facts: Any
    ) -> None:
        """Durable when it returns. `facts` must hold no secrets."""
        now = self._clock.now()
        record = AuditRecord(
            sequence=0, at=now, actor=actor, action=action, resource=resource[:500], request_id=request_id, ip=ip,
            facts=bounded(facts),
        )  # fmt: skip

        def work(tx: Transaction) -> None:
            numbered = store.add_audit(tx, record)
            if numbered.sequence % 100 == 0:
                store.drop_audit(tx, now - KEPT_MS)

        await self._db.write(work)

    async def newest(
        self, *, before: int = NEWEST, actor: str = "", action: str = "", limit: int = 100
    ) -> list[AuditRecord]:
        """The newest first; `before` is the number of the last one of the page before."""
        wanted = min(limit, MOST)
        return await self._db.read(lambda tx: store.audit(tx, before=before, actor=actor, action=action, limit=wanted))


def bounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | float | bool) else str(value)[:500] for name, value in facts.items()}

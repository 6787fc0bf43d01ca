"""The audit log: who changed what."""

from typing import Annotated, Any

from fastapi import Query

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.guard import Operator, ThePlatform
from liuyun.gateway.console.models import Body
from liuyun.identity.audit import MOST, NEWEST

router = ConsoleRouter(prefix="/api/audit", tags=["audit"])


class AuditView(Body):
    sequence: int
    at: int
    actor: str
    action: str
    resource: str
    request_id: str
    ip: str
    facts: dict[str, Any]


class AuditPage(Body):
    records: list[AuditView]
    next: int | None = None


@router.get("", summary="Changes, the newest first", operation_id="listAudit")
async def list_audit(
    *,
    _: Operator,
    parts: ThePlatform,
    before: Annotated[int, Query(ge=1, le=NEWEST)] = NEWEST,
    actor: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=64)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> AuditPage:
    records = await parts.audit.newest(before=before, actor=actor, action=action, limit=limit)
    views = [AuditView.model_validate(record) for record in records]
    return AuditPage(records=views, next=views[-1].sequence if len(views) == limit else None)

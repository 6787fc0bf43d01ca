"""Changes that don't reach everybody at once: roll-outs, and drafts that somebody else approves."""

from typing import Annotated

from fastapi import Query

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.config_models import (
    DraftList,
    DraftView,
    EntryView,
    NewDraft,
    NewRollout,
    Review,
    RolloutChange,
    ThePlace,
    draft_view,
    scope_of,
    seen_at,
)
from liuyun.gateway.console.config_routes import is_secret, told, write_of
from liuyun.gateway.console.guard import Anybody, Operator, ThePlatform
from liuyun.gateway.console.models import LARGEST, Segment
from liuyun.gateway.console.parts import Parts
from liuyun.model.config import Draft, DraftState, Write

router = ConsoleRouter(prefix="/api/config", tags=["configuration"])
MOST_DRAFTS = 200


@router.post("/entries/{schema}/{key}/rollout", summary="Let some see a change first", operation_id="beginRollout")
async def begin_rollout(at: ThePlace, given: NewRollout, caller: Operator, parts: ThePlatform) -> EntryView:
    write = write_of(at, given, caller)
    entry = await parts.configuration.entries.begin_rollout(write, given.percent, given.tenants)
    return await told(parts, caller, "BeginRollout", entry)


@router.put("/entries/{schema}/{key}/rollout", summary="Let more or fewer see it", operation_id="moveRollout")
async def move_rollout(at: ThePlace, given: RolloutChange, caller: Operator, parts: ThePlatform) -> EntryView:
    where = seen_at(at, given.revision)
    entry = await parts.configuration.entries.move_rollout(where, given.percent, given.tenants)
    return await told(parts, caller, "MoveRollout", entry)


@router.post("/entries/{schema}/{key}/rollout/finish", summary="Let everybody see it", operation_id="finishRollout")
async def finish_rollout(
    at: ThePlace,
    caller: Operator,
    parts: ThePlatform,
    revision: Annotated[int | None, Query(ge=1, le=LARGEST, description="The newest revision that was seen.")] = None,
) -> EntryView:
    entry = await parts.configuration.entries.finish_rollout(seen_at(at, revision), author=caller.name)
    return await told(parts, caller, "FinishRollout", entry)


@router.get("/drafts", summary="Drafts, the newest first", operation_id="listDrafts")
async def list_drafts(
    _: Anybody,
    parts: ThePlatform,
    state: DraftState | None = None,
    limit: Annotated[int, Query(ge=1, le=MOST_DRAFTS)] = 50,
) -> DraftList:
    found = await parts.configuration.drafts.recent(state, limit)
    return DraftList(drafts=[shown(parts, draft) for draft in found])


@router.post("/drafts", summary="Propose a change", status_code=201, operation_id="proposeDraft")
async def propose(given: NewDraft, caller: Operator, parts: ThePlatform) -> DraftView:
    write = Write(
        given.schema_name, scope_of(given.scope), given.key, given.revision, given.value, given.hidden, given.removed,
        caller.name, given.reason,
    )  # fmt: skip
    draft = await parts.configuration.drafts.propose(write)
    await caller.did(parts.audit, "ProposeDraft", draft.draft_id, key=f"{draft.schema}/{draft.key}")
    return shown(parts, draft)


@router.post("/drafts/{draft_id}/review", summary="Approve or reject a draft", operation_id="reviewDraft")
async def review(draft_id: Segment, given: Review, caller: Operator, parts: ThePlatform) -> DraftView:
    draft = await parts.configuration.drafts.review(
        draft_id, approve=given.verdict == "approve", reviewer=caller.name, comment=given.comment
    )
    await caller.did(parts.audit, "ReviewDraft", draft_id, verdict=given.verdict)
    return shown(parts, draft)


@router.post("/drafts/{draft_id}/publish", summary="Make an approved change", operation_id="publishDraft")
async def publish(draft_id: Segment, caller: Operator, parts: ThePlatform) -> EntryView:
    entry = await parts.configuration.drafts.publish(draft_id)
    return await told(parts, caller, "PublishDraft", entry)


def shown(parts: Parts, draft: Draft) -> DraftView:
    known = any(schema.name == draft.schema for schema in parts.configuration.reading.schemas())
    return draft_view(draft, secret=draft.sealed or not known or is_secret(parts, draft.schema))

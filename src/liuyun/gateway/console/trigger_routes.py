"""Triggers of a function: what calls it, and how the deliveries go."""

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.function_models import TheFunction
from liuyun.gateway.console.guard import Administrator, Anybody, ThePlatform
from liuyun.gateway.console.models import Segment
from liuyun.gateway.console.release_models import NewTrigger, TriggerList, TriggerView, trigger_view
from liuyun.model.listing import Listing
from liuyun.triggers.deliveries import Summary
from liuyun.triggers.lifecycle import MOST_TRIGGERS, TriggerDraft

router = ConsoleRouter(prefix="/api/functions/{service}/{function}/triggers", tags=["triggers"])


@router.get("", summary="The triggers of a function", operation_id="listTriggers")
async def list_triggers(at: TheFunction, _: Anybody, parts: ThePlatform) -> TriggerList:
    triggers = parts.functions.triggers
    await parts.functions.records.flush()
    found = await triggers.list(parts.account_id, at.service, at.function, Listing(limit=MOST_TRIGGERS))
    return TriggerList(triggers=[trigger_view(each, triggers.deliveries.of(each)) for each in found.items])


@router.post("", summary="Create a trigger", status_code=201, operation_id="createTrigger")
async def create_trigger(at: TheFunction, given: NewTrigger, caller: Administrator, parts: ThePlatform) -> TriggerView:
    draft = TriggerDraft(
        name=given.name, kind=given.kind, config=given.config, qualifier=given.qualifier,
        source_arn=given.source_arn, description=given.description,
    )  # fmt: skip
    trigger = await parts.functions.triggers.create(parts.account_id, at.service, at.function, draft)
    await caller.did(parts.audit, "CreateTrigger", str(at), trigger=trigger.name, kind=trigger.kind)
    return trigger_view(trigger, Summary())


@router.delete("/{trigger}", summary="Delete a trigger", status_code=204, operation_id="deleteTrigger")
async def delete_trigger(at: TheFunction, trigger: Segment, caller: Administrator, parts: ThePlatform) -> None:
    await parts.functions.triggers.delete((parts.account_id, at.service, at.function, trigger))
    await caller.did(parts.audit, "DeleteTrigger", str(at), trigger=trigger)

"""Queues and what is in them."""

from typing import Annotated

from fastapi import Query

from liuyun.errors import InvalidReceiptHandle
from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.guard import Administrator, Anybody, Operator, ThePlatform
from liuyun.gateway.console.message_models import (
    HandleText,
    HiddenView,
    Hiding,
    MessageList,
    NewMessage,
    NewQueue,
    PurgedView,
    QueueAttributesView,
    QueueList,
    QueueView,
    Receiving,
    SentMessage,
    message_view,
    queue_view,
)
from liuyun.gateway.console.models import Segment
from liuyun.gateway.console.parts import Parts
from liuyun.messaging.core.sending import BATCH
from liuyun.model.message import QueueAttributes

router = ConsoleRouter(prefix="/api/queues", tags=["messages"])
MOST = 200


@router.get("", summary="All queues by name, with what is in them", operation_id="listQueues")
async def list_queues(
    _: Anybody,
    parts: ThePlatform,
    after: Annotated[str, Query(max_length=256)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> QueueList:
    page = await parts.messages.queues.list(parts.account_id, after=after, limit=limit, counted=True)
    return QueueList(queues=[queue_view(status) for status in page.items], next=page.next_key)


@router.post("", summary="Create a queue", status_code=201, operation_id="createQueue")
async def create_queue(given: NewQueue, caller: Administrator, parts: ThePlatform) -> QueueView:
    """One that is there with the same attributes stays as it is."""
    attributes = QueueAttributes(**given.attributes.model_dump())
    await parts.messages.queues.create(parts.account_id, given.name, attributes)
    await caller.did(parts.audit, "CreateQueue", given.name)
    return await shown(parts, given.name)


@router.get("/{queue}", summary="One queue", operation_id="getQueue")
async def get_queue(queue: Segment, _: Anybody, parts: ThePlatform) -> QueueView:
    return await shown(parts, queue)


@router.put("/{queue}", summary="Change a queue's attributes", operation_id="updateQueue")
async def update_queue(
    queue: Segment, given: QueueAttributesView, caller: Administrator, parts: ThePlatform
) -> QueueView:
    await parts.messages.queues.set_attributes(parts.account_id, queue, given.model_dump())
    await caller.did(parts.audit, "UpdateQueue", queue)
    return await shown(parts, queue)


@router.delete("/{queue}", summary="Delete a queue with its messages", status_code=204, operation_id="deleteQueue")
async def delete_queue(queue: Segment, caller: Administrator, parts: ThePlatform) -> None:
    await parts.messages.queues.delete(parts.account_id, queue)
    await caller.did(parts.audit, "DeleteQueue", queue)


@router.get("/{queue}/messages", summary="What a receiver would get, left as it is", operation_id="peekMessages")
async def peek_messages(
    queue: Segment, _: Anybody, parts: ThePlatform, limit: Annotated[int, Query(ge=1, le=BATCH)] = BATCH
) -> MessageList:
    found = await parts.messages.queues.peek(parts.account_id, queue, limit)
    return MessageList(messages=[message_view(message) for message in found])


@router.post("/{queue}/messages", summary="Send a message", status_code=201, operation_id="sendMessage")
async def send_message(queue: Segment, given: NewMessage, caller: Operator, parts: ThePlatform) -> SentMessage:
    sent = await parts.messages.queues.send(parts.account_id, queue, given.body, given.priority, given.delay_s)
    await caller.did(parts.audit, "SendMessage", queue, message_id=sent.message_id)
    return SentMessage(message_id=sent.message_id, body_md5=sent.body_md5)


@router.post("/{queue}/receive", summary="Receive messages", operation_id="receiveMessages")
async def receive_messages(queue: Segment, given: Receiving, caller: Operator, parts: ThePlatform) -> MessageList:
    """They are hidden from others for the queue's visibility timeout."""
    found = await parts.messages.queues.receive(parts.account_id, queue, given.limit, 0)
    await caller.did(parts.audit, "ReceiveMessages", queue, messages=len(found))
    return MessageList(messages=[message_view(message) for message in found])


@router.post("/{queue}/messages/delete", summary="Delete a received message", status_code=204,
             operation_id="deleteMessage")  # fmt: skip
async def delete_message(queue: Segment, given: HandleText, caller: Operator, parts: ThePlatform) -> None:
    refused = await parts.messages.queues.delete_messages(parts.account_id, queue, [given.receipt_handle])
    if refused:
        raise InvalidReceiptHandle(
            "message_visible_again",
            "The message has become visible again or is gone: it can be deleted only by who received it last.",
        )
    await caller.did(parts.audit, "DeleteMessage", queue)


@router.post("/{queue}/messages/hide", summary="Change how long a received message is hidden",
             operation_id="changeMessageVisibility")  # fmt: skip
async def hide_message(queue: Segment, given: Hiding, caller: Operator, parts: ThePlatform) -> HiddenView:
    queues = parts.messages.queues
    changed = await queues.change_visibility(parts.account_id, queue, given.receipt_handle, given.timeout_s)
    await caller.did(parts.audit, "ChangeMessageVisibility", queue, timeout_s=given.timeout_s)
    return HiddenView(receipt_handle=changed.receipt_handle, visible_at=changed.visible_at)


@router.post("/{queue}/purge", summary="Delete all messages of a queue", operation_id="purgeQueue")
async def purge_queue(queue: Segment, caller: Administrator, parts: ThePlatform) -> PurgedView:
    purged = await parts.messages.supervision.purge(parts.account_id, queue)
    await caller.did(parts.audit, "PurgeQueue", queue, messages=purged)
    return PurgedView(purged=purged)


async def shown(parts: Parts, name: str) -> QueueView:
    status = await parts.messages.queues.get(parts.account_id, name)
    return queue_view(status, await parts.messages.supervision.oldest(parts.account_id, name))

"""Operations on the messages of a queue. Source: mns contract 3.2 and 3.5."""

from liuyun.errors import Invalid, MessageNotFound
from liuyun.gateway.http import Response
from liuyun.gateway.mns import reading, rendering
from liuyun.gateway.mns.call import Call
from liuyun.gateway.mns.errors import MissingReceiptHandle, MissingVisibilityTimeout, explain
from liuyun.messaging.core.receipts import refused as refusal


async def send(call: Call) -> Response:
    """One message or a batch: the root element of the body tells."""
    drafts, batch = reading.drafts(call.request.body)
    if batch:
        receipts = await call.messaging.queues.send_batch(call.account_id, call.name, drafts)
        return Response(201, rendering.sent_batch(receipts))
    (draft,) = drafts
    receipt = await call.messaging.queues.send(
        call.account_id, call.name, draft.body, draft.priority, draft.delay_s, properties=draft.properties
    )
    return Response(201, rendering.sent(receipt))


async def receive(call: Call) -> Response:
    """A list if a number of messages was asked for, be it 1."""
    number, wait_s = call.query.integer("numOfMessages"), call.query.integer("waitseconds")
    work = call.messaging.queues.receive(call.account_id, call.name, 1 if number is None else number, wait_s)
    messages = await (work if wait_s == 0 else call.request.unless_disconnected(work))
    if not messages:
        raise MessageNotFound("There is no message in the queue.")
    return Response(200, rendering.received(messages[0]) if number is None else rendering.received_batch(messages))


async def peek(call: Call) -> Response:
    number = call.query.integer("numOfMessages")
    messages = await call.messaging.queues.peek(call.account_id, call.name, 1 if number is None else number)
    if not messages:
        raise MessageNotFound("There is no message in the queue.")
    return Response(200, rendering.received(messages[0]) if number is None else rendering.received_batch(messages))


async def delete(call: Call) -> Response:
    """One handle in the query, or several in the body."""
    handle = call.query.get("ReceiptHandle")
    if handle:
        if await call.messaging.queues.delete_messages(call.account_id, call.name, [handle]):
            raise refusal(handle)
        return Response(204)
    if not call.request.body:
        raise MissingReceiptHandle("The query item ReceiptHandle is missing.")
    handles = reading.receipt_handles(call.request.body)
    if not handles:
        raise Invalid("The element ReceiptHandles holds no ReceiptHandle.")
    refused = await call.messaging.queues.delete_messages(call.account_id, call.name, handles)
    if not refused:
        return Response(204)
    errors = [(each, refusal(each)) for each in refused]
    return Response(
        404, rendering.refused_handles([(each, explain(error)[1], error.message) for each, error in errors])
    )


async def change_visibility(call: Call) -> Response:
    handle, timeout_s = call.query.get("ReceiptHandle"), call.query.integer("VisibilityTimeout")
    if not handle:
        raise MissingReceiptHandle("The query item ReceiptHandle is missing.")
    if timeout_s is None:
        raise MissingVisibilityTimeout("The query item VisibilityTimeout is missing.")
    changed = await call.messaging.queues.change_visibility(call.account_id, call.name, handle, timeout_s)
    return Response(200, rendering.changed_visibility(changed))

"""Operations on the messages of a queue. Source: mns contract 3.2 and 3.5."""

from collections.abc import Callable, Sequence

from liuyun.errors import Invalid, MessageNotFound
from liuyun.gateway.http import Response
from liuyun.gateway.mns import reading, rendering
from liuyun.gateway.mns.acts import Act, awaited
from liuyun.gateway.mns.call import Call
from liuyun.gateway.mns.errors import MissingReceiptHandle, MissingVisibilityTimeout, explain
from liuyun.messaging.core.receipts import refused as refusal
from liuyun.model.message import ChangedVisibility, Message, Queue, Receipt


def sending(call: Call, queue: Queue) -> Act:
    """One message or a batch: the root element of the body tells."""
    drafts, batch = reading.drafts(call.request.body)
    steps = call.messaging.queues.steps
    return Act(steps.send_batch(queue, drafts), sent_batch) if batch else Act(steps.send(queue, drafts[0]), sent)


def sent(receipt: Receipt) -> Response:
    return Response(201, rendering.sent(receipt))


def sent_batch(receipts: Sequence[Receipt]) -> Response:
    return Response(201, rendering.sent_batch(receipts))


def receiving(call: Call, queue: Queue) -> Act | None:
    """A look, if it is its turn."""
    number, wait_s = call.query.integer("numOfMessages"), call.query.integer("waitseconds")
    steps = call.messaging.queues.steps
    waits = steps.wait_s(queue, wait_s) > 0
    if waits and steps.others_wait(queue):
        return None
    return Act(steps.receive(queue, 1 if number is None else number), found_by(number), waits)


async def receive(call: Call) -> Response:
    number, wait_s = call.query.integer("numOfMessages"), call.query.integer("waitseconds")
    work = call.messaging.queues.receive(call.account_id, call.name, 1 if number is None else number, wait_s)
    return found_by(number)(await call.request.unless_disconnected(work))


def peeking(call: Call, queue: Queue) -> Act:
    number = call.query.integer("numOfMessages")
    return Act(call.messaging.queues.steps.peek(queue, 1 if number is None else number), found_by(number))


def found_by(number: int | None) -> Callable[[Sequence[Message]], Response]:
    """A list if a number of messages was asked for, be it 1."""
    return found_one if number is None else found_many


def found_one(messages: Sequence[Message]) -> Response:
    return Response(200, rendering.received(some(messages)[0]))


def found_many(messages: Sequence[Message]) -> Response:
    return Response(200, rendering.received_batch(some(messages)))


def some(messages: Sequence[Message]) -> Sequence[Message]:
    if not messages:
        raise MessageNotFound("There is no message in the queue.")
    return messages


def deleting(call: Call, queue: Queue) -> Act:
    """One handle in the query, or several in the body."""
    steps = call.messaging.queues.steps
    handle = call.query.get("ReceiptHandle")
    if handle:
        return Act(steps.delete(queue, [handle]), deleted)
    if not call.request.body:
        raise MissingReceiptHandle("The query item ReceiptHandle is missing.")
    handles = reading.receipt_handles(call.request.body)
    if not handles:
        raise Invalid("The element ReceiptHandles holds no ReceiptHandle.")
    return Act(steps.delete(queue, handles), deleted_batch)


def deleted(refused: Sequence[str]) -> Response:
    for handle in refused:
        raise refusal(handle)
    return Response(204)


def deleted_batch(refused: Sequence[str]) -> Response:
    if not refused:
        return Response(204)
    errors = [(each, refusal(each)) for each in refused]
    return Response(
        404, rendering.refused_handles([(each, explain(error)[1], error.message) for each, error in errors])
    )


def changing_visibility(call: Call, queue: Queue) -> Act:
    handle, timeout_s = call.query.get("ReceiptHandle"), call.query.integer("VisibilityTimeout")
    if not handle:
        raise MissingReceiptHandle("The query item ReceiptHandle is missing.")
    if timeout_s is None:
        raise MissingVisibilityTimeout("The query item VisibilityTimeout is missing.")
    return Act(call.messaging.queues.steps.change_visibility(queue, handle, timeout_s), changed_visibility)


def changed_visibility(changed: ChangedVisibility) -> Response:
    return Response(200, rendering.changed_visibility(changed))


send, peek, delete, change_visibility = map(awaited, (sending, peeking, deleting, changing_visibility))

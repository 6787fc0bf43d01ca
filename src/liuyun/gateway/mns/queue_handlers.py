"""Operations on queues themselves. Source: mns contract 3.2."""

from liuyun.gateway.http import Response
from liuyun.gateway.mns import reading, rendering
from liuyun.gateway.mns.call import Call, created, done, listing
from liuyun.messaging.core.attributes import changed_queue
from liuyun.model.message import QueueAttributes


async def create(call: Call) -> Response:
    attributes = changed_queue(QueueAttributes(), reading.queue_changes(call.request.body))
    _, new = await call.messaging.queues.create(call.account_id, call.name, attributes)
    return created(call, new=new)


async def set_attributes(call: Call) -> Response:
    await call.messaging.queues.set_attributes(call.account_id, call.name, reading.queue_changes(call.request.body))
    return done()


async def get_attributes(call: Call) -> Response:
    return Response(200, rendering.queue(await call.messaging.queues.get(call.account_id, call.name)))


async def delete(call: Call) -> Response:
    """Deleting what isn't there succeeds: the wished state is reached, and clients may repeat a lost request."""
    await call.messaging.queues.delete(call.account_id, call.name)
    return done()


async def list_(call: Call) -> Response:
    wanted = listing(call.request)
    page = await call.messaging.queues.list(
        call.account_id, prefix=wanted.prefix, after=wanted.after, limit=wanted.limit, counted=wanted.with_meta
    )
    return Response(200, rendering.queues(page.items, page.next_key, call.base, with_meta=wanted.with_meta))

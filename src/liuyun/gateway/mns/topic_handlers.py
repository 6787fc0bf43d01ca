"""Operations on topics and their subscriptions. Source: mns contract 4."""

from liuyun.errors import Denied
from liuyun.gateway.http import Response
from liuyun.gateway.mns import reading, rendering
from liuyun.gateway.mns.call import Call, created, done, listing
from liuyun.gateway.xml import element
from liuyun.messaging.core.attributes import changed_topic
from liuyun.messaging.core.endpoints import HttpEndpoint, parse
from liuyun.model.account import PrincipalKind
from liuyun.model.message import TopicAttributes


async def create(call: Call) -> Response:
    attributes = changed_topic(TopicAttributes(), reading.topic_changes(call.request.body))
    _, new = await call.messaging.topics.create(call.account_id, call.name, attributes)
    return created(call, new=new)


async def set_attributes(call: Call) -> Response:
    await call.messaging.topics.set_attributes(call.account_id, call.name, reading.topic_changes(call.request.body))
    return done()


async def get_attributes(call: Call) -> Response:
    return Response(200, rendering.topic(await call.messaging.topics.get(call.account_id, call.name)))


async def delete(call: Call) -> Response:
    """As with queues, deleting what isn't there succeeds."""
    await call.messaging.topics.delete(call.account_id, call.name)
    return done()


async def list_(call: Call) -> Response:
    wanted = listing(call.request)
    page = await call.messaging.topics.list(
        call.account_id, prefix=wanted.prefix, after=wanted.after, limit=wanted.limit, counted=wanted.with_meta
    )
    return Response(200, rendering.topics(page.items, page.next_key, call.base, with_meta=wanted.with_meta))


async def publish(call: Call) -> Response:
    body, tag, attributes = reading.publication(call.request.body)
    return Response(
        201, rendering.sent(await call.messaging.topics.publish(call.account_id, call.name, body, tag, attributes))
    )


async def subscribe(call: Call) -> Response:
    """A function's own credentials can't make the platform call addresses: see `messaging.pushing`."""
    attributes = reading.subscription(call.request.body)
    if call.principal.kind is PrincipalKind.FUNCTION and isinstance(parse(attributes.endpoint), HttpEndpoint):
        raise Denied("The credentials of a function may subscribe queues and functions, not HTTP addresses.")
    topic, name = call.names
    _, new = await call.messaging.topics.subscribe(call.account_id, topic, name, attributes)
    return created(call, new=new)


async def set_subscription_attributes(call: Call) -> Response:
    topic, name = call.names
    await call.messaging.topics.set_strategy(call.account_id, topic, name, reading.strategy(call.request.body))
    return done()


async def get_subscription_attributes(call: Call) -> Response:
    topic, name = call.names
    return Response(
        200, rendering.subscription(await call.messaging.topics.get_subscription(call.account_id, topic, name))
    )


async def unsubscribe(call: Call) -> Response:
    topic, name = call.names
    await call.messaging.topics.unsubscribe(call.account_id, topic, name)
    return done()


async def list_subscriptions(call: Call) -> Response:
    wanted = listing(call.request)
    page = await call.messaging.topics.list_subscriptions(
        call.account_id, call.name, prefix=wanted.prefix, after=wanted.after, limit=wanted.limit
    )
    items = [
        element("SubscriptionURL", f"{call.base}/topics/{call.name}/subscriptions/{each.name}") for each in page.items
    ]
    return Response(200, rendering.listed("Subscriptions", "Subscription", items, page.next_key))

"""Topics, who subscribes to them, and what has yet to be delivered."""

from typing import Annotated

from fastapi import Query

from liuyun.gateway.console.bodies import ConsoleRouter
from liuyun.gateway.console.guard import Administrator, Anybody, Operator, ThePlatform
from liuyun.gateway.console.message_models import (
    Chosen,
    ChosenView,
    NewPublication,
    NewSubscription,
    NewTopic,
    PutOffList,
    SentMessage,
    StrategyText,
    SubscriptionList,
    SubscriptionView,
    TopicAttributesView,
    TopicList,
    TopicView,
    put_off_view,
    subscription_view,
    topic_view,
)
from liuyun.gateway.console.models import Segment
from liuyun.messaging.core.subscribing import attributes
from liuyun.model.message import TopicAttributes

router = ConsoleRouter(prefix="/api/topics", tags=["messages"])
MOST, MOST_SUBSCRIPTIONS = 200, 1000


@router.get("", summary="All topics by name", operation_id="listTopics")
async def list_topics(
    _: Anybody,
    parts: ThePlatform,
    after: Annotated[str, Query(max_length=256)] = "",
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
) -> TopicList:
    page = await parts.messages.topics.list(parts.account_id, after=after, limit=limit, counted=True)
    return TopicList(topics=[topic_view(status) for status in page.items], next=page.next_key)


@router.post("", summary="Create a topic", status_code=201, operation_id="createTopic")
async def create_topic(given: NewTopic, caller: Administrator, parts: ThePlatform) -> TopicView:
    """One that is there with the same attributes stays as it is."""
    topics = parts.messages.topics
    await topics.create(parts.account_id, given.name, TopicAttributes(max_message_bytes=given.max_message_bytes))
    await caller.did(parts.audit, "CreateTopic", given.name)
    return topic_view(await topics.get(parts.account_id, given.name))


@router.get("/{topic}", summary="One topic", operation_id="getTopic")
async def get_topic(topic: Segment, _: Anybody, parts: ThePlatform) -> TopicView:
    return topic_view(await parts.messages.topics.get(parts.account_id, topic))


@router.put("/{topic}", summary="Change a topic's attributes", operation_id="updateTopic")
async def update_topic(
    topic: Segment, given: TopicAttributesView, caller: Administrator, parts: ThePlatform
) -> TopicView:
    await parts.messages.topics.set_attributes(parts.account_id, topic, given.model_dump())
    await caller.did(parts.audit, "UpdateTopic", topic)
    return topic_view(await parts.messages.topics.get(parts.account_id, topic))


@router.delete("/{topic}", summary="Delete a topic with its subscriptions", status_code=204,
               operation_id="deleteTopic")  # fmt: skip
async def delete_topic(topic: Segment, caller: Administrator, parts: ThePlatform) -> None:
    await parts.messages.topics.delete(parts.account_id, topic)
    await caller.did(parts.audit, "DeleteTopic", topic)


@router.post("/{topic}/messages", summary="Publish a message", status_code=201, operation_id="publishMessage")
async def publish_message(topic: Segment, given: NewPublication, caller: Operator, parts: ThePlatform) -> SentMessage:
    sent = await parts.messages.topics.publish(parts.account_id, topic, given.body, given.tag)
    await caller.did(parts.audit, "PublishMessage", topic, message_id=sent.message_id)
    return SentMessage(message_id=sent.message_id, body_md5=sent.body_md5)


@router.get("/{topic}/subscriptions", summary="Who subscribes to a topic", operation_id="listSubscriptions")
async def list_subscriptions(topic: Segment, _: Anybody, parts: ThePlatform) -> SubscriptionList:
    page = await parts.messages.topics.list_subscriptions(parts.account_id, topic, limit=MOST_SUBSCRIPTIONS)
    waiting = await parts.messages.supervision.waiting_of(parts.account_id, topic)
    return SubscriptionList(subscriptions=[subscription_view(each, waiting.get(each.name, 0)) for each in page.items])


@router.post("/{topic}/subscriptions", summary="Subscribe to a topic", status_code=201, operation_id="subscribe")
async def subscribe(
    topic: Segment, given: NewSubscription, caller: Administrator, parts: ThePlatform
) -> SubscriptionView:
    wanted = attributes(given.endpoint, given.filter_tag, given.strategy, given.format or "")
    subscription, _ = await parts.messages.topics.subscribe(parts.account_id, topic, given.name, wanted)
    await caller.did(parts.audit, "Subscribe", f"{topic}/{given.name}", endpoint=given.endpoint)
    return subscription_view(subscription)


@router.put("/{topic}/subscriptions/{name}", summary="Change when failed deliveries are tried again",
            operation_id="updateSubscription")  # fmt: skip
async def update_subscription(
    topic: Segment, name: Segment, given: StrategyText, caller: Administrator, parts: ThePlatform
) -> SubscriptionView:
    changed = await parts.messages.topics.set_strategy(parts.account_id, topic, name, given.strategy)
    await caller.did(parts.audit, "UpdateSubscription", f"{topic}/{name}", strategy=given.strategy)
    return subscription_view(changed)


@router.delete("/{topic}/subscriptions/{name}", summary="End a subscription", status_code=204,
               operation_id="unsubscribe")  # fmt: skip
async def unsubscribe(topic: Segment, name: Segment, caller: Administrator, parts: ThePlatform) -> None:
    await parts.messages.topics.unsubscribe(parts.account_id, topic, name)
    await caller.did(parts.audit, "Unsubscribe", f"{topic}/{name}")


@router.get("/{topic}/subscriptions/{name}/deliveries", summary="Deliveries that wait for their next try",
            operation_id="listWaitingDeliveries")  # fmt: skip
async def list_deliveries(
    topic: Segment, name: Segment, _: Anybody, parts: ThePlatform, limit: Annotated[int, Query(ge=1, le=MOST)] = 50
) -> PutOffList:
    waiting, found = await parts.messages.supervision.waiting(parts.account_id, topic, name, limit)
    return PutOffList(waiting=waiting, deliveries=[put_off_view(each) for each in found])


@router.post("/{topic}/subscriptions/{name}/deliveries/retry", summary="Try deliveries again now",
             operation_id="retryDeliveries")  # fmt: skip
async def retry_deliveries(
    topic: Segment, name: Segment, given: Chosen, caller: Operator, parts: ThePlatform
) -> ChosenView:
    """Those that were put off: their next try is now. It counts as any other try does."""
    found = await parts.messages.supervision.try_now(parts.account_id, topic, name, given.message_id)
    facts = {"message_id": given.message_id} if given.message_id else {}
    await caller.did(parts.audit, "RetryDeliveries", f"{topic}/{name}", deliveries=found, **facts)
    return ChosenView(deliveries=found)


@router.post("/{topic}/subscriptions/{name}/deliveries/give-up", summary="Drop deliveries that were tried in vain",
             operation_id="giveUpDeliveries")  # fmt: skip
async def give_up_deliveries(
    topic: Segment, name: Segment, given: Chosen, caller: Administrator, parts: ThePlatform
) -> ChosenView:
    """The subscriber never gets these messages. What is being tried at the moment is left alone."""
    found = await parts.messages.supervision.give_up(parts.account_id, topic, name, given.message_id)
    facts = {"message_id": given.message_id} if given.message_id else {}
    await caller.did(parts.audit, "GiveUpDeliveries", f"{topic}/{name}", deliveries=found, **facts)
    return ChosenView(deliveries=found)

"""Topics and subscriptions: their attributes, and who gets a publication."""

import pytest

from liuyun.errors import (
    EndpointInvalid,
    SubscriptionExists,
    SubscriptionNameInvalid,
    SubscriptionNotFound,
    TooLarge,
    TopicExists,
    TopicNotFound,
)
from liuyun.messaging.core.subscribing import attributes
from liuyun.model.message import NotifyStrategy, TopicAttributes
from tests.conftest import run
from tests.unit.messaging.stage import ACCOUNT, Stage

QUEUE = "acs:mns:cn-hangzhou:1:queues/q"


def test_creating_a_topic_twice_changes_nothing() -> None:
    """Creating the same topic again succeeds; with other attributes it is a conflict."""

    async def main() -> None:
        stage = Stage()
        assert (await stage.topics.create(ACCOUNT, "t", TopicAttributes()))[1]
        assert not (await stage.topics.create(ACCOUNT, "t", TopicAttributes()))[1]
        with pytest.raises(TopicExists):
            await stage.topics.create(ACCOUNT, "t", TopicAttributes(logging_enabled=True))

    run(main())


def test_setting_one_attribute_of_a_topic_keeps_the_others() -> None:
    """An update is partial, and its bounds are checked."""

    async def main() -> None:
        stage = await Stage().open()
        await stage.topics.set_attributes(ACCOUNT, "t", {"max_message_bytes": 1024})
        status = await stage.topics.get(ACCOUNT, "t")
        assert (status.topic.attributes, status.pending) == (TopicAttributes(max_message_bytes=1024), 0)
        with pytest.raises(TooLarge):
            await stage.topics.publish(ACCOUNT, "t", "x" * 1025)

    run(main())


def test_accounts_do_not_share_topics() -> None:
    """A topic is found only by its own account."""

    async def main() -> None:
        stage = await Stage().open()
        with pytest.raises(TopicNotFound):
            await stage.topics.publish("another", "t", "x")

    run(main())


def test_topics_and_subscriptions_are_listed_in_pages() -> None:
    """By name and prefix; the next key leads to the rest."""

    async def main() -> None:
        stage = await Stage().open()
        for name in ("t2", "s1", "t1"):
            await stage.topics.create(ACCOUNT, name, TopicAttributes())
            await stage.topics.subscribe(ACCOUNT, "t", name, attributes(QUEUE))
        topics = await stage.topics.list(ACCOUNT, prefix="t", limit=2)
        rest = await stage.topics.list(ACCOUNT, prefix="t", after=topics.next_key or "")
        subscriptions = await stage.topics.list_subscriptions(ACCOUNT, "t", prefix="t", limit=1)
        assert [each.topic.name for each in topics.items] == ["t", "t1"]
        assert ([each.topic.name for each in rest.items], rest.next_key) == (["t2"], None)
        assert ([each.name for each in subscriptions.items], subscriptions.next_key) == (["t1"], "t1")

    run(main())


def test_subscribing_twice_changes_nothing() -> None:
    """The same subscription again succeeds; with another endpoint it is a conflict."""

    async def main() -> None:
        stage = await Stage().open()
        assert (await stage.topics.subscribe(ACCOUNT, "t", "s", attributes(QUEUE)))[1]
        assert not (await stage.topics.subscribe(ACCOUNT, "t", "s", attributes(QUEUE)))[1]
        with pytest.raises(SubscriptionExists):
            await stage.topics.subscribe(ACCOUNT, "t", "s", attributes(f"{QUEUE}2"))

    run(main())


def test_subscriptions_are_checked() -> None:
    """Name, endpoint and topic must be good."""

    async def main() -> None:
        stage = await Stage().open()
        with pytest.raises(SubscriptionNameInvalid):
            await stage.topics.subscribe(ACCOUNT, "t", "-", attributes(QUEUE))
        with pytest.raises(EndpointInvalid):
            await stage.topics.subscribe(ACCOUNT, "t", "s", attributes("nowhere"))
        with pytest.raises(TopicNotFound):
            await stage.topics.subscribe(ACCOUNT, "no", "s", attributes(QUEUE))

    run(main())


def test_only_the_strategy_of_a_subscription_changes() -> None:
    """And what changed is what is read back."""

    async def main() -> None:
        stage = await Stage().open()
        await stage.topics.subscribe(ACCOUNT, "t", "s", attributes(QUEUE, "tag1"))
        await stage.topics.set_strategy(ACCOUNT, "t", "s", NotifyStrategy.EXPONENTIAL_DECAY_RETRY)
        found = await stage.topics.get_subscription(ACCOUNT, "t", "s")
        assert found.attributes == attributes(QUEUE, "tag1", "EXPONENTIAL_DECAY_RETRY")

    run(main())


def test_a_deleted_topic_is_gone_with_its_subscriptions() -> None:
    """A topic made anew under an old name has none; deleting what isn't there is nothing."""

    async def main() -> None:
        stage = await Stage().open()
        await stage.topics.subscribe(ACCOUNT, "t", "s", attributes(QUEUE))
        await stage.topics.delete(ACCOUNT, "t")
        await stage.topics.delete(ACCOUNT, "t")
        await stage.topics.create(ACCOUNT, "t", TopicAttributes())
        with pytest.raises(SubscriptionNotFound):
            await stage.topics.get_subscription(ACCOUNT, "t", "s")

    run(main())


def test_a_filter_lets_its_own_tag_through() -> None:
    """With a FilterTag only messages of that very tag arrive, without one all do."""

    async def main() -> None:
        stage = await Stage().open()
        for name, tag in (("some", "tag1"), ("all", "")):
            endpoint = f"acs:fc:::services/s/functions/{name}"
            await stage.topics.subscribe(ACCOUNT, "t", name, attributes(endpoint, tag))
        for tag in ("tag1", "tag2", "", "TAG1"):
            await stage.topics.publish(ACCOUNT, "t", f"tagged {tag}", tag)
        await stage.idle()
        got = sorted((call.function, call.payload.decode()) for call in stage.functions.calls)
        assert got == [
            ("all", "tagged "), ("all", "tagged TAG1"), ("all", "tagged tag1"), ("all", "tagged tag2"),
            ("some", "tagged tag1"),
        ]  # fmt: skip

    run(main())


def test_a_publication_that_nobody_wants_leaves_nothing() -> None:
    """Publishing succeeds, and nothing is kept."""

    async def main() -> None:
        stage = await Stage().open()
        receipt = await stage.topics.publish(ACCOUNT, "t", "x")
        assert len(receipt.message_id) == 32
        assert (await stage.topics.get(ACCOUNT, "t")).pending == 0

    run(main())

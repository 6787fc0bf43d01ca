"""The kinds of trigger, each by itself."""

from dataclasses import replace

import pytest

from liuyun.errors import Invalid, MethodRefused, TriggerRefused, Unsupported
from liuyun.model.asynchronous import AsyncConfig
from liuyun.model.function import Trigger
from liuyun.storage.sqlite import MemoryDatabase
from liuyun.testing.clock import FakeClock
from liuyun.testing.ids import CountingIds
from liuyun.triggers.http import HttpTrigger, admit
from liuyun.triggers.message import MessageTrigger, endpoint, subscription_name, topic_of
from liuyun.triggers.registry import NOT_OFFERED, kind_named, kinds
from liuyun.triggers.ticking import AsyncQueue, Ticking
from liuyun.triggers.timer import TimerTrigger
from tests.conftest import run
from tests.unit.gateway.fc.stage import Topics

HTTP = Trigger("1", "s", "f", "t_1", "id-1", "http", {"methods": ["GET"]})
MESSAGE = Trigger("1", "s", "f", "t_1", "id-1", "mns_topic", {}, source_arn="acs:mns:r:2:/topics/orders")
TIMER = Trigger("1", "s", "f", "t_1", "id-1", "timer", {"cronExpression": "0 0 4 * * *"})


def ticking() -> Ticking:
    queue = AsyncQueue(lambda tx, each: None, lambda each: None, lambda *names: AsyncConfig())
    return Ticking(db=MemoryDatabase(), clock=FakeClock(), ids=CountingIds(), queue=queue, catch_up_s=300)


def message(topics: Topics) -> MessageTrigger:
    return MessageTrigger(region="r", subscribe=topics.subscribe, unsubscribe=topics.unsubscribe)


def test_an_http_trigger_is_signed_unless_it_says_otherwise():
    """Open endpoints are a decision, not a default."""
    assert HttpTrigger().validated(HTTP).config == {"authType": "function", "methods": ["GET"]}


def test_unknown_parts_of_a_config_stay():
    """What this platform doesn't know is stored as it was sent."""
    config = {"methods": ["GET", "get"], "authType": "ANONYMOUS", "corsConfig": {"maxAge": 5}}
    checked = HttpTrigger().validated(replace(HTTP, config=config)).config
    assert checked == {"methods": ["GET"], "authType": "anonymous", "corsConfig": {"maxAge": 5}}


@pytest.mark.parametrize(
    ("trigger", "error"),
    [
        (None, TriggerRefused),
        (replace(HTTP, config={"methods": ["POST"], "authType": "anonymous"}), MethodRefused),
        (
            replace(HTTP, config={"methods": ["GET"], "authType": "anonymous", "disableURLInternet": True}),
            TriggerRefused,
        ),
    ],
)
def test_who_may_not_pass(trigger: Trigger | None, error: type[Exception]):
    """No trigger, another method, a closed URL."""
    with pytest.raises(error):
        admit(trigger, "GET")


@pytest.mark.parametrize(("auth", "signed"), [("anonymous", False), ("function", True)])
def test_who_must_be_signed(auth: str, signed: bool):
    """The trigger's authType decides."""
    assert admit(replace(HTTP, config={"methods": ["GET"], "authType": auth}), "GET") is signed


def test_a_message_trigger_has_the_vendors_defaults():
    """A stream of bodies, retried three times, without a filter."""
    assert message(Topics()).validated(MESSAGE).config == {
        "notifyContentFormat": "STREAM",
        "notifyStrategy": "BACKOFF_RETRY",
        "filterTag": "",
    }


def test_a_subscription_leads_to_the_function():
    """Its name is the trigger's own and fits the message service; its endpoint names the version."""
    assert topic_of(MESSAGE) == "orders"
    assert subscription_name(MESSAGE) == "fc-trigger-id-1"
    assert endpoint(MESSAGE, "r") == "acs:fc:r:1:services/s/functions/f"
    assert endpoint(replace(MESSAGE, qualifier="prod"), "r") == "acs:fc:r:1:services/s.prod/functions/f"


def test_detaching_twice_is_detaching_once():
    """A subscription that is gone already is no error."""

    async def main() -> None:
        topics = Topics()
        kind = message(topics)
        trigger = kind.validated(MESSAGE)
        await kind.attach(trigger)
        await kind.detach(trigger)
        await kind.detach(trigger)
        assert topics.subscriptions == {}

    run(main())


def test_the_list_of_kinds_is_the_list_of_names():
    """A kind is found by its name; the vendor's other kinds and strangers are told apart."""
    topics = Topics()
    known = kinds(region="r", subscribe=topics.subscribe, unsubscribe=topics.unsubscribe, ticking=ticking())
    assert [kind_named(known, kind.name) for kind in known] == list(known)
    assert not NOT_OFFERED & {kind.name for kind in known}
    with pytest.raises(Unsupported):
        kind_named(known, "oss")
    with pytest.raises(Invalid):
        kind_named(known, "sundial")


def test_a_timer_is_enabled_unless_it_says_otherwise():
    """And its payload is a text in any case."""
    assert TimerTrigger(ticking()).validated(TIMER).config == {
        "cronExpression": "0 0 4 * * *",
        "enable": True,
        "payload": "",
    }
    disabled = replace(TIMER, config={**TIMER.config, "enable": False, "payload": None})
    assert TimerTrigger(ticking()).validated(disabled).config["enable"] is False


@pytest.mark.parametrize(
    "config",
    [{}, {"cronExpression": 5}, {"cronExpression": "* * * * *"}, {"enable": "yes"}, {"payload": {"a": 1}}],
)
def test_what_is_no_timer(config: dict):
    """Said when it is created, not when it should tick."""
    with pytest.raises(Invalid):
        TimerTrigger(ticking()).validated(
            replace(TIMER, config={"cronExpression": "@every 1m", **config} if config else {})
        )

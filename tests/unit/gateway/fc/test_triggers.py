"""Triggers over the wire."""

from pathlib import Path

import pytest

from liuyun.model.message import NotifyFormat, NotifyStrategy
from tests.conftest import run
from tests.unit.gateway.fc.stage import Stage, stage

TRIGGERS = "/services/s/functions/f/triggers"
TOPIC = "acs:mns:cn-hangzhou:1:/topics/orders"


def message(**members: object) -> dict[str, object]:
    return {"triggerName": "m", "triggerType": "mns_topic", "sourceArn": TOPIC, "triggerConfig": {}, **members}


def test_an_http_trigger_shows_its_address(tmp_path: Path):
    """The reply holds the config as an object and the URL at the top level."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            made = (await on.http_trigger("ANONYMOUS", ("get", "POST"))).document
            assert made["triggerConfig"] == {"authType": "anonymous", "methods": ["GET", "POST"]}
            assert made["urlInternet"] == "http://127.0.0.1:7080/2016-08-15/proxy/s/f/"
            assert made == (await on.call("GET", f"{TRIGGERS}/web")).document
            assert made["qualifier"] == "LATEST"

    run(main())


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"methods": []}, "methods"),
        ({"methods": "GET"}, "methods"),
        ({"methods": ["FETCH"]}, "'FETCH'"),
        ({"methods": ["GET"], "authType": "magic"}, "'magic'"),
        ({"methods": ["GET"], "authType": "jwt"}, "jwt"),
        ({"methods": ["GET"], "disableURLInternet": "no"}, "disableURLInternet"),
    ],
)
def test_a_bad_http_config_is_refused(tmp_path: Path, config: dict[str, object], named: str):
    """The message names what is wrong."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            body = {"triggerName": "t", "triggerType": "http", "triggerConfig": config}
            reply = await on.call("POST", TRIGGERS, body)
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            assert named in reply.document["ErrorMessage"]

    run(main())


def test_a_function_has_one_http_trigger(tmp_path: Path):
    """A second one for the same version is a conflict, under whatever name."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.http_trigger()
            body = {"triggerName": "two", "triggerType": "http", "triggerConfig": {"methods": ["GET"]}}
            reply = await on.call("POST", TRIGGERS, body)
            assert (reply.status, reply.code) == (409, "TriggerAlreadyExists")

    run(main())


def test_a_message_trigger_subscribes_the_function(tmp_path: Path):
    """Creating it makes a subscription with the trigger's settings; deleting it takes the subscription away."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            config = {"notifyContentFormat": "JSON", "notifyStrategy": "EXPONENTIAL_DECAY_RETRY", "filterTag": "t"}
            assert (await on.call("POST", TRIGGERS, message(triggerConfig=config))).status == 200
            ((topic, _), attributes), *_ = on.topics.subscriptions.items()
            assert topic == "orders"
            assert attributes.endpoint == "acs:fc:cn-hangzhou:1234567890123456:services/s/functions/f"
            assert attributes.strategy is NotifyStrategy.EXPONENTIAL_DECAY_RETRY
            assert (attributes.format, attributes.filter_tag) == (NotifyFormat.JSON, "t")
            assert (await on.call("DELETE", f"{TRIGGERS}/m")).status == 204
            assert on.topics.subscriptions == {}

    run(main())


def test_a_message_trigger_without_its_topic_is_not_made(tmp_path: Path):
    """What can't be attached isn't stored either."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            on.topics.topics.clear()
            reply = await on.call("POST", TRIGGERS, message())
            assert reply.status == 404
            assert (await on.call("GET", TRIGGERS)).document == {"triggers": []}

    run(main())


@pytest.mark.parametrize(
    ("members", "named"),
    [
        ({"sourceArn": "acs:oss:r:1:b"}, "sourceArn"),
        ({"sourceArn": None}, "sourceArn"),
        ({"triggerConfig": {"notifyStrategy": "NEVER"}}, "notifyStrategy"),
        ({"triggerConfig": {"notifyContentFormat": "XML"}}, "notifyContentFormat"),
        ({"triggerConfig": {"filterTag": "x" * 17}}, "filterTag"),
        ({"triggerType": "oss"}, "oss"),
        ({"triggerType": "sundial"}, "'sundial'"),
        ({"triggerName": "1"}, "triggerName"),
    ],
)
def test_a_bad_message_trigger_is_refused(tmp_path: Path, members: dict[str, object], named: str):
    """The message names what is wrong, and nothing is subscribed."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            reply = await on.call("POST", TRIGGERS, message(**members))
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            assert named in reply.document["ErrorMessage"]
            assert on.topics.subscriptions == {}

    run(main())


def test_message_triggers_are_not_updated(tmp_path: Path):
    """The vendor can't either: the answer says what to do instead."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.call("POST", TRIGGERS, message())
            reply = await on.call("PUT", f"{TRIGGERS}/m", {"description": "d"})
            assert (reply.status, reply.code) == (400, "InvalidArgument")
            assert "delete it and create it again" in reply.document["ErrorMessage"]

    run(main())


def test_a_trigger_is_updated_under_a_condition(tmp_path: Path):
    """The right ETag passes, a stale one doesn't, and what isn't named stays."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            etag = (await on.http_trigger()).header("etag")
            change = {"triggerConfig": {"methods": ["PUT"]}}
            assert (await on.call("PUT", f"{TRIGGERS}/web", change, headers={"if-match": "old"})).status == 412
            new = await on.call("PUT", f"{TRIGGERS}/web", change, headers={"if-match": etag})
            assert new.document["triggerConfig"] == {"authType": "anonymous", "methods": ["PUT"]}

    run(main())


def test_triggers_go_with_their_function(tmp_path: Path):
    """Deleting a function ends its subscriptions too."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.call("POST", TRIGGERS, message())
            await on.http_trigger()
            assert (await on.call("DELETE", "/services/s/functions/f")).status == 204
            assert on.topics.subscriptions == {}
            await on.deploy()
            assert (await on.call("GET", TRIGGERS)).document == {"triggers": []}

    run(main())


def test_a_start_attaches_what_is_stored(tmp_path: Path):
    """A crash between storing and subscribing heals at the next start; a topic that is gone stops nothing."""

    async def restart(on: Stage) -> None:
        on.topics.subscriptions.clear()
        await on.triggers.start()

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            await on.call("POST", TRIGGERS, message())
            await restart(on)
            assert len(on.topics.subscriptions) == 1
            on.topics.topics.clear()
            await restart(on)
            assert len(on.topics.subscriptions) == 0

    run(main())


def test_missing_triggers_have_their_code(tmp_path: Path):
    """A trigger, its function and its service are told apart."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            assert (await on.call("GET", f"{TRIGGERS}/x")).code == "TriggerNotFound"
            assert (await on.call("DELETE", f"{TRIGGERS}/x")).code == "TriggerNotFound"
            assert (await on.call("GET", "/services/s/functions/x/triggers/x")).code == "FunctionNotFound"

    run(main())


def test_the_number_of_triggers_is_bounded(tmp_path: Path):
    """A function takes fifty and not one more."""

    async def main() -> None:
        async with stage(tmp_path) as on:
            await on.deploy()
            codes = [(await on.call("POST", TRIGGERS, message(triggerName=f"m{i}"))).status for i in range(51)]
            assert codes == [200] * 50 + [400]

    run(main())

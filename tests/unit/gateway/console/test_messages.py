"""Queues and topics as the console's API gives them."""

from liuyun.model.people import Role
from tests.conftest import run
from tests.unit.gateway.console.visitor import Visitor, visitor

QUEUE, TOPIC = "/api/queues/q", "/api/topics/t"


async def begin(on: Visitor, *bodies: str) -> None:
    await on.sign_in()
    assert (await on.call("POST", "/api/queues", {"name": "q", "attributes": {"visibilityTimeoutS": 60}})).is_success
    for body in bodies:
        assert (await on.call("POST", f"{QUEUE}/messages", {"body": body})).status_code == 201


def test_a_queue_and_what_is_in_it():
    """Counted, with the time since when the oldest message waits; peeking leaves all as it is."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, "one", "two")
            (listed,) = (await on.call("GET", "/api/queues")).json()["queues"]
            shown = (await on.call("GET", QUEUE)).json()
            peeked = (await on.call("GET", f"{QUEUE}/messages")).json()["messages"]
        assert listed["counts"] == shown["counts"] == {"active": 2, "inactive": 0, "delayed": 0, "nextAt": None}
        assert shown["attributes"]["visibilityTimeoutS"] == 60
        assert (shown["oldestAt"], listed["oldestAt"]) == (peeked[0]["enqueuedAt"], None)
        assert [(message["body"], message["receiptHandle"]) for message in peeked] == [("one", ""), ("two", "")]

    run(main())


def test_a_received_message_is_deleted_by_its_handle():
    """And by no other one, which is said; until when it is hidden, the queue says."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, "one")
            (message,) = (await on.call("POST", f"{QUEUE}/receive", {})).json()["messages"]
            handle = message["receiptHandle"]
            hidden = (await on.call("POST", f"{QUEUE}/messages/hide", {"receiptHandle": handle, "timeoutS": 5})).json()
            during = (await on.call("GET", QUEUE)).json()["counts"]
            stale = await on.call("POST", f"{QUEUE}/messages/delete", {"receiptHandle": handle})
            good = await on.call("POST", f"{QUEUE}/messages/delete", {"receiptHandle": hidden["receiptHandle"]})
            left = (await on.call("GET", QUEUE)).json()["counts"]
        assert during == {"active": 0, "inactive": 1, "delayed": 0, "nextAt": hidden["visibleAt"]}
        assert (stale.status_code, stale.json()["code"], good.status_code) == (400, "Invalid", 204)
        assert left == {"active": 0, "inactive": 0, "delayed": 0, "nextAt": None}

    run(main())


def test_a_purge_takes_every_message():
    """Ready, received and delayed ones; the queue stays."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, *map(str, range(5)))
            await on.call("POST", f"{QUEUE}/receive", {"limit": 2})
            await on.call("POST", f"{QUEUE}/messages", {"body": "later", "delayS": 60})
            purged = (await on.call("POST", f"{QUEUE}/purge")).json()
            shown = (await on.call("GET", QUEUE)).json()
        assert purged == {"purged": 6}
        assert shown["counts"] == {"active": 0, "inactive": 0, "delayed": 0, "nextAt": None}

    run(main())


def test_a_queue_is_changed_and_deleted():
    """What is out of its bounds is refused, by name."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on)
            wrong = await on.call("PUT", QUEUE, {"retentionS": 5})
            changed = (await on.call("PUT", QUEUE, {"retentionS": 90})).json()
            gone = await on.call("DELETE", QUEUE)
            after = await on.call("GET", QUEUE)
            audited = (await on.call("GET", "/api/audit")).json()["records"]
        assert wrong.status_code == 422
        assert "retentionS" in wrong.json()["message"]
        assert changed["attributes"]["retentionS"] == 90
        assert (gone.status_code, after.status_code) == (204, 404)
        assert {"CreateQueue", "UpdateQueue", "DeleteQueue"} <= {entry["action"] for entry in audited}

    run(main())


def test_a_topic_and_its_subscriptions():
    """What has yet to be delivered is shown with its next try."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on)
            assert (await on.call("POST", "/api/topics", {"name": "t"})).status_code == 201
            endpoint = f"acs:mns:{on.parts.region}:{on.parts.account_id}:queues/q"
            wanted = {"name": "s", "endpoint": endpoint, "filterTag": "paid"}
            assert (await on.call("POST", f"{TOPIC}/subscriptions", wanted)).status_code == 201
            for tag in ("paid", "sent"):
                assert (await on.call("POST", f"{TOPIC}/messages", {"body": tag, "tag": tag})).status_code == 201
            (subscription,) = (await on.call("GET", f"{TOPIC}/subscriptions")).json()["subscriptions"]
            waiting = (await on.call("GET", f"{TOPIC}/subscriptions/s/deliveries")).json()
            decayed = await on.call("PUT", f"{TOPIC}/subscriptions/s", {"strategy": "EXPONENTIAL_DECAY_RETRY"})
            ended = await on.call("DELETE", f"{TOPIC}/subscriptions/s")
            shown = (await on.call("GET", TOPIC)).json()
        assert (subscription["endpoint"], subscription["strategy"]) == (endpoint, "BACKOFF_RETRY")
        assert waiting["waiting"] == 1
        assert [(each["body"], each["failures"]) for each in waiting["deliveries"]] == [("paid", 0)]
        assert decayed.json()["strategy"] == "EXPONENTIAL_DECAY_RETRY"
        assert ended.status_code == 204
        assert shown["name"] == "t"

    run(main())


def test_a_viewer_looks_and_touches_nothing():
    """Neither by sending nor by receiving, which hides messages from others."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on, "one")
            await on.sign_in(Role.VIEWER)
            looked = await on.call("GET", f"{QUEUE}/messages")
            touched = [
                (await on.call("POST", f"{QUEUE}/{act}", body)).status_code
                for act, body in (("receive", {}), ("messages", {"body": "x"}), ("purge", None))
            ]
        assert looked.status_code == 200
        assert touched == [403, 403, 403]

    run(main())


def test_who_may_try_deliveries_again_and_who_may_drop_them():
    """An operator may not drop what was promised to a subscriber; what was done stands in the audit log."""

    async def main() -> None:
        async with visitor() as on:
            await begin(on)
            await on.call("POST", "/api/topics", {"name": "t"})
            await on.call("POST", f"{TOPIC}/subscriptions", {"name": "s", "endpoint": "http://127.0.0.1:9/"})
            await on.call("POST", f"{TOPIC}/messages", {"body": "x"})
            (listed,) = (await on.call("GET", f"{TOPIC}/subscriptions")).json()["subscriptions"]
            waits = f"{TOPIC}/subscriptions/s/deliveries"
            dropped = await on.call("POST", f"{waits}/give-up", {"messageId": "none"})
            await on.sign_in(Role.OPERATOR)
            tried = await on.call("POST", f"{waits}/retry", {})
            refused = await on.call("POST", f"{waits}/give-up", {})
            records = (await on.call("GET", "/api/audit")).json()["records"]
        assert (listed["waiting"], dropped.json()) == (1, {"deliveries": 0})
        assert (tried.status_code, refused.status_code) == (200, 403)
        assert [
            record["action"] for record in records if record["resource"] == "t/s" and record["action"] != "Subscribe"
        ] == ["RetryDeliveries", "GiveUpDeliveries"]

    run(main())

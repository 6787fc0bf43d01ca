"""Flows with the platform's own functions, topics and queues: fnf contract, cases 19, 20, 24 and 25."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mns.account import Account
from mns.queue import QueueMeta
from mns.subscription import SubscriptionMeta, SubscriptionNotifyContentFormat
from mns.topic import TopicMeta

from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.clients import Deployed
from tests.contract.fc.clients import python as function_client
from tests.contract.fc.tea import fc3_client
from tests.contract.fc.test_api_2023 import create
from tests.contract.fnf.clients import Classic
from tests.contract.fnf.test_failures import CATCH
from tests.contract.fnf.test_messages import QUEUE, TOPIC
from tests.contract.mns.server import subscriber

COUNT = """
calls = 0
class BookHotelError(Exception):
    pass
def handler(event, context):
    global calls
    calls += 1
    raise BookHotelError("no room, asked %d times" % calls)
"""
CRASH = "import os\ndef handler(event, context):\n    os._exit(1)\n"
TEXT = "def handler(event, context):\n    return 'not an object'\n"
ECHO = "def handler(event, context):\n    return event\n"
ALONE = """
version: v1
type: flow
steps:
  - {type: task, name: call, resourceArn: 'acs:fc:::services/trip/functions/book'}
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_platform(tmp_path_factory.mktemp("platform"), standard_layer=False) as platform:
        yield platform


@pytest.fixture
def client(running: Running) -> Iterator[Classic]:
    classic = Classic(running.port)
    yield classic
    classic.call("DeleteFlow", Name="f")


@pytest.fixture
def services(running: Running, tmp_path: Path) -> Iterator[Deployed]:
    """The service `trip`, without functions yet."""
    fc = function_client(running)
    yield Deployed(fc, tmp_path, "trip")
    fc.delete_function("trip", "book")
    fc.delete_service("trip")


@pytest.fixture
def messages(running: Running) -> Iterator[Account]:
    account = Account(running.endpoint, running.access_key_id, running.access_key_secret)
    yield account
    account.get_client().close_connection()


def output(execution: dict[str, Any]) -> Any:
    assert execution["Status"] == "Succeeded", execution
    return json.loads(execution["Output"])


def test_a_raised_class_is_retried_and_caught_by_its_name(services: Deployed, client: Classic):
    """Cases 19 and 20: the class's name is the error, its message the cause; two retries are three calls."""
    services.function("book", COUNT)
    retry = "retry: [{errors: [BookHotelError], intervalSeconds: 1, maxAttempts: 2, multiplier: 1}]"
    told = output(client.run("f", CATCH % (retry, "BookHotelError")))
    assert told == {"error": "BookHotelError", "cause": "no room, asked 3 times"}


def test_a_function_without_a_service(running: Running, client: Classic):
    """Those of FC 3.0 are called by their own name, with a version or an alias behind a slash."""
    fc = fc3_client(running)
    create(fc, "alone", "def handler(event, context):\n    return {'called': context.function.name}\n")
    definition = ALONE.replace("services/trip/functions/book'", "functions/alone/LATEST', outputMappings: %s")
    outputs = definition % "[{target: called, source: $local.called}]"
    assert output(client.run("f", outputs)) == {"called": "alone"}
    fc.delete_function("alone")


def test_a_function_that_dies_is_unknown(services: Deployed, client: Classic):
    """It ran and named nothing."""
    services.function("book", CRASH)
    assert output(client.run("f", CATCH % ("", "FC.Unknown")))["error"] == "FC.Unknown"


def test_a_function_that_is_not_there_has_the_api_s_own_code(client: Classic):
    """As InvokeFunction would answer."""
    assert output(client.run("f", CATCH % ("", "FC.ServiceNotFound")))["error"] == "FC.ServiceNotFound"


def test_a_result_that_is_no_object_can_not_be_local_data(services: Deployed, client: Classic):
    """FnF.InvalidLocal."""
    services.function("book", TEXT)
    assert client.run("f", ALONE)["Status"] == "Failed"
    assert json.loads(client.history("f")[-1]["EventDetail"])["error"] == "FnF.InvalidLocal"


def test_a_function_gets_the_step_s_input_and_its_result_is_the_output(services: Deployed, client: Classic):
    """As compact JSON, whatever characters are in it."""
    services.function("book", ECHO)
    value = {"order": "订单 <1> & more", "n": 1.5, "none": None}
    assert output(client.run("f", ALONE, value)) == value


def test_a_topic_s_subscriber_completes_the_flow(messages: Account, client: Classic):
    """Case 24: a JSON push carries the mapped input with the token; the report's output is the flow's."""
    topic = messages.get_topic("fnf-demo")
    topic.create(TopicMeta())
    with subscriber() as receiver:
        meta = SubscriptionMeta(receiver.url, notify_content_format=SubscriptionNotifyContentFormat.JSON)
        topic.get_subscription("callback").subscribe(meta)
        client.create_flow("f", TOPIC)
        client.start("f", value={"messageBody": "hello"})
        body = json.loads(json.loads(receiver.next().body)["Message"])
    assert body["messageBody"] == "hello"
    client.call("ReportTaskSucceeded", TaskToken=body["taskToken"], Output='{"status": "success"}')
    assert output(client.describe("f", wait_s=5)) == {"status": "success"}


def test_a_queue_gets_the_message_with_priority_and_delay(messages: Account, client: Classic):
    """Case 25."""
    queue = messages.get_queue("orders")
    queue.set_encoding(False)  # tasks send their JSON as it is
    queue.create(QueueMeta())
    told = output(client.run("f", QUEUE.replace("DelaySeconds: 5", "DelaySeconds: 1"), {"order": {"id": 7}}))
    message = queue.receive_message(10)
    assert json.loads(message.message_body) == {"order": {"id": 7}}
    assert (message.priority, told["MessageId"]) == (1, message.message_id)
    assert message.next_visible_time - message.enqueue_time >= 1000


def test_a_queue_that_is_not_there_has_the_api_s_own_code(client: Classic):
    """MNS.{Code}."""
    client.run("f", QUEUE.replace("queues/orders", "queues/nowhere"), {"order": 1})
    assert json.loads(client.history("f")[-1]["EventDetail"])["error"] == "MNS.QueueNotExist"

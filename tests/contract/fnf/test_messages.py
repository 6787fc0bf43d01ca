"""Messages sent by tasks, as the message services get them: fnf contract, cases 24 and 25."""

import json

from tests.contract.fnf.clients import Classic
from tests.contract.fnf.server import FlowServer

TOPIC = """
version: v1
type: flow
steps:
  - type: task
    name: mns-topic-task
    resourceArn: acs:mns:::/topics/fnf-demo/messages
    pattern: waitForCallback
    inputMappings:
      - {target: messageBody, source: $input.messageBody}
      - {target: taskToken, source: $context.task.token}
    outputMappings: [{target: status, source: $local.status}]
    serviceParams: {MessageBody: $, MessageTag: important}
"""
QUEUE = """
version: v1
type: flow
steps:
  - type: task
    name: mns-queue-task
    resourceArn: acs:mns:::/queues/orders/messages
    inputMappings: [{target: order, source: $input.order}]
    serviceParams: {MessageBody: $, Priority: 1, DelaySeconds: 5}
"""


def test_a_topic_task_sends_its_input_with_the_token(server: FlowServer, client: Classic):
    """Case 24: the body is JSON of the mapped input, raw; the report completes the flow."""
    server.services.topics.add("fnf-demo")
    client.create_flow("f", TOPIC)
    client.start("f", value={"messageBody": "hello"})
    message = server.last_published()
    body = json.loads(message.body)
    assert (message.target, message.options["tag"], body["messageBody"]) == ("fnf-demo", "important", "hello")
    client.call("ReportTaskSucceeded", TaskToken=body["taskToken"], Output='{"status": "success"}')
    assert json.loads(client.describe("f", wait_s=5)["Output"]) == {"status": "success"}


def test_a_topic_that_is_not_there_fails_the_task(server: FlowServer, client: Classic):
    """By the message service's own code."""
    assert client.run("f", TOPIC, {"messageBody": "hello"})["Status"] == "Failed"
    assert json.loads(client.history("f")[-1]["EventDetail"])["error"].startswith("MNS.")


def test_a_queue_task_sends_its_input(server: FlowServer, client: Classic):
    """Case 25: body, priority and delay; the receipt is the result."""
    told = json.loads(client.run("f", QUEUE, {"order": {"id": 7}})["Output"])
    message = server.services.sent[-1]
    assert (message.target, json.loads(message.body)) == ("orders", {"order": {"id": 7}})
    assert message.options == {"priority": 1, "delay_s": 5}
    assert (told["MessageId"], told["MessageBodyMD5"]) == (message.message_id, message.body_md5)

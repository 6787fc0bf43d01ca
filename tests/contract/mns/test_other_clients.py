"""The vendor's older Python client and its Node client, in processes of their own. The numbers are acceptance cases."""

import fcntl
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.contract.mns.calls import COUNTERS, made_queue, send
from tests.contract.mns.server import ACCOUNT, KEY, SECRET, MessageServer
from tests.contract.node import node_modules, run_node

pytestmark = COUNTERS
OLD = "aliyun-mns==1.1.5"
CACHE = Path(__file__).parents[3] / ".cache"


@pytest.fixture(scope="session")
def old_client() -> Path:
    """The folder of the older client, which has the same module name as the newer one. Installed once."""
    home = CACHE / OLD.replace("==", "-")
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "mns").is_dir():
            pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
            subprocess.run([*pip, "--target", str(home), OLD], check=True, capture_output=True, timeout=300)
    return home


def run_old(home: Path, server: MessageServer, script: str) -> Any:
    """The value that the script leaves in `result`. The client prints a lot (secrets, too), so it goes by a mark."""
    begin = f"from mns.account import Account\naccount = Account({server.endpoint!r}, {KEY!r}, {SECRET!r})\n"
    program = f"{begin}{script}\nimport json\nprint('\\nRESULT ' + json.dumps(result, default=bytes.decode))\n"
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.rpartition("\nRESULT ")[2])


def test_the_older_python_client_uses_queues(server: MessageServer, old_client: Path) -> None:
    """Created with the attributes that it sends by itself, sent to, received from, changed, deleted, in batches."""
    found = run_old(
        old_client,
        server,
        """
from mns.queue import QueueMeta, Message
queue = account.get_queue("old")
url = queue.create(QueueMeta())
meta = queue.get_attributes()
queue.send_message(Message("hello"))
message = queue.receive_message(0)
changed = queue.change_message_visibility(message.receipt_handle, 35)
queue.delete_message(changed.receipt_handle)
queue.batch_send_message([Message("m%d" % n) for n in range(16)])
peeked = queue.batch_peek_message(16)
batch = queue.batch_receive_message(16)
queue.batch_delete_message([each.receipt_handle for each in batch])
result = [url, meta.maximum_message_size, meta.message_retention_period, message.message_body,
          len(peeked), [each.message_body for each in batch], account.list_queue("", 10, "")[0]]
""",
    )
    bodies = [f"m{index}" for index in range(16)]
    url = f"{server.endpoint}/queues/old"
    assert found == [url, 2048, 86_400, "hello", 16, bodies, [url]]


def test_the_older_python_client_uses_topics(server: MessageServer, old_client: Path) -> None:
    """Topics, subscriptions and publishing, with the lists whose roots it measures by their length."""
    found = run_old(
        old_client,
        server,
        """
from mns.topic import TopicMeta, TopicMessage
from mns.subscription import SubscriptionMeta
topic = account.get_topic("t1")
topic.create(TopicMeta())
one = topic.get_subscription("s1")
one.subscribe(SubscriptionMeta("acs:mns:::queues/q1", "", "SIMPLIFIED"))
one.set_attributes(SubscriptionMeta(notify_strategy="EXPONENTIAL_DECAY_RETRY"))
topic.publish_message(TopicMessage("hi"))
result = [account.list_topic("", 10, "")[0], topic.list_subscription()[0], one.get_attributes().notify_strategy]
one.unsubscribe()
topic.delete()
""",
    )
    url = f"{server.endpoint}/topics/t1"
    assert found == [[url], [f"{url}/subscriptions/s1"], "EXPONENTIAL_DECAY_RETRY"]


def test_the_older_python_client_is_told_what_is_wrong(server: MessageServer, old_client: Path) -> None:
    """Errors of single calls and of batches are decoded, with a request id."""
    found = run_old(
        old_client,
        server,
        """
from mns.queue import QueueMeta
from mns.mns_exception import MNSServerException
queue = account.get_queue("old")
result = []
for call in (queue.get_attributes, lambda: queue.create(QueueMeta()), lambda: queue.receive_message(0),
             lambda: queue.batch_delete_message(["nonsense"])):
    try:
        call()
    except MNSServerException as error:
        result.append([error.type, len(error.req_id)])
""",
    )
    assert found == [["QueueNotExist", 24], ["MessageNotExist", 24], ["ReceiptHandleError", 24]]


def run_with_node(server: MessageServer, script: str) -> Any:
    """The value that the script returns; `mns` is a client."""
    program = f"""
const MNS = require("@alicloud/mns");
const mns = new MNS({ACCOUNT!r}, {{endpoint: {server.endpoint!r}, accessKeyId: {KEY!r}, accessKeySecret: {SECRET!r}}});
(async () => {{{script}}})().then(
  result => {{ console.log(JSON.stringify(result)); process.exit(0); }},
  error => {{ console.error(error); process.exit(1); }});
"""
    return json.loads(run_node(program, {"NODE_PATH": str(node_modules("@alicloud/mns@1.2.0"))}))


def test_11_what_node_sends_python_reads(server: MessageServer) -> None:
    """Node sends raw text; with encoding off Python gets the very text."""
    queue = made_queue(server, raw=True)
    sent = run_with_node(server, 'return (await mns.sendMessage("q1", {MessageBody: "raw 云 text"})).body;')
    received = queue.receive_message()
    assert received.message_body == "raw 云 text"
    assert (received.message_id, received.message_body_md5) == (sent["MessageId"], sent["MessageBodyMD5"])


def test_16_node_changes_visibility(server: MessageServer) -> None:
    """Its query names begin with small letters."""
    send(made_queue(server, raw=True), "x")
    found = run_with_node(
        server,
        """
const message = (await mns.receiveMessage("q1", 1)).body;
const changed = (await mns.changeMessageVisibility("q1", message.ReceiptHandle, 35)).body;
const done = await mns.deleteMessage("q1", changed.ReceiptHandle);
return [message.MessageBody, message.ReceiptHandle !== changed.ReceiptHandle, changed.NextVisibleTime, done.code];
""",
    )
    assert found == ["x", True, str(server.clock.now() + 35_000), 204]


def test_node_uses_queues_and_topics(server: MessageServer) -> None:
    """All that its client offers, with attributes that may be sent as numbers."""
    found = run_with_node(
        server,
        """
const made = await mns.createQueue("q2", {DelaySeconds: 0, VisibilityTimeout: 40});
const again = await mns.createQueue("q2", {DelaySeconds: 0, VisibilityTimeout: 40});
await mns.setQueueAttributes("q2", {VisibilityTimeout: 50});
const attributes = (await mns.getQueueAttributes("q2")).body;
await mns.batchSendMessage("q2", [{MessageBody: "a", Priority: 8}, {MessageBody: "b", Priority: 1}]);
const peeked = (await mns.batchPeekMessage("q2", 16)).body;
const batch = (await mns.batchReceiveMessage("q2", 16, 1)).body;
const gone = await mns.batchDeleteMessage("q2", batch.map(each => each.ReceiptHandle));
const refused = await mns.batchDeleteMessage("q2", ["nonsense"]);
const error = await mns.peekMessage("q2").catch(error => error.name);
const topic = await mns.createTopic("t2", {});
const published = (await mns.publishMessage("t2", {MessageBody: "hi"})).body;
const list = (await mns.listQueue("", 10, "q")).body;
return [made.code, made.headers.location, again.code, attributes.VisibilityTimeout, peeked.length,
  batch.map(each => each.MessageBody), gone.code, refused.code, refused.body[0].ErrorCode, error, topic.code,
  published.MessageId.length, list.length];
""",
    )
    url = f"{server.endpoint}/queues/q2"
    assert found == [
        201, url, 204, "50", 2, ["b", "a"], 204, 404, "ReceiptHandleError", "MNSMessageNotExistError", 201, 32, 1,
    ]  # fmt: skip


def test_nodes_unescaped_body_is_told(server: MessageServer) -> None:
    """Node doesn't escape what it sends; a broken document is refused as such."""
    made_queue(server)
    code = run_with_node(
        server, 'return await mns.sendMessage("q1", {MessageBody: "raw <&> text"}).catch(error => error.name);'
    )
    assert code == "MNSMalformedXMLError"

"""Nothing that was accepted to be carried out later is lost when the platform is killed."""

import json
from collections import Counter
from pathlib import Path
from typing import Any, cast

import fc2
from mns.account import Account
from mns.queue import Queue, QueueMeta

from tests.chaos.ledger import received
from tests.chaos.world import ACCOUNT, KEY, SECRET, World, eventually, platform
from tests.contract.fc.clients import zip_text

SERVICE, QUEUE = "later", "told"
SLOW = "import time\ndef handler(event, context):\n    time.sleep(0.4)\n    return event\n"
FAILING = "def handler(event, context):\n    raise ValueError(event)\n"
LATER = {"x-fc-invocation-type": "Async"}
CALLS = 12
AT_ONCE = 3  # of one function, so that the others wait in its queue
SOON_S = 10  # for a busy machine; it is about one on a quiet one


def deploy(client: fc2.Client) -> None:
    """Whatever becomes of a call, an account of it goes to the queue."""
    client.create_service(SERVICE)
    told = {"destination": f"acs:mns:cn-hangzhou:{ACCOUNT}:/queues/{QUEUE}/messages"}
    config = {
        "maxAsyncRetryAttempts": 2,
        "statefulInvocation": True,
        "destinationConfig": {"onSuccess": told, "onFailure": told},
    }
    for name, code in (("slow", SLOW), ("failing", FAILING)):
        document = {
            "functionName": name,
            "runtime": "python3",
            "handler": "index.handler",
            "code": {"zipFile": zip_text({"index.py": code})},
        }
        request(client, "POST", f"/2016-08-15/services/{SERVICE}/functions", json.dumps(document).encode())
        client.put_function_async_invoke_config(SERVICE, "LATEST", name, config)


def request(client: fc2.Client, method: str, path: str, body: bytes = b"") -> Any:
    """What the client has no method for."""
    return client._do_request(method, path, client._build_common_headers(method, path), body=body)


def statuses(client: fc2.Client, name: str) -> Counter[str]:
    path = f"/2021-04-06/services/{SERVICE}/functions/{name}/stateful-async-invocations"
    return Counter(task["status"] for task in request(client, "GET", path).json()["invocations"])


def accounts(made: World, queue: Queue) -> dict[str, tuple[str, int]]:
    """Waits until each call was accounted for: by what it was given, how it ended and after how many runs."""
    found: dict[str, tuple[str, int]] = {}

    def complete() -> bool:
        for message in received(queue):
            told = json.loads(cast("str", message.message_body))
            context = told["requestContext"]
            found[told["requestPayload"]] = (context["condition"], context["approximateInvokeCount"])
        return made.running() and len(found) == 2 * CALLS

    eventually(complete, "the end of all calls")
    return found


def test_calls_accepted_before_a_kill_are_carried_out_after_it(tmp_path: Path) -> None:
    """Killed while some wait, some run and some are to be tried again: each has its runs and its account goes out."""
    with platform(tmp_path, LIUYUN_LIMITS__ASYNC_RUNNING_PER_FUNCTION=str(AT_ONCE)) as made:
        client = fc2.Client(endpoint=made.url, accessKeyID=KEY, accessKeySecret=SECRET)
        messages = Account(made.url, KEY, SECRET)
        queue = messages.get_queue(QUEUE)
        queue.set_encoding(False)
        queue.create(QueueMeta(vis_timeout=600))
        deploy(client)
        for name in ("failing", "slow"):
            for number in range(CALLS):
                client.invoke_function(SERVICE, name, payload=f"{name}-{number}".encode(), headers=LATER)
        eventually(lambda: {"Enqueued", "Running"} <= statuses(client, "slow").keys(), "a queue before a full function")
        eventually(lambda: statuses(client, "failing")["Retrying"] > 0, "a failed first try")
        ended = statuses(client, "slow")["Succeeded"]

        made.kill_platform()
        messages.get_client().close_connection()
        made.start_platform()

        eventually(lambda: statuses(client, "slow")["Succeeded"] > ended, "the next end", within_s=SOON_S)
        found = accounts(made, queue)
        messages.get_client().close_connection()
        expected = {"slow": ("Success", 1), "failing": ("RetriesExhausted", 3)}
        assert found == {f"{name}-{number}": end for name, end in expected.items() for number in range(CALLS)}

"""Asynchronous invocations through the vendor's clients. Acceptance case 15 of fc contract 8."""

import threading
import time
from itertools import count
from pathlib import Path
from typing import Any

from liuyun.testing.clock import FakeClock
from liuyun.testing.platform import Running, running_platform
from tests.contract.fc.clients import Deployed, python, zip_text
from tests.contract.fc.tea import OPTIONS, fc3_client, fc3_models, open_client, open_models, refused

numbers = count(1)
PAUSE = threading.Event()
ECHO = "def handler(event, context):\n    return event[::-1]\n"
LONG_OR_NOT = """
import time
def handler(event, context):
    time.sleep(60 if event == b'long' else 0)
    return 'done'
"""
HANGS = "import time\ndef handler(event, context):\n    time.sleep(60)\n"


def drained(running: Running) -> None:
    """Returns when nothing is left to be carried out."""
    running.run(running.platform.asynchronous.invocations.drained())


def until(look: Any, value: object) -> None:
    for _ in range(10_000):
        if look() == value:
            return
        PAUSE.wait(0.001)
    raise AssertionError(f"{look()} is not {value}")


def invoke_2021(client: Any, service: str, task_id: str) -> Any:
    headers = open_models.InvokeFunctionHeaders(
        x_fc_invocation_type="Async",
        x_fc_stateful_async_invocation_id=task_id,
        x_fc_stateful_async_invocation_enable="true",
    )
    request = open_models.InvokeFunctionRequest(body=b"in")
    return client.invoke_function_with_options(service, "f", request, headers, OPTIONS)


def test_case_15_a_task_is_followed_through_the_2021_api(running: Running, service: Deployed):
    """Enqueued, Running, Succeeded; its id can't be used again."""
    service.function("f", ECHO)
    client = open_client(running)
    assert invoke_2021(client, service.service, "order-1").status_code == 202
    drained(running)
    request = open_models.GetStatefulAsyncInvocationRequest()
    task = client.get_stateful_async_invocation(service.service, "f", "order-1", request).body
    assert [event.status for event in task.events] == ["Enqueued", "Dequeued", "Running", "Succeeded"]
    assert (task.status, task.return_payload, task.invocation_payload) == ("Succeeded", "ni", "in")
    assert refused(lambda: invoke_2021(client, service.service, "order-1")).statusCode == 409
    listed = client.list_stateful_async_invocations(
        service.service, "f", open_models.ListStatefulAsyncInvocationsRequest(invocation_id_prefix="order")
    ).body
    assert [task.invocation_id for task in listed.invocations] == ["order-1"]
    functions = client.list_stateful_async_invocation_functions(
        open_models.ListStatefulAsyncInvocationFunctionsRequest(limit=100)
    ).body.data
    assert service.service in {found.service_name for found in functions}


def test_case_15_a_running_task_is_stopped_through_the_2021_api(running: Running, service: Deployed):
    """The function's call is cancelled; the task has stopped."""
    service.function("f", HANGS, timeout=60)
    client = open_client(running)
    invoke_2021(client, service.service, "long")
    request = open_models.GetStatefulAsyncInvocationRequest()

    def status() -> str:
        return client.get_stateful_async_invocation(service.service, "f", "long", request).body.status

    until(status, "Running")
    client.stop_stateful_async_invocation(
        service.service, "f", "long", open_models.StopStatefulAsyncInvocationRequest()
    )
    drained(running)
    assert status() == "Stopped"


def test_case_15_tasks_through_the_2023_api(running: Running):
    """The same life in the newer API's words: listed, described, stopped."""
    client = fc3_client(running)
    name = f"task{next(numbers)}"
    code = fc3_models.InputCodeLocation(zip_file=zip_text({"index.py": LONG_OR_NOT}))
    function = fc3_models.CreateFunctionInput(
        function_name=name, runtime="python3.10", handler="index.handler", timeout=60, code=code
    )
    client.create_function(fc3_models.CreateFunctionRequest(body=function))

    def invoke(task_id: str, body: bytes) -> Any:
        headers = fc3_models.InvokeFunctionHeaders(x_fc_invocation_type="Task", x_fc_async_task_id=task_id)
        request = fc3_models.InvokeFunctionRequest(body=body)
        return client.invoke_function_with_options(name, request, headers, OPTIONS)

    def get(task_id: str) -> Any:
        return client.get_async_task(name, task_id, fc3_models.GetAsyncTaskRequest()).body

    assert invoke("quick", b"short").status_code == 202
    drained(running)
    task = get("quick")
    assert (task.status, task.return_payload, task.task_payload) == ("Succeeded", "done", "short")
    assert task.function_arn == f"acs:fc:cn-hangzhou:{running.account_id}:functions/{name}"
    assert refused(lambda: invoke("quick", b"")).statusCode == 409
    invoke("slow", b"long")
    until(lambda: get("slow").status, "Running")
    client.stop_async_task(name, "slow", fc3_models.StopAsyncTaskRequest())
    drained(running)
    assert get("slow").status == "Stopped"
    request = fc3_models.ListAsyncTasksRequest(status="Stopped", sort_order_by_time="desc")
    listed = client.list_async_tasks(name, request).body.tasks
    assert [task.task_id for task in listed] == ["slow"]
    client.delete_function(name)


def test_a_platform_stops_while_a_call_runs_and_its_clock_stands_still(tmp_path: Path):
    """The call is accepted, so it may be cut short; and it runs again after the next start."""
    code = "import time\ndef handler(event, context):\n    print('runs', flush=True)\n    time.sleep(600)\n"
    options: dict[str, Any] = {"standard_layer": False, "drain_s": 1}
    for number in range(2):
        clock = FakeClock(round(time.time() * 1000))
        with running_platform(tmp_path / "data", clock=clock, **options) as running:
            if number == 0:
                service = Deployed(python(running), tmp_path, "s")
                service.function("f", code)
                service.invoke("f", b"", {"x-fc-invocation-type": "Async"})
            until(lambda running=running: running.platform.compute.statistics()["running"], 1)

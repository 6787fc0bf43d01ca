"""Asynchronous calls and web applications through each family of the vendor's clients: `aliyun-fc2`,
`alibabacloud-fc-open20210406`, `alibabacloud-fc20230330`, `@alicloud/fc2` and `@alicloud/fc20230330`.
Acceptance cases of fc contract 8: 13, 14, 19.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
import requests

from liuyun.model.asynchronous import TaskFilter
from liuyun.model.function import own_service
from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, zip_text
from tests.contract.fc.nodes import nodes
from tests.contract.fc.tea import OPTIONS, fc3_client, fc3_models, open_client, open_models

numbers = count(1)
HELD = "import time\ndef handler(event, context):\n    time.sleep(600)\n"
ECHO = "def handler(event, context):\n    return event[::-1]\n"
FAILS = "def handler(event, context):\n    raise ValueError(context.retry_count)\n"
UNDONE = {"Enqueued", "Dequeued", "Running"}


class Functions:
    """The same code twice: in a service for the older clients, and on its own for the newer ones."""

    def __init__(self, running: Running, service: Deployed) -> None:
        self.running = running
        self.service = service
        self.made: list[str] = []

    def deploy(self, name: str, code: str, *, older: bool = True, newer: bool = True) -> None:
        if older:
            self.service.function(name, code, timeout=600)
        if newer:
            self._deploy_alone(name, code)

    def _deploy_alone(self, name: str, code: str) -> None:
        text = fc3_models.InputCodeLocation(zip_file=zip_text({"index.py": code}))
        options = {"runtime": "python3.10", "handler": "index.handler", "timeout": 600, "code": text}
        function = fc3_models.CreateFunctionInput(function_name=self.alone(name), **options)
        fc3_client(self.running).create_function(fc3_models.CreateFunctionRequest(body=function))
        self.made.append(self.alone(name))

    def alone(self, name: str) -> str:
        return f"{name}-{self.service.service}"

    def key(self, name: str, *, newer: bool) -> tuple[str, str, str]:
        if newer:
            return self.running.account_id, own_service(self.alone(name)), self.alone(name)
        return self.running.account_id, self.service.service, name

    def task(self, name: str, task_id: str) -> Any:
        """Of a family whose name is the id of its task."""
        key = self.key(name, newer=task_id.endswith("2023"))
        return self.running.run(self.running.platform.asynchronous.tasks.get(key, task_id))

    def drained(self) -> None:
        self.running.run(self.running.platform.asynchronous.invocations.drained())


@contextmanager
def functions(running: Running, service: Deployed) -> Iterator[Functions]:
    made = Functions(running, service)
    yield made
    for name in made.made:
        fc3_client(running).delete_function(name)


def python_2016(on: Functions, name: str) -> tuple[int, bytes]:
    headers = {"x-fc-invocation-type": "Async", "x-fc-stateful-async-invocation-id": "python-2016"}
    return 202, on.service.invoke(name, b"why", headers).data  # the client keeps the status to itself


def python_2021(on: Functions, name: str) -> tuple[int, bytes]:
    headers = open_models.InvokeFunctionHeaders(
        x_fc_invocation_type="Async",
        x_fc_stateful_async_invocation_id="python-2021",
        x_fc_stateful_async_invocation_enable="true",
    )
    request = open_models.InvokeFunctionRequest(body=b"why")
    client = open_client(on.running)
    answer = client.invoke_function_with_options(on.service.service, name, request, headers, OPTIONS)
    return answer.status_code, answer.body


def python_2023(on: Functions, name: str) -> tuple[int, bytes]:
    headers = fc3_models.InvokeFunctionHeaders(x_fc_invocation_type="Async", x_fc_async_task_id="python-2023")
    request = fc3_models.InvokeFunctionRequest(body=b"why")
    answer = fc3_client(on.running).invoke_function_with_options(on.alone(name), request, headers, OPTIONS)
    return answer.status_code, answer.body.read()


PYTHON: dict[str, Callable[[Functions, str], tuple[int, bytes]]] = {
    "python-2016": python_2016,
    "python-2021": python_2021,
    "python-2023": python_2023,
}
FAMILIES = [*PYTHON, "node-2016", "node-2023"]
NODE = """
  const {SERVICE, NAME, ALONE} = process.env;
  const first = await older.invokeFunction(SERVICE, NAME, 'why', {
    'x-fc-invocation-type': 'Async', 'x-fc-stateful-async-invocation-id': 'node-2016',
  });
  const second = await newer.invokeFunctionWithOptions(
    ALONE,
    new fc.InvokeFunctionRequest({body: Readable.from(Buffer.from('why'))}),
    new fc.InvokeFunctionHeaders({xFcInvocationType: 'Async', xFcAsyncTaskId: 'node-2023'}),
    new RuntimeOptions({}),
  );
  const parts = [];
  for await (const part of second.body) parts.push(part);
  show([first.data, second.statusCode, Buffer.concat(parts).toString()]);
"""


def node_families(on: Functions, name: str) -> Any:
    env = {"SERVICE": on.service.service, "NAME": name, "ALONE": on.alone(name)}
    return json.loads(nodes(on.running, NODE, env))


def test_case_13_every_client_has_its_202_while_the_function_is_held(running: Running, service: Deployed):
    """The function runs for ten minutes unless it is stopped; each client has the empty answer, and none has ended."""
    kept = {"statefulInvocation": True}
    with functions(running, service) as on:
        on.deploy("held", HELD)
        service.client.put_function_async_invoke_config(service.service, "LATEST", "held", kept)
        tasks = fc3_models.PutAsyncInvokeConfigInput(async_task=True)
        request = fc3_models.PutAsyncInvokeConfigRequest(body=tasks)
        fc3_client(running).put_async_invoke_config(on.alone("held"), request)
        for invoke in PYTHON.values():
            assert invoke(on, "held") == (202, b"")
        assert node_families(on, "held") == ["", 202, ""]
        assert {on.task("held", name).status for name in FAMILIES} <= UNDONE
        for name in FAMILIES:
            key = on.key("held", newer=name.endswith("2023"))
            running.run(running.platform.asynchronous.tasks.stop(key, name))
        on.deploy("echo", ECHO, newer=False)
        service.client.put_function_async_invoke_config(service.service, "LATEST", "echo", kept)
        PYTHON["python-2016"](on, "echo")
        on.drained()
        assert on.task("echo", "python-2016").returned == b"yhw"
        assert {on.task("held", name).status for name in FAMILIES} == {"Stopped"}


def configured(on: Functions, retries: int) -> None:
    """Each family's own words, but for those of Node.js, which `CONFIGURED` says."""
    running, service = on.running, on.service.service
    destination = f"acs:fc:cn-hangzhou:{running.account_id}:services/{service}.LATEST/functions/told"
    config = {
        "maxAsyncRetryAttempts": retries,
        "statefulInvocation": True,
        "destinationConfig": {"onFailure": {"destination": destination}},
    }
    on.service.client.put_function_async_invoke_config(service, "LATEST", "python-2016", config)
    request = open_models.PutFunctionAsyncInvokeConfigRequest().from_map(config)
    open_client(running).put_function_async_invoke_config(service, "python-2021", request)
    body = fc3_models.PutAsyncInvokeConfigInput().from_map({**config, "asyncTask": True})
    newest = fc3_models.PutAsyncInvokeConfigRequest(body=body)
    fc3_client(running).put_async_invoke_config(on.alone("python-2023"), newest)
    env = {"SERVICE": service, "ALONE": on.alone("node-2023"), "CONFIG": json.dumps(config)}
    nodes(running, CONFIGURED, env)


CONFIGURED = """
  const {SERVICE, ALONE, CONFIG} = process.env;
  const config = JSON.parse(CONFIG);
  await older.putFunctionAsyncConfig(SERVICE, 'node-2016', 'LATEST', config);
  const destination = new fc.Destination(config.destinationConfig.onFailure);
  await newer.putAsyncInvokeConfig(ALONE, new fc.PutAsyncInvokeConfigRequest({body: new fc.PutAsyncInvokeConfigInput({
    ...config, asyncTask: true, destinationConfig: new fc.DestinationConfig({onFailure: destination}),
  })}));
  await older.invokeFunction(SERVICE, 'node-2016', 'why', {
    'x-fc-invocation-type': 'Async', 'x-fc-stateful-async-invocation-id': 'node-2016',
  });
  await newer.invokeFunctionWithOptions(
    ALONE,
    new fc.InvokeFunctionRequest({body: Readable.from(Buffer.from('why'))}),
    new fc.InvokeFunctionHeaders({xFcInvocationType: 'Async', xFcAsyncTaskId: 'node-2023'}),
    new RuntimeOptions({}),
  );
"""


def test_case_14_a_failing_function_is_retried_and_its_failure_told(running: Running, service: Deployed):
    """Set by each client, two retries are three runs with retry_count 0, 1, 2; the destination is called once."""
    with functions(running, service) as on:
        for name in FAMILIES:
            newer = name.endswith("2023")
            on.deploy(name, FAILS, older=not newer, newer=newer)
        on.service.function("told", ECHO)
        kept = {"statefulInvocation": True}
        service.client.put_function_async_invoke_config(service.service, "LATEST", "told", kept)
        configured(on, 2)
        for name, invoke in PYTHON.items():
            invoke(on, name)
        on.drained()
        for name in FAMILIES:
            task = on.task(name, name)
            runs = [event.detail for event in task.events if event.status in {"Retrying", "Failed"}]
            assert (task.status, task.retries, runs) == ("Failed", 2, ["0", "1", "2"])
        key = (running.account_id, service.service, "told")
        accounts = running.run(running.platform.asynchronous.tasks.list(key, TaskFilter())).items
        assert len(accounts) == len(FAMILIES)
        for account in accounts:
            event = json.loads(account.payload)
            assert event["requestContext"]["condition"] == "RetriesExhausted"
            assert event["requestContext"]["approximateInvokeCount"] == 3
            assert event["requestPayload"] == "why"
            assert event["responseContext"] == {"statusCode": 200, "functionError": "UnhandledInvocationError"}
            assert json.loads(event["responsePayload"])["errorType"] == "ValueError"


SHOW = """
import json
def handler(environ, start_response):
    wanted = ('REQUEST_METHOD', 'PATH_INFO', 'QUERY_STRING', 'CONTENT_LENGTH', 'HTTP_X_ASKED', 'SCRIPT_NAME')
    seen = {name: environ.get(name) for name in wanted}
    seen['uri'] = environ['fc.request_uri']
    seen['request'] = environ['fc.context'].request_id
    seen['body'] = environ['wsgi.input'].read().decode()
    headers = [('Content-Type', 'application/json'), ('Set-Cookie', 'a=1'), ('Set-Cookie', 'b=2')]
    start_response('201 Made', headers)
    return [json.dumps(seen).encode()]
"""
CALL = """
  const answer = await older.post(`/proxy/${process.env.SERVICE}/f/a/b`, 'hello', {'x-asked': 'yes'}, {x: 1});
  const {data, headers} = answer;
  show([data, headers['set-cookie'], headers['x-fc-request-id']]);
"""


def test_case_19_a_wsgi_application_sees_its_request(running: Running, service: Deployed):
    """The path behind the function, the whole URI, the context; repeated headers survive. By each client that calls
    HTTP triggers of functions in services, and by none.
    """
    service.http_function("f", SHOW)
    base = f"/2016-08-15/proxy/{service.service}/f"
    url, asked = f"{running.endpoint}{base}/a/b?x=1", {"X-Asked": "yes"}
    plain = requests.post(url, data=b"hello", headers=asked, timeout=30)
    signed = service.call("POST", "f", "/a/b", params={"x": "1"}, body=b"hello", headers=asked)
    with pytest.warns(DeprecationWarning, match="get_credential"):  # the vendor's own use of itself
        open_ = open_client(running).invoke_httptrigger(url, "POST", b"hello", asked)
    answers = [
        (answer.status_code, answer.json(), answer.raw.headers.getlist("Set-Cookie"), answer.headers["X-Fc-Request-Id"])
        for answer in (plain, signed, open_)
    ]
    data, cookies, request_id = json.loads(nodes(running, CALL, {"SERVICE": service.service}))
    for status, seen, set_cookies, request in [*answers, (201, data, cookies, request_id)]:
        assert status == 201
        assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == ("POST", "/a/b", "x=1")
        assert (seen["uri"], seen["SCRIPT_NAME"], seen["HTTP_X_ASKED"]) == (f"{base}/a/b?x=1", "", "yes")
        assert (seen["body"], seen["CONTENT_LENGTH"]) == ("hello", "5")
        assert (set_cookies, request) == (["a=1", "b=2"], seen["request"])
    assert plain.headers["Content-Disposition"] == "attachment"

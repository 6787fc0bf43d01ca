"""Others who are told what happens on a platform: a collector of traces, and the vendor's own clients."""

import json
import queue
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import fc2
import httpx
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.client import AcsClient

from liuyun.cli.client.messages import signed_headers
from liuyun.cli.client.transport import Connection
from tests.contract.fc.clients import zip_text
from tests.contract.fc.tea import OPTIONS, open_client_of, open_models
from tests.contract.fnf.clients import REGION, request

LONGEST_WAIT_S = 60


class Collector(ThreadingHTTPServer):
    """Takes traces by OTLP, as a collector does."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Taking)
        self.taken: queue.Queue[str] = queue.Queue()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def told(self, last: str) -> str:
        """All that came, up to the request that has `last` in it."""
        found = [self.taken.get(timeout=LONGEST_WAIT_S)]
        while last not in found[-1]:
            found.append(self.taken.get(timeout=LONGEST_WAIT_S))
        return "\n".join(found)


class Taking(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.taken.put(self.rfile.read(int(self.headers["content-length"])).decode())
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base's name
        """Nothing is printed."""


@contextmanager
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def of_functions(by: Connection, name: str) -> dict[str, str]:
    """What the API of functions in services says of the one called so in the service called so; that of a call too."""
    key, secret = by.access_key_id, by.access_key_secret
    client = open_client_of(
        Config(endpoint=host_of(by), protocol="http", region_id=REGION, access_key_id=key, access_key_secret=secret)
    )
    tail = open_models.InvokeFunctionHeaders(x_fc_log_type="Tail")
    answers: dict[str, Any] = {
        "GetFunction": client.get_function(name, name, open_models.GetFunctionRequest()),
        "ListFunctions": client.list_functions(name, open_models.ListFunctionsRequest()),
        "GetService": client.get_service(name, open_models.GetServiceRequest()),
        "GetFunctionCode": client.get_function_code(name, name, open_models.GetFunctionCodeRequest()),
        "ListInstances": client.list_instances(name, name, open_models.ListInstancesRequest()),
        "InvokeFunction": client.invoke_function_with_options(
            name, name, open_models.InvokeFunctionRequest(body=b"say"), tail, OPTIONS
        ),
        "fails": client.invoke_function_with_options(
            name, name, open_models.InvokeFunctionRequest(body=b"fail"), tail, OPTIONS
        ),
    }
    return {what: said(answer.headers, answer.body) for what, answer in answers.items()}


def of_other_versions(by: Connection, name: str, code: str, environment: Mapping[str, str]) -> dict[str, str]:
    """What the oldest API says of the same, and the newest of a function without a service that is made for it.

    Each answer as it came: the clients' models leave out what they don't know.
    """
    keys = {"accessKeyID": by.access_key_id, "accessKeySecret": by.access_key_secret}
    client = fc2.Client(endpoint=by.endpoint, **keys)
    told: dict[str, str] = {}

    def call(method: str, path: str, body: bytes = b"") -> None:
        headers = client._build_common_headers(method, path, {"x-fc-log-type": "Tail"})
        answer = client._do_request(method, path, headers, body=body)
        told[f"{method} {path} {body.decode()[:4]}".strip()] = said(answer.headers, answer.text)

    function: dict[str, Any] = {"functionName": name, "runtime": "python3.10", "environmentVariables": {**environment}}
    made = {**function, "handler": "index.handler", "code": {"zipFile": zip_text({"index.py": code})}}
    newest = "/2023-03-30/functions"
    call("POST", newest, json.dumps(made).encode())
    call("PUT", f"{newest}/{name}", json.dumps(function).encode())
    call("POST", f"{newest}/{name}/versions", b"{}")
    services = "/2016-08-15/services"
    for functions in (f"{services}/{name}/functions", newest):
        one = f"{functions}/{name}"
        for path in (functions, one, f"{one}/code", f"{one}/triggers", f"{one}/instances"):
            call("GET", path)
        for event in (b"say", b"fail"):
            call("POST", f"{one}/invocations", event)
    for path in (services, f"{services}/{name}", f"{newest}/{name}/versions"):
        call("GET", path)
    return told


def of_messages(by: Connection, name: str) -> dict[str, str]:
    """What the message service says of the queue, its next message, the topic and the subscription called so."""
    queue, topic = f"/queues/{name}", f"/topics/{name}"
    subscriptions = f"{topic}/subscriptions"
    targets = ["/queues", queue, f"{queue}/messages?peekonly=true", "/topics", topic, subscriptions]
    told: dict[str, str] = {}
    for target in (*targets, f"{subscriptions}/{name}"):
        signed = signed_headers("GET", target, {}, by, has_body=False)
        answer = httpx.get(by.endpoint + target, headers=signed, trust_env=False, timeout=LONGEST_WAIT_S)
        assert answer.is_success, answer.text
        told[f"GET {target}"] = said(answer.headers, answer.text)
    return told


def of_flows(by: Connection, name: str) -> dict[str, str]:
    """What the vendor's API of flows says of the flow and the execution called so."""
    acs = AcsClient(by.access_key_id, by.access_key_secret, REGION, auto_retry=False, timeout=30)
    acs.add_endpoint(REGION, "fnf", host_of(by))
    execution = {"FlowName": name, "ExecutionName": name}
    calls: dict[str, dict[str, Any]] = {
        "DescribeFlow": {"Name": name},
        "DescribeExecution": execution,
        "ListExecutions": {"FlowName": name},
        "GetExecutionHistory": {**execution, "Limit": 999},
    }
    found = {what: acs.do_action_with_exception(request(what, **given)) for what, given in calls.items()}
    return {what: json.dumps(json.loads(text or b"")) for what, text in found.items()}


def said(headers: Mapping[str, str], body: Any) -> str:
    """All of an answer; what a function printed is in a header, where nobody could read it."""
    printed = {name.lower(): text for name, text in headers.items()}.get("x-fc-log-result", "")
    return f"{dict(headers)} {b64decode(printed).decode()} {body}"


def host_of(by: Connection) -> str:
    return by.endpoint.removeprefix("http://")

"""Others who are told what happens on a platform: a collector of traces, and the vendor's own clients."""

import json
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.client import AcsClient

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


def of_functions(host: str, key: str, secret: str, name: str) -> dict[str, str]:
    """What the vendor's API of functions says of the one called so in the service called so; that of a call too."""
    client = open_client_of(
        Config(endpoint=host, protocol="http", region_id=REGION, access_key_id=key, access_key_secret=secret)
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
    return {what: f"{answer.headers} {answer.body}" for what, answer in answers.items()}


def of_flows(host: str, key: str, secret: str, name: str) -> dict[str, str]:
    """What the vendor's API of flows says of the flow and the execution called so."""
    acs = AcsClient(key, secret, REGION, auto_retry=False, timeout=30)
    acs.add_endpoint(REGION, "fnf", host)
    execution = {"FlowName": name, "ExecutionName": name}
    calls: dict[str, dict[str, Any]] = {
        "DescribeFlow": {"Name": name},
        "DescribeExecution": execution,
        "ListExecutions": {"FlowName": name},
        "GetExecutionHistory": {**execution, "Limit": 999},
    }
    found = {what: acs.do_action_with_exception(request(what, **given)) for what, given in calls.items()}
    return {what: json.dumps(json.loads(text or b"")) for what, text in found.items()}

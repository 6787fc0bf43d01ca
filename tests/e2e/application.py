"""The order application on a platform of its own, started as `make run` does and asked through the vendor's SDKs."""

import json
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen
from uuid import uuid4

from aliyunsdkcore.client import AcsClient
from aliyunsdkfnf.request.v20190315.CreateFlowRequest import CreateFlowRequest
from aliyunsdkfnf.request.v20190315.DescribeExecutionRequest import DescribeExecutionRequest
from aliyunsdkfnf.request.v20190315.DescribeFlowRequest import DescribeFlowRequest
from aliyunsdkfnf.request.v20190315.GetExecutionHistoryRequest import GetExecutionHistoryRequest
from aliyunsdkfnf.request.v20190315.StartExecutionRequest import StartExecutionRequest

ROOT = Path(__file__).parents[2]
REGION = "cn-hangzhou"
READY_S = 600  # the standard layer is fetched on the first run
END_S = 60
PRICE = 10_000
PRODUCTS = [{"name": "tea", "price": PRICE // 2, "quantity": 2}]


@dataclass(frozen=True)
class Application:
    """What a customer, an operator and an SDK see of it."""

    data: Path
    endpoint: str
    orders_url: str
    keys: Mapping[str, str]

    def flows(self) -> AcsClient:
        client = AcsClient(self.keys["LIUYUN_ACCESS_KEY_ID"], self.keys["LIUYUN_ACCESS_KEY_SECRET"], REGION)
        client.add_endpoint(REGION, "fnf", self.endpoint.removeprefix("http://"))
        return client

    def call(self, request: Any, **params: Any) -> dict[str, Any]:
        for name, value in params.items():
            getattr(request, f"set_{name}")(value)
        return json.loads(self.flows().do_action_with_exception(request) or b"null")

    def start(self, merchant: str, flow: str = "order") -> str:
        """Starts an order through the SDK alone; its number, made up by the platform: it may begin with a digit."""
        wanted = {"merchant": merchant, "products": PRODUCTS, "address": "Lane 1"}
        return self.call(StartExecutionRequest(), FlowName=flow, Input=json.dumps(wanted))["Name"]

    def choose(self, order: str, method: str) -> int:
        """Chooses through the HTTP function; the status of its answer."""
        url = f"{self.endpoint}/2016-08-15/proxy/order/choosePayment/"
        return http("POST", url, {"order": order, "method": method})[0]

    def order(self, order: str) -> dict[str, Any]:
        return http("GET", f"{self.orders_url}/orders/{quote(order)}")[1]

    def wait_until_offered(self, order: str, flow: str = "order") -> list[str]:
        """The methods that the step generateInfo found."""
        deadline = time.monotonic() + END_S
        while time.monotonic() < deadline:
            for event in self.history(order, flow):
                if event["Type"] == "StepSucceeded" and event["StepName"] == "generateInfo":
                    return json.loads(event["EventDetail"])["output"]["paymentMethods"]
            self.describe(order, flow, wait_s=1)
        raise AssertionError(f"{order} was never offered any payment method")

    def wait_until_ended(self, order: str, flow: str = "order") -> dict[str, Any]:
        deadline = time.monotonic() + END_S
        while time.monotonic() < deadline:
            found = self.describe(order, flow, wait_s=5)
            if found["Status"] != "Running":
                return found
        raise AssertionError(f"{order} did not end in time: {[e['Type'] for e in self.history(order, flow)]}")

    def describe(self, order: str, flow: str = "order", *, wait_s: int = 0) -> dict[str, Any]:
        return self.call(DescribeExecutionRequest(), FlowName=flow, ExecutionName=order, WaitTimeSeconds=wait_s)

    def history(self, order: str, flow: str = "order") -> list[dict[str, Any]]:
        page = self.call(GetExecutionHistoryRequest(), FlowName=flow, ExecutionName=order, Limit=999)
        return page["Events"]

    def steps(self, order: str, flow: str = "order") -> list[str]:
        return [event["StepName"] for event in self.history(order, flow) if event["Type"] == "StepEntered"]

    def hurried_flow(self, timeout_s: int) -> str:
        """A copy of the flow whose customers must choose within `timeout_s`."""
        definition = self.call(DescribeFlowRequest(), Name="order")["Definition"]
        hurried = definition.replace("timeoutSeconds: 120", f"timeoutSeconds: {timeout_s}")
        assert hurried != definition
        name = f"hurried-{uuid4().hex[:6]}"
        self.call(CreateFlowRequest(), Name=name, Definition=hurried, Description="hurried", Type="FDL")
        return name

    def liuyun(self, *args: str) -> subprocess.CompletedProcess[str]:
        """The command, as somebody in another shell would call it."""
        command = [sys.executable, "-m", "liuyun", *args, "--data", str(self.data)]
        return subprocess.run(command, capture_output=True, text=True, timeout=END_S, check=False, cwd=ROOT)


def http(method: str, url: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    data = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data=data, method=method, headers=headers), timeout=END_S) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@contextmanager
def running_application(data: Path) -> Iterator[Application]:
    """Started, deployed and ready; stopped at the end, which must be clean."""
    port, orders_port = free_port(), free_port()
    command = [sys.executable, "-m", "liuyun", "up", "--data", str(data), "--port", str(port)]
    command += ["--orders-port", str(orders_port), "--app", str(ROOT / "examples/order")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=clean_environment()) as process:
        try:
            wait_for_line(process, "The order application is ready.")
            yield Application(data, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{orders_port}", keys(data))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(90)
    assert process.returncode == 0


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("LIUYUN_")}


def keys(data: Path) -> dict[str, str]:
    command = [sys.executable, "-m", "liuyun", "keys", "show", "--format", "json", "--data", str(data)]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, env=clean_environment())
    return json.loads(shown.stdout)


def wait_for_line(process: subprocess.Popen[str], wanted: str) -> str:
    """What the process printed until the line was there. Reading goes on, so that the process never blocks."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        assert process.stdout
        with suppress(ValueError):  # closed by whoever has seen the process end
            for line in process.stdout:
                lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    deadline = time.monotonic() + READY_S
    seen: list[str] = []
    while (left := deadline - time.monotonic()) > 0:
        line = lines.get(timeout=left)
        if line is None:
            break
        seen.append(line)
        if wanted in line:
            return "".join(seen)
    raise AssertionError("the application did not start:\n" + "".join(seen))

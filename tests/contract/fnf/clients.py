"""The vendor's clients, pointed at a loopback port."""

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from alibabacloud_fnf20190315.client import Client as NewClient
from alibabacloud_tea_openapi.models import Config
from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkfnf.request import v20190315

from tests.contract.fnf.server import KEY, SECRET

REGION = "cn-hangzhou"


class Classic:
    """aliyun-python-sdk-fnf: `client.call("StartExecution", FlowName="f")` is the JSON that came back."""

    def __init__(self, port: int, *, key: str = KEY, secret: str = SECRET) -> None:
        self.acs = AcsClient(key, secret, REGION, auto_retry=False, timeout=30)
        self.acs.add_endpoint(REGION, "fnf", f"127.0.0.1:{port}")

    def call(self, action: str, **parameters: Any) -> dict[str, Any]:
        return json.loads(self.acs.do_action_with_exception(request(action, **parameters)) or "")

    def create_flow(self, name: str, definition: str) -> dict[str, Any]:
        return self.call("CreateFlow", Name=name, Definition=definition, Description="a test", Type="FDL")

    def start(self, flow: str, name: str = "run", value: Any = None) -> dict[str, Any]:
        return self.call("StartExecution", FlowName=flow, ExecutionName=name, Input=json.dumps(value or {}))

    def describe(self, flow: str, name: str = "run", wait_s: int = 0) -> dict[str, Any]:
        return self.call("DescribeExecution", FlowName=flow, ExecutionName=name, WaitTimeSeconds=wait_s)

    def history(self, flow: str, name: str = "run") -> list[dict[str, Any]]:
        return self.call("GetExecutionHistory", FlowName=flow, ExecutionName=name, Limit=999)["Events"]

    def run(self, flow: str, definition: str, value: Any = None) -> dict[str, Any]:
        """A new flow, run once; the execution when it has ended."""
        self.create_flow(flow, definition)
        self.start(flow, value=value)
        return self.describe(flow, wait_s=10)


def request(action: str, **parameters: Any) -> Any:
    module = __import__(f"{v20190315.__name__}.{action}Request", fromlist=["request"])
    made = getattr(module, f"{action}Request")()
    made.set_protocol_type("http")
    for name, value in parameters.items():
        getattr(made, f"set_{name}")(value)
    return made


class Refusal(NamedTuple):
    status: int
    code: str
    message: str


def refusal(call: Callable[[], object]) -> Refusal:
    """How the call is refused, as the classic client tells it."""
    with pytest.raises(ServerException) as caught:
        call()
    error: Any = caught.value
    return Refusal(error.get_http_status(), error.get_error_code(), error.get_error_msg())


def new_client(port: int) -> NewClient:
    """alibabacloud-fnf20190315."""
    return NewClient(Config(access_key_id=KEY, access_key_secret=SECRET, endpoint=f"127.0.0.1:{port}", protocol="http"))

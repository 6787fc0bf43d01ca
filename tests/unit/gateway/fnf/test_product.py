import asyncio
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import pytest

from liuyun.clock import rfc3339
from liuyun.gateway.asgi import Gateway
from liuyun.gateway.fnf.product import ENCODED_BYTES, FnfProduct
from liuyun.gateway.http import Event, Headers, Request
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.keyring import Keyring
from liuyun.identity.signatures import rpc
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.model.account import AccessKey
from tests.conftest import run
from tests.unit.workflow.world import ACCOUNT, PASS, World

KEY = AccessKey(ACCOUNT, "key", "secret")


class Wire:
    """The product behind the gateway's pipeline, spoken to without a network."""

    def __init__(self) -> None:
        self.world = World()
        self.temporary = TemporaryCredentials(b"t" * 32, self.world.clock, self.world.ids)
        self.product = FnfProduct(
            flows=self.world.workflow.flows,
            executions=self.world.workflow.executions,
            authenticator=Authenticator(Keyring([KEY]), self.temporary, self.world.clock, max_nonces=100),
            region="cn-hangzhou",
        )
        self.gateway = Gateway(self.world.clock, self.world.ids)
        self.gateway.mount(self.product)

    def signed(self, parameters: Mapping[str, str], method: str, key: AccessKey = KEY) -> str:
        system = {
            "Version": "2019-03-15",
            "AccessKeyId": key.access_key_id,
            "Timestamp": rfc3339(self.world.clock.now())[:19] + "Z",
            "SignatureNonce": self.world.ids.hex(8),
            **parameters,
        }
        text = rpc.string_to_sign(method, list(system.items()))
        return urlencode({**system, "Signature": rpc.sign(key.secret, text)})

    async def call(self, method: str = "GET", **parameters: str) -> tuple[int, dict[str, Any]]:
        return await self.send(method, self.signed(parameters, method))

    async def send(self, method: str, query: str, body: bytes = b"") -> tuple[int, dict[str, Any]]:
        events: list[Event] = []
        sent = [body]

        async def receive() -> Event:
            if not sent:
                await asyncio.get_running_loop().create_future()  # a client that waits for its answer
            return {"type": "http.request", "body": sent.pop()}

        async def send(event: Event) -> None:
            events.append(event)

        scope = {
            "type": "http", "method": method, "path": "/", "raw_path": b"/", "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1:7080")], "client": ("127.0.0.1", 1),
        }  # fmt: skip
        await self.gateway(scope, receive, send)
        return events[0]["status"], json.loads(b"".join(event.get("body", b"") for event in events[1:]))


def request(method: str = "GET", path: str = "/", query: str = "", **headers: str) -> Request:
    async def receive() -> Event:
        return {"type": "http.disconnect"}

    raw = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Request(method, path, query, Headers(raw), "id", "", receive)


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        (request(query="Action=ListFlows"), True),
        (request(x_acs_action="ListFlows"), True),
        (request("POST"), True),
        (request(host="cn-hangzhou.fnf.aliyuncs.com"), True),
        (request(host="fnf.us-west-1.aliyuncs.com:80"), True),
        (request(host="1.mns.cn-hangzhou.aliyuncs.com", query="Action=x"), False),
        (request(), False),
        (request(path="/queues", query="Action=x"), False),
    ],
)
def test_workflow_calls_are_told_from_others(asked: Request, answers: bool):
    """By the vendor's host name, or by what RPC calls have."""
    assert Wire().product.matches(asked) is answers


@pytest.mark.parametrize(
    ("parameters", "code", "named"),
    [
        ({"Action": "Dance"}, "ActionNotSupported", "Dance"),
        ({"Action": "PublishFlowVersion"}, "ActionNotSupported", "not offered"),
        ({}, "MissingRequiredParams", "Action"),
        ({"Action": "ListFlows", "Version": "2020-01-01"}, "APIVersionNotSupported", "2020-01-01"),
        ({"Action": "ListFlows", "Version": ""}, "MissingRequiredParams", "Version"),
        ({"Action": "ListFlows", "Format": "XML"}, "InvalidArgument", "Format"),
        ({"Action": "ListFlows", "Limit": "0"}, "InvalidArgument", "Limit must be an integer from 1 to 1000"),
        ({"Action": "CreateFlow", "Name": "f"}, "MissingRequiredParams", "Definition"),
        ({"Action": "CreateFlow", "Name": "f", "Definition": PASS, "Type": "X"}, "InvalidArgument", "Type"),
        ({"Action": "CreateFlow", "Name": "f", "Definition": PASS, "Environment": "[]"}, "InvalidArgument", "Environ"),
        ({"Action": "StartExecution", "FlowName": "f", "Qualifier": "prod"}, "ActionNotSupported", "Qualifier"),
        ({"Action": "DescribeFlow", "Name": "f", "FlowVersion": "2"}, "ActionNotSupported", "FlowVersion"),
        ({"Action": "ListExecutions", "FlowName": "f", "MapRunName": "m"}, "ActionNotSupported", "MapRunName"),
        ({"Action": "ReportTaskFailed", "TaskToken": "t", "Error": "e" * 129}, "InvalidArgument", "at most 128"),
        ({"Action": "DescribeExecution", "FlowName": "f", "ExecutionName": "e", "WaitTimeSeconds": "61"},
         "InvalidArgument", "WaitTimeSeconds must be an integer from 0 to 60"),
    ],
)  # fmt: skip
def test_a_bad_call_is_told_what_is_wrong(parameters: dict[str, str], code: str, named: str):
    """Status 400, the contract's code, and a message that names the culprit."""

    async def main() -> None:
        status, body = await Wire().call("POST", **parameters)
        assert (status, body["Code"]) == (400, code)
        assert named in body["Message"]
        assert set(body) == {"RequestId", "HostId", "Code", "Message"}

    run(main())


def test_only_get_and_post_are_spoken():
    """Others are refused, signed or not."""

    async def main() -> None:
        status, body = await Wire().call("DELETE", Action="ListFlows")
        assert (status, body["Code"]) == (400, "InvalidArgument")

    run(main())


def test_an_unsigned_call_is_refused():
    """The first missing parameter is named."""

    async def main() -> None:
        status, body = await Wire().send("GET", "Action=ListFlows")
        assert (status, body["Code"]) == (400, "MissingRequiredParams")
        assert "AccessKeyId" in body["Message"]

    run(main())


def test_a_function_may_use_flows_but_not_change_them():
    """Temporary credentials of a function reach executions, not definitions."""

    async def main() -> None:
        wire = Wire()
        credentials = wire.temporary.issue(ACCOUNT, "svc/fn")
        key = AccessKey(ACCOUNT, credentials.access_key_id, credentials.access_key_secret)
        for action, status in (("ListFlows", 200), ("DeleteFlow", 403)):
            sent = {"Action": action, "Name": "f", "SecurityToken": credentials.security_token}
            assert (await wire.send("POST", wire.signed(sent, "POST", key)))[0] == status

    run(main())


def test_a_body_over_the_limit_is_refused_before_it_is_parsed():
    """Three bytes for each one of the payload, as percent-encoding takes at worst."""

    async def main() -> None:
        wire = Wire()
        query = wire.signed({"Action": "StartExecution"}, "POST")
        status, body = await wire.send("POST", query, b"x" * (ENCODED_BYTES + 1))
        assert (status, body["Code"]) == (400, "EntityTooLarge")

    run(main())


def test_a_fault_of_ours_says_nothing_of_itself():
    """500 with the request's id; the detail is in the log."""
    answered = Wire().product.render_fault(request())
    assert answered.status == 500
    assert b"InternalServerError" in (answered.body if isinstance(answered.body, bytes) else b"")


def test_regions_are_the_one_that_this_is():
    """Its endpoint is the address that the client used."""

    async def main() -> None:
        status, body = await Wire().call(Action="DescribeRegions")
        region = {"RegionId": "cn-hangzhou", "LocalName": "cn-hangzhou", "RegionEndpoint": "127.0.0.1:7080"}
        assert (status, body["Regions"]) == (200, {"Region": [region]})

    run(main())


def test_a_list_may_leave_the_texts_out():
    """MetadataOnly spares input, output and definition."""

    async def main() -> None:
        wire = Wire()
        await wire.world.flow("f", PASS)
        await wire.world.start("f")
        _, body = await wire.call(Action="ListExecutions", FlowName="f", MetadataOnly="true")
        assert set(body["Executions"][0]) == {"FlowName", "Name", "Status", "StartedTime", "StoppedTime"}

    run(main())


def test_a_synchronous_start_answers_with_the_end():
    """Express flows only; errors have members of their own, `Code` stays out."""

    async def main() -> None:
        wire = Wire()
        failing = PASS.replace("type: pass, name: one", "type: fail, name: no, error: E, cause: C")
        await wire.call("POST", Action="CreateFlow", Name="f", Definition=failing, ExecutionMode="Express")
        status, body = await wire.call("POST", Action="StartSyncExecution", FlowName="f", ExecutionName="run")
        assert (status, body["Status"], body["ErrorCode"], body["ErrorMessage"]) == (200, "Failed", "E", "C")
        assert body["Name"].startswith("run:")
        assert not {"Code", "Input", "FlowDefinition"} & set(body)
        assert (await wire.call("POST", Action="StartExecution", FlowName="f"))[1]["Code"] == "ActionNotSupported"

    run(main())

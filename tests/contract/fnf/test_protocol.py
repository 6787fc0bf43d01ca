"""How clients reach the API and how they are told apart: fnf contract, cases 1 to 4."""

import hashlib
import hmac
import json
import os
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from alibabacloud_fnf20190315 import models
from aliyunsdkcore.client import AcsClient
from aliyunsdkcore.profile import region_provider

from liuyun.testing.clock import FakeClock
from tests.contract.fnf.clients import REGION, Classic, new_client, refusal, request
from tests.contract.fnf.server import KEY, SECRET, FlowServer, flow_server
from tests.contract.node import node_modules, run_node

PASS = """
version: v1beta1
type: flow
steps:
  - type: pass
    name: one
"""
CALLBACK = """
version: v1
type: flow
steps:
  - type: task
    name: ask
    resourceArn: acs:mns:::/topics/questions/messages
    pattern: waitForCallback
    inputMappings:
      - {target: taskToken, source: $context.task.token}
    serviceParams: {MessageBody: $}
"""
HANDLER = """
import json, os, sys, requests
from aliyunsdkcore.client import AcsClient
from aliyunsdkfnf.request.v20190315.ReportTaskSucceededRequest import ReportTaskSucceededRequest
client = AcsClient(os.environ["KEY"], os.environ["SECRET"], "cn-hangzhou")
report = ReportTaskSucceededRequest()
report.set_TaskToken(os.environ["TOKEN"])
report.set_Output(json.dumps({"status": "success"}))
print(client.do_action_with_exception(report).decode())
print(requests.get(os.environ["ELSEWHERE"]).text)
"""


def token_of(server: FlowServer) -> str:
    return json.loads(server.last_published().body)["taskToken"]


@contextmanager
def web_site() -> Iterator[str]:
    """Some other server; the platform must not see what is meant for it."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"elsewhere")

        def log_message(self, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


def test_an_unmodified_handler_reports_through_http_proxy(server: FlowServer, client: Classic):
    """Case 1: with `http_proxy` and `no_proxy=*` the SDK comes here and `requests` goes its own way."""
    server.services.topics.add("questions")
    client.create_flow("asking", CALLBACK)
    client.start("asking")
    with web_site() as elsewhere:
        proxy = {"http_proxy": f"http://127.0.0.1:{server.port}", "no_proxy": "*"}
        secrets = {"KEY": KEY, "SECRET": SECRET, "TOKEN": token_of(server), "ELSEWHERE": elsewhere}
        command = [sys.executable, "-W", "ignore", "-c", HANDLER]
        answer, page = subprocess.run(
            command, env={**os.environ, **proxy, **secrets}, capture_output=True, check=True, text=True, timeout=60
        ).stdout.splitlines()
    assert json.loads(answer)["EventId"] > 0
    assert page == "elsewhere"
    assert json.loads(client.describe("asking", wait_s=5)["Output"]) == {"status": "success"}


def test_add_endpoint_leads_here(client: Classic):
    """Case 2, first way."""
    assert client.call("ListFlows")["Flows"] == []


@pytest.mark.parametrize("scheme", ["", "http://"])
def test_set_endpoint_leads_here(server: FlowServer, scheme: str):
    """Case 2, second way: per request, with and without the scheme."""
    listing = request("ListFlows")
    listing.set_endpoint(f"{scheme}127.0.0.1:{server.port}")
    acs = AcsClient(KEY, SECRET, REGION)
    assert json.loads(acs.do_action_with_exception(listing) or "")["Flows"] == []


def test_modify_point_leads_here(server: FlowServer):
    """Case 2, third way: for every client of the process."""
    region_provider.modify_point("fnf", "cn-shanghai", f"127.0.0.1:{server.port}")
    acs = AcsClient(KEY, SECRET, "cn-shanghai")
    assert json.loads(acs.do_action_with_exception(request("ListFlows")) or "")["Flows"] == []


def test_the_new_sdk_reads_every_field(server: FlowServer):
    """Case 3 with alibabacloud-fnf20190315."""
    client = new_client(server.port)
    made: Any = client.create_flow(
        models.CreateFlowRequest(name="f", definition=PASS, description="d", type="FDL")
    ).body
    told = client.describe_flow(models.DescribeFlowRequest(name="f")).body
    assert (told.name, told.definition, told.description, told.id) == ("f", PASS, "d", made.id)
    assert made.request_id
    assert made.created_time.endswith("Z")
    assert made.execution_mode == "Standard"
    begun: Any = client.start_execution(models.StartExecutionRequest(flow_name="f", input='{"a": 1}')).body
    assert (begun.flow_name, begun.input, begun.status) == ("f", '{"a": 1}', "")
    ended = client.describe_execution(
        models.DescribeExecutionRequest(flow_name="f", execution_name=begun.name, wait_time_seconds=5)
    ).body
    assert (ended.status, ended.output) == ("Succeeded", "{}")


def test_the_new_sdk_reads_environments(server: FlowServer):
    """Variables of a flow come back with the flow and with its executions."""
    client = new_client(server.port)
    variable = models.CreateFlowRequestEnvironmentVariables(name="STAGE", value="test", description="where")
    environment = models.CreateFlowRequestEnvironment(variables=[variable])
    flow = models.CreateFlowRequest(name="f", definition=PASS, description="d", type="FDL", environment=environment)
    told = client.create_flow(flow).body.environment.variables[0]
    assert (told.name, told.value, told.description) == ("STAGE", "test", "where")
    begun: Any = client.start_execution(models.StartExecutionRequest(flow_name="f")).body
    which = models.DescribeExecutionRequest(flow_name="f", execution_name=begun.name)
    assert client.describe_execution(which).body.environment.variables[0].value == "test"


def test_the_node_sdk_reads_every_field(server: FlowServer):
    """Case 3 with @alicloud/fnf-2019-03-15, which keeps everything in the body and throws on any `Code`."""
    script = """
    const Fnf = require("@alicloud/fnf-2019-03-15");
    const client = new Fnf({accessKeyId: process.env.KEY, accessKeySecret: process.env.SECRET,
                            endpoint: process.env.ENDPOINT});
    (async () => {
      const made = await client.createFlow({Name: "f", Definition: process.env.FLOW, Description: "d", Type: "FDL"});
      const told = await client.describeFlow({Name: "f"});
      const begun = await client.startExecution({FlowName: "f", Input: '{"a": "b c"}'});
      const ended = await client.describeExecution({FlowName: "f", ExecutionName: begun.Name, WaitTimeSeconds: 5});
      const lost = await client.describeFlow({Name: "none"}).catch((error) => error);
      console.log(JSON.stringify({made, told, begun, ended, lost: [lost.name, lost.code]}));
    })();
    """
    env = {"KEY": KEY, "SECRET": SECRET, "ENDPOINT": f"http://127.0.0.1:{server.port}", "FLOW": PASS}
    got = json.loads(run_node(script, {**env, "NODE_PATH": str(node_modules("@alicloud/fnf-2019-03-15@1.2.0"))}))
    assert got["told"]["Definition"] == PASS
    assert got["told"]["Id"] == got["made"]["Id"]
    assert (got["begun"]["Status"], got["begun"]["Input"], got["ended"]["Status"]) == ("", '{"a": "b c"}', "Succeeded")
    assert got["lost"] == ["FlowNotExistsError", "FlowNotExists"]


def test_a_wrong_secret_is_a_wrong_signature(server: FlowServer):
    """Case 4; the message shows what the server signed."""
    client = Classic(server.port, secret="wrong")
    status, code, message = refusal(lambda: client.call("ListFlows"))
    assert (status, code) == (403, "SignatureNotMatch")
    assert "server string to sign is:GET&%2F&AccessKeyId" in message


def test_an_unknown_key_is_refused(server: FlowServer):
    """Case 4."""
    client = Classic(server.port, key="nobody")
    assert refusal(lambda: client.call("ListFlows"))[:2] == (403, "InvalidAccessKeyID")


def test_a_clock_twenty_minutes_off_is_refused():
    """Case 4."""
    late = FakeClock(start=round((datetime.now(UTC).timestamp() + 20 * 60) * 1000))
    with flow_server(clock=late) as server:
        assert refusal(lambda: Classic(server.port).call("ListFlows"))[:2] == (403, "RequestTimeTooSkewed")


def acs3_headers(action: str, query: str) -> dict[str, str]:
    signed = {
        "host": "127.0.0.1",
        "x-acs-action": action,
        "x-acs-content-sha256": hashlib.sha256(b"").hexdigest(),
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": os.urandom(8).hex(),
        "x-acs-version": "2019-03-15",
    }
    names = ";".join(signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed.items())
    canonical = "\n".join(("GET", "/", query, lines, names, signed["x-acs-content-sha256"]))
    text = "ACS3-HMAC-SHA256\n" + hashlib.sha256(canonical.encode()).hexdigest()
    signature = hmac.digest(SECRET.encode(), text.encode(), "sha256").hex()
    scheme = f"ACS3-HMAC-SHA256 Credential={KEY},SignedHeaders={names},Signature={signature}"
    return {**signed, "Authorization": scheme}


def test_acs3_requests_name_their_action_in_headers(server: FlowServer, client: Classic):
    """Case 4: the scheme of the newer generated SDKs."""
    client.create_flow("f", PASS)
    call = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/?Name=f", headers=acs3_headers("DescribeFlow", "Name=f")
    )
    with urllib.request.urlopen(call, timeout=10) as answer:
        body = json.load(answer)
    assert body["Name"] == "f"
    assert body["RequestId"]


def test_a_replayed_request_is_refused(server: FlowServer):
    """A nonce serves once."""
    headers = acs3_headers("ListFlows", "")
    url = f"http://127.0.0.1:{server.port}/"
    urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10).close()
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=10)
    assert json.load(caught.value)["Code"] == "SignatureNonceUsed"
    caught.value.close()

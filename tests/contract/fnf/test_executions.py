"""Executions: fnf contract, cases 8, 9, 11, 27, 28 and 29."""

import asyncio
import json
import socket
import time
from urllib.parse import urlencode
from uuid import uuid4

import pytest

from liuyun.clock import rfc3339
from liuyun.identity.signatures import rpc
from tests.contract.fnf.clients import Classic, refusal
from tests.contract.fnf.server import KEY, SECRET, FlowServer

TWO = """
version: v1beta1
type: flow
steps:
  - {type: pass, name: pass1}
  - {type: pass, name: pass2}
"""
WAIT = """
version: v1
type: flow
steps:
  - {type: wait, name: rest, duration: 10}
"""
CALL = """
version: v1
type: flow
steps:
  - {type: task, name: call, resourceArn: 'acs:fc:::services/svc/functions/fn'}
"""


def test_a_start_answers_at_once_and_a_wait_ends_with_the_execution(server: FlowServer, client: Classic):
    """Case 8."""
    client.create_flow("f", TWO)
    begun = client.start("f")
    assert (begun["Status"], begun["Output"], begun["StoppedTime"]) == ("", "", "")
    assert (begun["FlowDefinition"], begun["Input"], begun["FlowName"], begun["Name"]) == (TWO, "{}", "f", "run")
    before = time.monotonic()
    assert client.describe("f", wait_s=5)["Status"] == "Succeeded"
    assert time.monotonic() - before < 2


def test_a_name_is_made_where_none_is_given(client: Classic):
    """It can be asked for afterwards."""
    client.create_flow("f", TWO)
    name = client.call("StartExecution", FlowName="f")["Name"]
    assert client.describe("f", name)["Status"] == "Succeeded"


def test_a_running_name_is_the_same_execution(server: FlowServer, client: Classic):
    """Case 9: started again it is not a new one; once it has ended, the name is burnt."""
    client.create_flow("f", WAIT)
    first = client.start("f", value={"a": 1})
    again = client.start("f", value={"a": 2})
    assert (again["StartedTime"], again["Input"], again["Status"]) == (first["StartedTime"], first["Input"], "Running")
    server.advance(11)
    assert refusal(lambda: client.start("f"))[:2] == (400, "ExecutionAlreadyExists")


def test_the_history_of_two_passes_is_the_documented_one(client: Classic):
    """Case 11: ids, types, what follows from what, and details."""
    client.run("f", TWO)
    told = [
        (event["EventId"], event["Type"], event["StepName"], event["ScheduleEventId"], event["EventDetail"])
        for event in client.history("f")
    ]
    assert told == [
        (1, "ExecutionStarted", "", 0, '{"input":{}}'),
        (2, "StepEntered", "pass1", 1, '{"input":{},"local":{}}'),
        (3, "StepStarted", "pass1", 2, '{"input":{}}'),
        (4, "StepSucceeded", "pass1", 3, '{"output":{}}'),
        (5, "StepExited", "pass1", 4, '{"local":{}}'),
        (6, "StepEntered", "pass2", 5, '{"input":{},"local":{}}'),
        (7, "StepStarted", "pass2", 6, '{"input":{}}'),
        (8, "StepSucceeded", "pass2", 7, '{"output":{}}'),
        (9, "StepExited", "pass2", 8, '{"local":{}}'),
        (10, "ExecutionSucceeded", "", 9, '{"output":{}}'),
    ]


def test_the_history_is_the_same_page_by_page(client: Classic):
    """Case 11 with Limit=3."""
    client.run("f", TWO)
    pages: list[dict] = []
    token: dict[str, str] = {}
    while not pages or token:
        page = client.call("GetExecutionHistory", FlowName="f", ExecutionName="run", Limit=3, **token)
        pages += page["Events"]
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else {}
    assert pages == client.history("f")


def test_a_stopped_execution_stays_stopped(client: Classic):
    """Case 27."""
    client.create_flow("f", WAIT)
    client.start("f")
    answer = client.call("StopExecution", FlowName="f", ExecutionName="run", Error="Enough", Cause="of this")
    assert answer["Status"] == "Running"
    assert answer["StoppedTime"] != ""
    assert client.describe("f")["Status"] == "Stopped"
    last = client.history("f")[-1]
    assert (last["Type"], json.loads(last["EventDetail"])["error"]) == ("ExecutionStopped", "Enough")
    again = refusal(lambda: client.call("StopExecution", FlowName="f", ExecutionName="run"))
    assert again[:2] == (400, "ExecutionAlreadyCompleted")


def test_a_flow_has_its_time(server: FlowServer, client: Classic):
    """Case 28: a flow of two seconds with a wait of ten."""
    client.create_flow("f", WAIT.replace("type: flow", "type: flow\ntimeoutSeconds: 2"))
    client.start("f")
    server.advance(3)
    assert client.describe("f")["Status"] == "TimedOut"
    assert client.history("f")[-1]["Type"] == "ExecutionTimedOut"


def test_a_result_over_the_limit_fails_the_execution(server: FlowServer, client: Classic):
    """Case 29: 33 KiB, with an error that says so."""
    server.services.functions["svc/fn"] = lambda event: {"text": "x" * 33 * 1024}
    assert client.run("f", CALL)["Status"] == "Failed"
    detail = json.loads(client.history("f")[-1]["EventDetail"])
    assert "32768" in detail["cause"] or "32 KiB" in detail["cause"]


def test_a_request_over_the_limit_is_refused(client: Classic):
    """Case 29: an input of more than 1 MiB."""
    client.create_flow("f", TWO)
    assert refusal(lambda: client.start("f", value={"text": "x" * 1024 * 1024}))[:2] == (400, "EntityTooLarge")


@pytest.mark.parametrize("text", ["[1]", "nope", '"text"', "{", "[" * 10_000])
def test_an_input_must_be_a_json_object(client: Classic, text: str):
    """Anything else is InvalidArgument and starts nothing."""
    client.create_flow("f", TWO)
    begin = {"FlowName": "f", "ExecutionName": "run", "Input": text}
    assert refusal(lambda: client.call("StartExecution", **begin))[:2] == (400, "InvalidArgument")
    assert client.call("ListExecutions", FlowName="f")["Executions"] == []


def test_executions_are_listed_newest_first_and_filtered(server: FlowServer, client: Classic):
    """By status, start and name; page by page."""
    client.create_flow("f", WAIT)
    for name in ("a1", "a2", "b1"):
        client.start("f", name)
        server.advance(1)
    client.call("StopExecution", FlowName="f", ExecutionName="a2")

    def names(**wanted) -> list[str]:
        return [entry["Name"] for entry in client.call("ListExecutions", FlowName="f", **wanted)["Executions"]]

    assert names() == ["b1", "a2", "a1"]
    assert names(Status="Running") == ["b1", "a1"]
    assert names(ExecutionNamePrefix="a") == ["a2", "a1"]
    started = client.describe("f", "a2")["StartedTime"]
    assert (names(StartedTimeBegin=started), names(StartedTimeEnd=started)) == (["b1", "a2"], ["a2", "a1"])
    page = client.call("ListExecutions", FlowName="f", Limit=2)
    assert names(Limit=2, NextToken=page["NextToken"]) == ["a1"]


def test_a_client_that_leaves_during_a_wait_takes_it_along(server: FlowServer, client: Classic):
    """Whether it waits for an execution that ran, or for one that it has just started."""
    client.create_flow("f", WAIT)
    client.call("CreateFlow", Name="x", Definition=WAIT, Description="a test", Type="FDL", ExecutionMode="Express")
    client.start("f")
    for parameters in (
        {"Action": "DescribeExecution", "FlowName": "f", "ExecutionName": "run", "WaitTimeSeconds": "60"},
        {"Action": "StartSyncExecution", "FlowName": "x"},
    ):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(f"GET /?{signed(server, parameters)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            server.run(watched(server, 1))
        server.run(watched(server, 0))


def test_a_wait_is_as_long_whatever_the_clock_is_set_to(server: FlowServer, client: Classic):
    """It ends with its span, and shows the execution as it is then."""
    client.create_flow("f", WAIT)
    client.start("f")
    server.run(server.clock.set_by(-3600))
    wait = {"Action": "DescribeExecution", "FlowName": "f", "ExecutionName": "run", "WaitTimeSeconds": "5"}
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(f"GET /?{signed(server, wait)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        server.run(watched(server, 1))
        server.advance(6)
        assert b'"Status":"Running"' in connection.recv(65536)


def signed(server: FlowServer, parameters: dict[str, str]) -> str:
    system = {
        "Version": "2019-03-15",
        "AccessKeyId": KEY,
        "Timestamp": rfc3339(server.clock.now())[:19] + "Z",
        "SignatureNonce": uuid4().hex,
        **parameters,
    }
    return urlencode({**system, "Signature": rpc.sign(SECRET, rpc.string_to_sign("GET", list(system.items())))})


async def watched(server: FlowServer, executions: int) -> None:
    """Returns when so many executions are waited for."""
    async with asyncio.timeout(10):
        while server.workflow.statistics()["watched"] != executions:  # noqa: ASYNC110 - of which nobody tells
            await asyncio.sleep(0)

"""Flows: fnf contract, cases 5, 6, 7 and 10."""

import pytest

from tests.contract.fnf.clients import Classic, refusal
from tests.contract.fnf.server import FlowServer

PASS = """
version: v1beta1
type: flow
steps:
  - type: pass
    name: one
    outputMappings:
      - {target: said, source: first}
"""
WAIT = """
version: v1
type: flow
steps:
  - {type: wait, name: rest, duration: 10}
  - {type: pass, name: say, outputMappings: [{target: said, source: %s}]}
"""


def test_a_name_is_taken_once(client: Classic):
    """Case 5, and a flow that isn't there."""
    client.create_flow("f", PASS)
    assert refusal(lambda: client.create_flow("f", PASS)) == (409, "FlowAlreadyExists", "Flow f already exists.")
    unknown = refusal(lambda: client.call("DescribeFlow", Name="none"))
    assert unknown == (404, "FlowNotExists", "Flow  none does not exist.")


STEP = "version: v1\ntype: flow\nsteps:\n"


@pytest.mark.parametrize(
    ("definition", "named"),
    [
        ("steps: [", ""),
        (STEP + "  - {type: dance, name: first}\n", "first"),
        (STEP + "  - {type: choice, name: pick, choices: [{condition: '$.a == 1', goto: nowhere}]}\n", "nowhere"),
        (STEP + "  - {type: pass, name: twin}\n  - {type: pass, name: twin}\n", "twin"),
        (STEP + "  - {type: choice, name: pick, choices: [{condition: '$.a ===', goto: end}]}\n", "pick"),
    ],
)
def test_a_definition_that_can_not_run_is_refused(client: Classic, definition: str, named: str):
    """Case 6: the message names the step; nothing is stored."""
    status, code, message = refusal(lambda: client.create_flow("f", definition))
    assert (status, code) == (400, "InvalidArgument")
    assert named in message
    assert client.call("ListFlows")["Flows"] == []


def test_all_problems_are_told_at_once(client: Classic):
    """Nobody should have to fix one to see the next."""
    definition = STEP + "  - {type: dance, name: first}\n  - {type: wait, name: second}\n"
    _, _, message = refusal(lambda: client.create_flow("f", definition))
    assert "first" in message
    assert "second" in message


@pytest.mark.parametrize("version", ["v1", "v1beta1"])
def test_both_versions_mean_the_same(client: Classic, version: str):
    """Case 7."""
    ended = client.run("f", PASS.replace("v1beta1", version))
    assert (ended["Status"], ended["Output"]) == ("Succeeded", '{"said":"first"}')


def test_an_update_leaves_running_executions_alone(server: FlowServer, client: Classic):
    """Case 10: they keep the definition that they began with; new ones get the new one."""
    client.create_flow("f", WAIT % "old")
    client.start("f", "before")
    client.call("UpdateFlow", Name="f", Definition=WAIT % "new")
    client.start("f", "after")
    server.advance(11)
    assert client.describe("f", "before")["Output"] == '{"said":"old"}'
    assert client.describe("f", "before")["FlowDefinition"] == WAIT % "old"
    assert client.describe("f", "after")["Output"] == '{"said":"new"}'


def test_an_update_changes_what_it_names(client: Classic):
    """The rest stays as it was."""
    made = client.create_flow("f", PASS)
    client.call("UpdateFlow", Name="f", Description="better")
    told = client.call("DescribeFlow", Name="f")
    assert (told["Description"], told["Definition"], told["Id"]) == ("better", PASS, made["Id"])


def test_flows_are_listed_page_by_page(client: Classic):
    """NextToken leads on and is absent on the last page."""
    for name in ("c", "a", "b"):
        client.create_flow(name, PASS)
    first = client.call("ListFlows", Limit=2)
    second = client.call("ListFlows", Limit=2, NextToken=first["NextToken"])
    assert [flow["Name"] for flow in first["Flows"] + second["Flows"]] == ["a", "b", "c"]
    assert "NextToken" not in second


def test_a_deleted_flow_takes_its_executions_along(server: FlowServer, client: Classic):
    """Not even a new flow of the same name brings them back; what still ran is stopped."""
    client.create_flow("f", WAIT % "old")
    client.start("f", "old")
    client.call("DeleteFlow", Name="f")
    assert refusal(lambda: client.describe("f", "old"))[1] == "FlowNotExists"
    client.create_flow("f", PASS)
    assert client.call("ListExecutions", FlowName="f")["Executions"] == []
    assert refusal(lambda: client.describe("f", "old"))[1] == "ExecutionNotExists"
    assert client.start("f", "old")["Status"] == ""


@pytest.mark.parametrize(
    ("name", "code"), [("", "MissingRequiredParams"), ("1st", "InvalidArgument"), ("a" * 129, "InvalidArgument")]
)
def test_names_follow_the_rule(client: Classic, name: str, code: str):
    """Letters, digits, _ and -, 1 to 128 of them, no digit first."""
    assert refusal(lambda: client.create_flow(name, PASS))[:2] == (400, code)


def test_what_comes_later_says_so(client: Classic):
    """Schedules are part of the API but not offered yet."""
    schedule = {"FlowName": "f", "ScheduleName": "s", "CronExpression": "0 * * * * *"}
    status, code, message = refusal(lambda: client.call("CreateSchedule", **schedule))
    assert (status, code) == (400, "ActionNotSupported")
    assert "CreateSchedule" in message

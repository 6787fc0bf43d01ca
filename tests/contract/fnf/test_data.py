"""Data and control: fnf contract, cases 12, 13, 17 and 18."""

import json
from typing import Any

import pytest

from tests.contract.fnf.clients import Classic
from tests.contract.fnf.server import FlowServer

CONSTANTS = """
version: v1
type: flow
steps:
  - type: pass
    name: constants
    outputMappings:
      - {target: number, source: 1.5}
      - {target: whole, source: 3}
      - {target: truth, source: true}
      - {target: object, source: {}}
      - {target: list, source: []}
      - {target: text, source: ""}
      - {target: word, source: hello}
"""
MERGE = """
version: v1
type: flow
steps:
  - {type: pass, name: first, outputMappings: [{target: key, source: first}, {target: from, source: $input.key}]}
  - {type: pass, name: second, outputMappings: [{target: key, source: second}, {target: seen, source: $input.key}]}
"""
CHOICE = """
version: v1
type: flow
steps:
  - type: choice
    name: size
    choices:
      - condition: $.total_size <= $.small_file_limit && $.total_size > 0
        steps: [{type: pass, name: small, outputMappings: [{target: is, source: small}]}]
      - condition: $.total_size > $.small_file_limit
        steps: [{type: pass, name: big, outputMappings: [{target: is, source: big}]}]
  - {type: pass, name: after, outputMappings: [{target: after, source: true}]}
"""
LOOP = """
version: v1
type: flow
steps:
  - type: task
    name: count
    resourceArn: acs:fc:::services/svc/functions/count
    outputMappings: [{target: n, source: $local.n}]
  - type: choice
    name: again
    choices: [{condition: $.n < 4, goto: count}]
    default: {goto: done}
  - {type: pass, name: never}
  - {type: pass, name: done, outputMappings: [{target: total, source: $input.n}]}
"""


def output(execution: dict[str, Any]) -> Any:
    assert execution["Status"] == "Succeeded"
    return json.loads(execution["Output"])


def test_constants_keep_their_types(client: Classic):
    """Case 12."""
    expected = {"number": 1.5, "whole": 3, "truth": True, "object": {}, "list": [], "text": "", "word": "hello"}
    assert output(client.run("f", CONSTANTS)) == expected


def test_local_wins_over_input_and_later_over_earlier(client: Classic):
    """Case 13."""
    told = output(client.run("f", MERGE, {"key": "input"}))
    assert told == {"key": "second", "from": "input", "seen": "first"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"total_size": 1, "small_file_limit": 5}, {"is": "small", "after": True}),
        ({"total_size": 9, "small_file_limit": 5}, {"is": "big", "after": True}),
        ({"total_size": -1, "small_file_limit": 5}, {"after": True}),
        ({"total_size": 1}, {"after": True}),
    ],
)
def test_the_first_true_branch_runs(client: Classic, value: Any, expected: Any):
    """Case 17: `&&` and two paths; with no match and no default the next step follows; a missing path is false."""
    assert output(client.run("f", CHOICE, value)) == expected


def test_a_goto_backwards_is_a_loop(server: FlowServer, client: Classic):
    """Case 18."""
    server.services.functions["svc/count"] = lambda event: {"n": event.get("n", 0) + 1}
    assert output(client.run("f", LOOP))["total"] == 4
    assert len(server.services.invoked) == 4

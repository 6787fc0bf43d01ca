"""A restart in the middle: fnf contract, case 31."""

import json
from pathlib import Path

from tests.contract.fnf.clients import Classic
from tests.contract.fnf.server import flow_server
from tests.contract.fnf.test_failures import CALLBACK

WAIT = """
version: v1
type: flow
steps:
  - {type: wait, name: rest, duration: 10}
"""


def test_a_wait_survives_a_restart(tmp_path: Path):
    """It ends when it would have ended, or at once if that has passed."""
    with flow_server(tmp_path) as server:
        client = Classic(server.port)
        client.create_flow("f", WAIT)
        client.start("f")
    with flow_server(tmp_path, server.clock) as server:
        client = Classic(server.port)
        assert client.describe("f")["Status"] == "Running"
        server.advance(11)
        assert client.describe("f", wait_s=5)["Status"] == "Succeeded"


def test_a_token_survives_a_restart(tmp_path: Path):
    """The task goes on waiting, and what was handed out before is still good."""
    with flow_server(tmp_path) as server:
        server.services.topics.add("questions")
        client = Classic(server.port)
        client.create_flow("f", CALLBACK)
        client.start("f")
        while not server.services.published:
            server.advance(0)
        token = json.loads(server.services.published[-1].body)["taskToken"]
    with flow_server(tmp_path, server.clock) as server:
        client = Classic(server.port)
        client.call("ReportTaskSucceeded", TaskToken=token, Output='{"answer": 42}')
        assert json.loads(client.describe("f", wait_s=5)["Output"]) == {"answer": 42}

"""Errors, retries, callbacks: fnf contract, cases 19 to 23."""

import json
from typing import Any

import pytest

from tests.contract.fnf.clients import Classic, refusal
from tests.contract.fnf.server import FlowServer

CATCH = """
version: v1
type: flow
steps:
  - type: task
    name: book
    resourceArn: acs:fc:::services/trip/functions/book
    errorMappings:
      - {target: error, source: $local.error}
      - {target: cause, source: $local.cause}
    %s
    catch: [{errors: [%s], goto: undo}]
  - {type: succeed, name: booked}
  - type: pass
    name: undo
    outputMappings: [{target: error, source: $input.error}, {target: cause, source: $input.cause}]
"""
RETRY = "retry: [{errors: [FC.Unknown], intervalSeconds: 1, maxAttempts: 2, multiplier: 2}]"
CALLBACK = """
version: v1
type: flow
steps:
  - type: task
    name: ask
    resourceArn: acs:mns:::/topics/questions/messages
    pattern: waitForCallback
    timeoutSeconds: 2
    inputMappings: [{target: taskToken, source: $context.task.token}]
    serviceParams: {MessageBody: $}
    errorMappings: [{target: cause, source: $local.cause}]
    catch: [{errors: [E, FnF.TaskTimeout], goto: sorry}]
  - {type: succeed, name: thanks}
  - {type: pass, name: sorry, outputMappings: [{target: cause, source: $input.cause}, {target: sorry, source: true}]}
"""


class BookHotelError(Exception):
    pass


def fail(event: Any) -> Any:
    raise BookHotelError("no room")


def output(execution: dict[str, Any]) -> Any:
    assert execution["Status"] == "Succeeded"
    return json.loads(execution["Output"])


def ask(server: FlowServer, client: Classic) -> str:
    """Starts the flow that asks, and reads the task token from the question."""
    server.services.topics.add("questions")
    client.create_flow("f", CALLBACK)
    client.start("f")
    return json.loads(server.last_published().body)["taskToken"]


def report(client: Classic, token: str, output: str = "{}") -> dict[str, Any]:
    return client.call("ReportTaskSucceeded", TaskToken=token, Output=output)


def test_a_raised_class_is_caught_by_its_name(server: FlowServer, client: Classic):
    """Case 19: errorMappings expose error and cause."""
    server.services.functions["trip/book"] = fail
    told = output(client.run("f", CATCH % ("", "BookHotelError")))
    assert told["error"] == "BookHotelError"
    assert "no room" in told["cause"]


def test_a_missing_function_is_caught_by_its_code(client: Classic):
    """A refused call has the name FC.{ErrorCode}."""
    assert output(client.run("f", CATCH % ("", "FC.FunctionNotFound")))["error"] == "FC.FunctionNotFound"


def test_retries_come_at_growing_intervals_and_then_the_catch(server: FlowServer, client: Classic):
    """Case 20: exactly three invocations, 1 s and 2 s apart."""
    begun_at = server.clock.now()
    times: list[int] = []

    def crash(event: Any) -> Any:
        times.append((server.clock.now() - begun_at) // 1000)
        raise Unknown

    server.services.functions["trip/book"] = crash
    client.create_flow("f", CATCH % (RETRY.replace("FC.Unknown", "Unknown"), "Unknown"))
    client.start("f")
    server.advance(10)
    assert times == [0, 1, 3]
    assert output(client.describe("f"))["error"] == "Unknown"


class Unknown(Exception):
    pass


def test_a_callback_that_does_not_come_times_out(server: FlowServer, client: Classic):
    """Case 21: FnF.TaskTimeout can be caught; a report after it is too late."""
    token = ask(server, client)
    server.advance(3)
    assert output(client.describe("f"))["sorry"] is True
    assert refusal(lambda: report(client, token))[:2] == (400, "TaskAlreadyCompleted")


def test_a_token_serves_once(server: FlowServer, client: Classic):
    """Case 22; the output of the report is the step's."""
    token = ask(server, client)
    assert report(client, token, '{"answer": 42}')["EventId"] > 0
    assert refusal(lambda: report(client, token))[:2] == (400, "TaskAlreadyCompleted")
    assert output(client.describe("f", wait_s=5)) == {"answer": 42}


@pytest.mark.parametrize("token", ["tok=/+ A", "流", "x" * 3000])
def test_garbage_is_no_token(client: Classic, token: str):
    """Case 22."""
    assert refusal(lambda: report(client, token))[:2] == (400, "InvalidArgument")


def test_a_reported_failure_is_caught(server: FlowServer, client: Classic):
    """Case 23: `$local.cause` is the report's cause."""
    token = ask(server, client)
    client.call("ReportTaskFailed", TaskToken=token, Error="E", Cause="C")
    assert output(client.describe("f", wait_s=5)) == {"cause": "C", "sorry": True}


def test_a_report_must_be_json(server: FlowServer, client: Classic):
    """A bad one is refused and leaves the task open."""
    token = ask(server, client)
    assert refusal(lambda: report(client, token, "nope"))[:2] == (400, "InvalidArgument")
    assert client.describe("f")["Status"] == "Running"

"""HTTP triggers of functions without services, on built-in runtimes. Acceptance case 21 of fc contract 8."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests

from liuyun.testing.platform import Running
from tests.contract.fc.clients import zip_text
from tests.contract.fc.tea import fc3_client, fc3_models

numbers = count(1)
PYTHON = """
import json
def handler(event, context):
    event = json.loads(event)
    headers = {"X-Path": event["rawPath"], "Content-Type": "application/json", "Set-Cookie": ["a=1", "b=2"]}
    return {"statusCode": 201, "headers": headers, "isBase64Encoded": False, "body": json.dumps(event)}
"""
SCRIPT = """
exports.handler = async (event) => {
    event = JSON.parse(event);
    const headers = { 'X-Path': event.rawPath, 'Content-Type': 'application/json', 'Set-Cookie': ['a=1', 'b=2'] };
    return { statusCode: 201, headers, isBase64Encoded: false, body: JSON.stringify(event) };
};
"""
BINARY = """
def handler(event, context):
    return bytes(range(256))
"""


@pytest.fixture
def url(running: Running) -> Iterator[Any]:
    """Deploys a function with an HTTP trigger and gives its URL."""
    client = fc3_client(running)
    made: list[str] = []

    def deploy(runtime: str, **files: str) -> str:
        name = f"event{next(numbers)}"
        package = fc3_models.InputCodeLocation(
            zip_file=zip_text({f"index.{kind}": text for kind, text in files.items()})
        )
        function = fc3_models.CreateFunctionInput(
            function_name=name, runtime=runtime, handler="index.handler", code=package, timeout=10
        )
        client.create_function(fc3_models.CreateFunctionRequest(body=function))
        made.append(name)
        config = json.dumps({"authType": "anonymous", "methods": ["GET", "POST"]})
        trigger = fc3_models.CreateTriggerInput(trigger_name="web", trigger_type="http", trigger_config=config)
        client.create_trigger(name, fc3_models.CreateTriggerRequest(body=trigger))
        return f"{running.endpoint}/2023-03-30/proxy/{name}"

    yield deploy
    for name in made:
        client.delete_trigger(name, "web")
        client.delete_function(name)


@pytest.mark.parametrize(("runtime", "files"), [("python3.10", {"py": PYTHON}), ("nodejs20", {"js": SCRIPT})])
def test_case_21_a_request_is_an_event(url: Any, runtime: str, files: dict[str, str]):
    """The event is the contract's, and what the handler returned is the answer."""
    address = url(runtime, **files)
    answer = requests.get(f"{address}/x%20y?a=1&a=2", headers={"X-Mine": "1", "User-Agent": "test"}, timeout=20)
    event = answer.json()
    assert (answer.status_code, answer.headers["X-Path"], answer.headers["Set-Cookie"]) == (201, "/x%20y", "a=1, b=2")
    assert (event["version"], event["rawPath"], event["queryParameters"]) == ("v1", "/x%20y", {"a": "1,2"})
    assert event["requestContext"]["http"]["path"] == "/x y"
    assert event["requestContext"]["http"]["userAgent"] == "test"
    assert (event["headers"]["X-Mine"], event["body"], event["isBase64Encoded"]) == ("1", "", False)
    assert event["requestContext"]["requestId"] == answer.headers["X-Fc-Request-Id"]


def test_binary_bodies_pass(url: Any):
    """In base64 to the handler; bytes that are no answer are the body."""
    address = url("python3.10", py=BINARY)
    answer = requests.post(f"{address}/", data=b"\xff\x00", timeout=20)
    assert (answer.status_code, answer.content) == (200, bytes(range(256)))


def test_a_bad_answer_is_a_bad_gateway(url: Any):
    """The caller sees the handler's mistake, and no half of an answer."""
    address = url("python3.10", py="def handler(event, context):\n    return {'statusCode': 'fine'}\n")
    answer = requests.get(f"{address}/", timeout=20)
    assert answer.status_code == 502
    assert "'statusCode'" in answer.json()["errorMessage"]


def test_a_function_answers_at_its_own_host_name(url: Any, running: Running):
    """The vendor's form for functions without a service; all of the path is the function's."""
    name = url("python3.10", py=PYTHON).rpartition("/")[2]
    host = {"Host": f"{name}.cn-hangzhou.fcapp.run"}
    answer = requests.get(f"{running.endpoint}/2016-08-15/x?qualifier=mine", headers=host, timeout=30)
    assert (answer.status_code, answer.headers["X-Path"]) == (201, "/2016-08-15/x")
    nobody = requests.get(running.endpoint, headers={"Host": "nobody.cn-hangzhou.fcapp.run"}, timeout=30)
    assert (nobody.status_code, nobody.json()["Code"]) == (404, "FunctionNotFound")


def test_an_alias_stands_in_the_path(url: Any, running: Running):
    """Behind the function's name, with a trigger of its own; a parameter called qualifier is the function's."""
    client = fc3_client(running)
    base = url("python3.10", py=PYTHON)
    name = base.rpartition("/")[2]
    version = client.publish_function_version(
        name, fc3_models.PublishFunctionVersionRequest(body=fc3_models.PublishVersionInput())
    ).body.version_id
    alias = fc3_models.CreateAliasInput(alias_name="prod", version_id=version)
    client.create_alias(name, fc3_models.CreateAliasRequest(body=alias))
    config = json.dumps({"authType": "anonymous", "methods": ["GET"]})
    trigger = fc3_models.CreateTriggerInput(
        trigger_name="prod", trigger_type="http", trigger_config=config, qualifier="prod"
    )
    client.create_trigger(name, fc3_models.CreateTriggerRequest(body=trigger))
    try:
        answer = requests.get(f"{base}.prod/x?qualifier=mine", timeout=30)
        assert answer.status_code == 201
        assert answer.json()["queryParameters"] == {"qualifier": "mine"}
        assert answer.headers["X-Fc-Invocation-Service-Version"] == version
    finally:
        client.delete_trigger(name, "prod")
        client.delete_alias(name, "prod")
        client.delete_function_version(name, version)

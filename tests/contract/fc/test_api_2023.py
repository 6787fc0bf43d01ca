"""The 2023-03-30 API through the vendor's Python client. Acceptance cases of fc contract 8: 4, 5, 6."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests

from liuyun.testing.platform import Running
from tests.contract.fc.clients import get_json, python, zip_text
from tests.contract.fc.tea import OPTIONS, fc3_client, refused
from tests.contract.fc.tea import fc3_models as models

numbers = count(1)
ECHO = "def handler(event, context):\n    return event[::-1]\n"
ROLE = "acs:ram::1234567890123456:role/test"


@pytest.fixture(scope="module")
def client(running: Running) -> Any:
    return fc3_client(running)


@pytest.fixture
def name(client: Any) -> Iterator[str]:
    name = f"new{next(numbers)}"
    yield name
    for trigger in client.list_triggers(name, models.ListTriggersRequest()).body.triggers:
        client.delete_trigger(name, trigger.trigger_name)
    client.delete_function(name)


def create(client: Any, name: str, text: str = ECHO, **members: Any) -> Any:
    given = {"runtime": "python3.10", "handler": "index.handler", "code": code(text), **members}
    function = models.CreateFunctionInput(function_name=name, **given)
    return client.create_function(models.CreateFunctionRequest(body=function))


def update(client: Any, name: str, **members: Any) -> Any:
    return client.update_function(name, models.UpdateFunctionRequest(body=models.UpdateFunctionInput(**members)))


def get(client: Any, name: str) -> Any:
    return client.get_function(name, models.GetFunctionRequest())


def code(text: str) -> object:
    return models.InputCodeLocation(zip_file=zip_text({"index.py": text}))


def test_case_4_a_function_is_made_without_a_service(client: Any, name: str):
    """What the caller says comes back, and what the API adds."""
    hook = models.LifecycleHook(handler="index.init", timeout=7)
    lifecycle = models.InstanceLifecycleConfig(initializer=hook)
    made = create(client, name, role=ROLE, memory_size=256, cpu=0.5, instance_lifecycle_config=lifecycle).body
    assert made.function_arn == f"acs:fc:cn-hangzhou:1234567890123456:functions/{name}"
    assert (made.state, made.last_update_status, made.role, made.cpu) == ("Active", "Successful", ROLE, 0.5)
    found = get(client, name).body
    assert (found.memory_size, found.timeout) == (256, 3)
    assert found.instance_lifecycle_config.initializer.handler == "index.init"
    assert found.created_time.endswith("Z")


def test_what_nobody_said_isnt_said(client: Any, name: str, running: Running):
    """`s deploy` asks about all that its caller didn't write; these members the tests of fc3 don't expect."""
    create(client, name)
    config = json.dumps({"cronExpression": "@every 60m", "enable": True})
    body = models.CreateTriggerInput(trigger_name="tick", trigger_type="timer", trigger_config=config)
    client.create_trigger(name, models.CreateTriggerRequest(body=body))
    path, older = f"/2023-03-30/functions/{name}", python(running)
    function = get_json(older, path)
    assert not {"layers", "tags", "cpu", "diskSize", "instanceConcurrency"} & function.keys()
    trigger = get_json(older, f"{path}/triggers/tick")
    assert not {"sourceArn", "targetArn", "invocationRole", "status"} & trigger.keys()


def test_custom_runtimes_say_how_many_calls_they_take(client: Any, name: str):
    """Also where it is one, since the tools send that for them."""
    assert create(client, name, runtime="custom").body.instance_concurrency == 1


def test_an_event_goes_in_and_comes_out(client: Any, name: str):
    """The body is a stream, raw both ways."""
    create(client, name)
    answer = client.invoke_function(name, models.InvokeFunctionRequest(body=b"hello", qualifier="LATEST"))
    assert answer.body.read() == b"olleh"
    assert answer.headers["x-fc-request-id"]


def test_a_change_leaves_the_rest(client: Any, name: str):
    """Both halves change: what is the function's inside, and what is its service's."""
    create(client, name, role=ROLE, description="a")
    changed = update(client, name, description="b", internet_access=False, code=code("handler = None\n")).body
    assert (changed.description, changed.internet_access, changed.role) == ("b", False, ROLE)
    assert changed.runtime == "python3.10"
    assert changed.last_modified_time >= changed.created_time


def test_functions_are_listed_by_name(client: Any, name: str):
    """A page at a time; the older API doesn't show their services."""
    create(client, name)
    create(client, name + "b")
    first = client.list_functions(models.ListFunctionsRequest(prefix=name, limit=1)).body
    assert [item.function_name for item in first.functions] == [name]
    request = models.ListFunctionsRequest(prefix=name, limit=1, next_token=first.next_token)
    second = client.list_functions(request).body
    assert [item.function_name for item in second.functions] == [name + "b"]
    assert not second.next_token
    client.delete_function(name + "b")


def test_the_older_api_sees_no_service_of_a_function(client: Any, name: str, running: Running):
    """It is neither listed nor found."""
    create(client, name)
    older = python(running)
    assert not [item for item in older.list_services().data["services"] if name in item["serviceName"]]
    url = f"{running.endpoint}/2016-08-15/proxy/@{name}/{name}/"
    assert requests.get(url, timeout=30).json()["ErrorCode"] == "ServiceNotFound"


def test_case_5_what_is_missing_is_named(client: Any):
    """On every way to it."""
    assert refused(lambda: get(client, "absent")).code == "FunctionNotFound"
    assert refused(lambda: client.delete_function("absent")).code == "FunctionNotFound"
    error = refused(lambda: client.invoke_function("absent", models.InvokeFunctionRequest()))
    assert (error.code, error.status_code) == ("FunctionNotFound", 404)
    assert "function 'absent' does not exist" in error.message


def test_a_name_is_taken_once(client: Any, name: str):
    """A second creation changes nothing, not even the role."""
    create(client, name, role=ROLE)
    assert refused(lambda: create(client, name, role="")).code == "FunctionAlreadyExists"
    assert get(client, name).body.role == ROLE


def test_case_6_a_stale_etag_changes_nothing(client: Any, name: str):
    """The ETag covers all of a function."""
    etag = create(client, name).headers["etag"]
    update(client, name, role=ROLE)
    request = models.UpdateFunctionRequest(body=models.UpdateFunctionInput(description="late"))
    stale = {"if-match": etag}
    error = refused(lambda: client.update_function_with_options(name, request, stale, OPTIONS))
    assert (error.code, error.status_code) == ("PreconditionFailed", 412)
    fresh = {"if-match": get(client, name).headers["etag"]}
    assert client.update_function_with_options(name, request, fresh, OPTIONS).body.description == "late"


def test_a_trigger_says_where_it_answers(client: Any, name: str):
    """The address in httpTrigger can be called as it stands."""
    create(client, name, "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hi'}\n")
    config = json.dumps({"authType": "anonymous", "methods": ["GET"]})
    body = models.CreateTriggerInput(trigger_name="web", trigger_type="http", trigger_config=config)
    made = client.create_trigger(name, models.CreateTriggerRequest(body=body)).body
    assert json.loads(made.trigger_config) == json.loads(config)
    found = client.get_trigger(name, "web").body
    assert requests.get(found.http_trigger.url_internet + "a?qualifier=x", timeout=30).status_code == 200
    changed = models.UpdateTriggerInput(trigger_config=json.dumps({"authType": "function", "methods": ["GET"]}))
    client.update_trigger(name, "web", models.UpdateTriggerRequest(body=changed))
    assert requests.get(found.http_trigger.url_internet, timeout=30).status_code == 403


def test_code_can_be_fetched(client: Any, name: str):
    """A link, and the checksum of what lies behind it."""
    create(client, name)
    found = client.get_function_code(name, models.GetFunctionCodeRequest()).body
    assert found.checksum == get(client, name).body.code_checksum
    assert requests.get(found.url, timeout=30).content.startswith(b"PK")


def test_tags_come_and_go(client: Any, name: str):
    """Lists travel as texts of JSON in the query."""
    create(client, name, tags=[models.Tag(key="team", value="shop")])
    arn = f"acs:fc:cn-hangzhou:1234567890123456:functions/{name}"
    given = models.TagResourcesInput(
        resource_type="function", resource_id=[arn], tag=[models.Tag(key="env", value="test")]
    )
    client.tag_resources(models.TagResourcesRequest(body=given))
    wanted = models.ListTagResourcesRequest(resource_type="function", resource_id=[arn])
    found = client.list_tag_resources(wanted).body.tag_resources
    assert {item.tag_key: item.tag_value for item in found} == {"team": "shop", "env": "test"}
    gone = models.UntagResourcesRequest(resource_type="function", resource_id=[arn], tag_key=["team"], all=False)
    client.untag_resources(gone)
    assert [tag.key for tag in get(client, name).body.tags] == ["env"]


def test_the_region_is_told(client: Any):
    """The one that the platform is."""
    regions = client.describe_regions(models.DescribeRegionsRequest()).body.regions.region
    assert [item.region_id for item in regions] == ["cn-hangzhou"]


def test_a_function_moves_to_another_resource_group(client: Any, name: str):
    """The answer says where it was."""
    create(client, name, resource_group_id="rg-1")
    body = models.ChangeResourceGroupInput(resource_id=name, resource_type="function", new_resource_group_id="rg-2")
    moved = client.change_resource_group(models.ChangeResourceGroupRequest(body=body)).body
    assert (moved.old_resource_group_id, moved.new_resource_group_id) == ("rg-1", "rg-2")
    assert get(client, name).body.resource_group_id == "rg-2"

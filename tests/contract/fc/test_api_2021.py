"""The 2021-04-06 API through the vendor's Python client. Acceptance cases of fc contract 8: 3, 5, 6, 7."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import requests

from liuyun.testing.platform import Running
from tests.contract.fc.clients import python, zip_text
from tests.contract.fc.tea import OPTIONS, open_client, refused
from tests.contract.fc.tea import open_models as models

numbers = count(1)
ECHO = "def handler(event, context):\n    return event[::-1]\n"
WHO = """def web(environ, start_response):
    start_response('200 OK', [])
    return [environ['fc.context'].service.version_id.encode()]
"""


@pytest.fixture(scope="module")
def client(running: Running) -> Any:
    return open_client(running)


@pytest.fixture
def service(client: Any) -> Iterator[str]:
    name = f"open{next(numbers)}"
    client.create_service(models.CreateServiceRequest(service_name=name, description="shop"))
    yield name
    for function in client.list_functions(name, models.ListFunctionsRequest()).body.functions:
        client.delete_function(name, function.function_name)
    client.delete_service(name)


def create(client: Any, service: str, name: str = "f", **members: object) -> None:
    members = {"runtime": "python3.10", "handler": "index.handler", "code": code(ECHO), **members}
    request = models.CreateFunctionRequest(function_name=name, **members)
    client.create_function(service, request)


def code(text: str) -> object:
    return models.Code(zip_file=zip_text({"index.py": text}))


def test_services_are_kept_and_found(client: Any, service: str):
    """A service is created, changed, read and listed."""
    request = models.UpdateServiceRequest(description="shop 2", internet_access=False)
    client.update_service(service, request)
    found = client.get_service(service, models.GetServiceRequest(qualifier="LATEST")).body
    assert (found.description, found.internet_access) == ("shop 2", False)
    listed = client.list_services(models.ListServicesRequest(prefix=service, limit=1)).body.services
    assert [item.service_name for item in listed] == [service]


def test_an_event_goes_in_and_comes_out(client: Any, service: str):
    """Raw bytes without a content type, with the qualifier as a parameter of the query."""
    create(client, service)
    request = models.InvokeFunctionRequest(body=b"\x00hello", qualifier="LATEST")
    answer = client.invoke_function(service, "f", request)
    assert answer.body == b"olleh\x00"
    assert answer.headers["x-fc-request-id"]


def test_case_7_the_odd_capital_is_taken(client: Any, service: str):
    """UpdateFunction of this client writes InstanceConcurrency."""
    create(client, service, instance_concurrency=1)
    client.update_function(service, "f", models.UpdateFunctionRequest(instance_concurrency=7))
    assert client.get_function(service, "f", models.GetFunctionRequest()).body.instance_concurrency == 7


def test_case_5_what_is_missing_is_named(client: Any, service: str):
    """The code stands where this client reads it, and so does the request's id."""
    error = refused(lambda: client.get_function(service, "absent", models.GetFunctionRequest()))
    assert (error.code, error.statusCode) == ("FunctionNotFound", 404)
    assert "requestid" in str(error.data).lower()


def test_case_6_a_stale_etag_changes_nothing(client: Any, service: str):
    """If-Match must be the ETag that the newest answer carried."""
    create(client, service)
    etag = client.get_function(service, "f", models.GetFunctionRequest()).headers["etag"]
    change = models.UpdateFunctionRequest(description="new")
    client.update_function_with_options(service, "f", change, models.UpdateFunctionHeaders(if_match=etag), OPTIONS)
    stale = models.UpdateFunctionHeaders(if_match=etag)
    error = refused(lambda: client.update_function_with_options(service, "f", change, stale, OPTIONS))
    assert (error.code, error.statusCode) == ("PreconditionFailed", 412)


def test_case_3_a_wrong_secret_is_refused(running: Running):
    """So is a key that nobody has."""
    wrong = open_client(running, access_key_secret="other")
    assert refused(lambda: wrong.list_services(models.ListServicesRequest())).code == "SignatureNotMatch"
    nobody = open_client(running, access_key_id="LTAInobody")
    assert refused(lambda: nobody.list_services(models.ListServicesRequest())).code == "InvalidAccessKeyID"


def test_a_trigger_is_a_text_here_and_an_object_there(client: Any, service: str):
    """triggerConfig comes back in the form of the protocol that asks."""
    create(client, service)
    config = {"authType": "anonymous", "methods": ["GET"]}
    request = models.CreateTriggerRequest(trigger_name="web", trigger_type="http", trigger_config=json.dumps(config))
    client.create_trigger(service, "f", request)
    found = client.get_trigger(service, "f", "web").body
    assert json.loads(found.trigger_config) == config
    assert found.url_internet.endswith(f"/2016-08-15/proxy/{service}/f/")
    changed = json.dumps({**config, "methods": ["PUT"]})
    client.update_trigger(service, "f", "web", models.UpdateTriggerRequest(trigger_config=changed))
    listed = client.list_triggers(service, "f", models.ListTriggersRequest()).body.triggers
    assert [json.loads(item.trigger_config)["methods"] for item in listed] == [["PUT"]]
    client.delete_trigger(service, "f", "web")


def test_an_alias_sends_calls_on_by_what_stands_in_them(client: Any, service: str):
    """A header and a cookie, or a parameter: those callers get the new version, all others the old one."""
    create(client, service, handler="index.web", code=code(WHO))
    for _ in range(2):
        client.publish_service_version(service, models.PublishServiceVersionRequest())
        client.update_function(service, "f", models.UpdateFunctionRequest(description="second"))
    rules = [
        models.PolicyItem(type="Header", key="X-Team", operator="=", value="ours"),
        models.PolicyItem(type="Cookie", key="uid", operator=">=", value="5"),
    ]
    policy = models.RoutePolicy(condition="AND", policy_items=rules)
    alias = {"version_id": "1", "additional_version_weight": {"2": 0.5}, "resolve_policy": "Content"}
    client.create_alias(service, models.CreateAliasRequest(alias_name="prod", route_policy=policy, **alias))
    config = json.dumps({"authType": "anonymous", "methods": ["GET"]})
    trigger = models.CreateTriggerRequest(
        trigger_name="web", trigger_type="http", trigger_config=config, qualifier="prod"
    )
    url = client.create_trigger(service, "f", trigger).body.url_internet
    ours = {"x-team": "ours", "cookie": "a=1; uid=7"}
    assert [requests.get(url, headers=sent, timeout=20).text for sent in (ours, {**ours, "cookie": "uid=4"}, {})] == [
        "2",
        "1",
        "1",
    ]

    beta = models.PolicyItem(type="Param", key="beta", operator="in", value="yes,on")
    policy = models.RoutePolicy(condition="OR", policy_items=[*rules, beta])
    client.update_alias(service, "prod", models.UpdateAliasRequest(route_policy=policy))
    assert [requests.get(f"{url}?beta={sent}", timeout=20).text for sent in ("on", "off", "")] == ["2", "1", "1"]
    kept = client.get_alias(service, "prod").body
    assert (kept.resolve_policy, kept.route_policy.to_map()) == ("Content", policy.to_map())

    client.delete_trigger(service, "f", "web")
    client.delete_alias(service, "prod")
    for version in ("1", "2"):
        client.delete_service_version(service, version)


def test_code_can_be_fetched(client: Any, service: str):
    """A link and the CRC-64 of what lies behind it."""
    create(client, service)
    found = client.get_function_code(service, "f", models.GetFunctionCodeRequest()).body
    assert found.checksum == client.get_function(service, "f", models.GetFunctionRequest()).body.code_checksum
    assert found.url.startswith("http://127.0.0.1:")


def test_tags_come_and_go(client: Any, service: str):
    """This API unties tags by PUT."""
    arn = f"services/{service}"
    client.tag_resource(models.TagResourceRequest(resource_arn=arn, tags={"team": "shop"}))
    assert client.get_resource_tags(models.GetResourceTagsRequest(resource_arn=arn)).body.tags == {"team": "shop"}
    client.untag_resource(models.UntagResourceRequest(resource_arn=arn, tag_keys=["team"], all=False))
    assert client.get_resource_tags(models.GetResourceTagsRequest(resource_arn=arn)).body.tags == {}


def test_case_17_one_version_runs_in_every_protocol(client: Any, service: str, running: Running):
    """By a qualifier in the path of 2016 and in the query of 2021."""
    tell = "def handler(event, context):\n    return context.service.version_id + '%s'\n"
    request = models.CreateFunctionRequest(
        function_name="f", runtime="python3.10", handler="index.handler", code=code(tell % "a")
    )
    client.create_function(service, request)
    version = client.publish_service_version(service, models.PublishServiceVersionRequest()).body.version_id
    client.create_alias(service, models.CreateAliasRequest(alias_name="prod", version_id=version))
    client.update_function(service, "f", models.UpdateFunctionRequest(code=code(tell % "b")))
    newer = client.invoke_function(service, "f", models.InvokeFunctionRequest(qualifier="prod"))
    older = python(running).invoke_function(service, "f", qualifier="prod")
    assert newer.body == older.data == f"{version}a".encode()
    assert client.invoke_function(service, "f", models.InvokeFunctionRequest()).body.endswith(b"b")
    assert client.get_alias(service, "prod").body.version_id == version
    listed = client.list_service_versions(service, models.ListServiceVersionsRequest()).body.versions
    assert [item.version_id for item in listed] == [version]
    client.delete_alias(service, "prod")
    client.delete_service_version(service, version)


def test_instances_are_listed_by_number(client: Any, service: str):
    """The parameters of this API's lists are numbered."""
    create(client, service)
    client.invoke_function(service, "f", models.InvokeFunctionRequest(body=b"x"))
    found = client.list_instances(service, "f", models.ListInstancesRequest()).body.instances
    wanted = models.ListInstancesRequest(instance_ids=[found[0].instance_id, "other"])
    assert len(client.list_instances(service, "f", wanted).body.instances) == 1


def test_networks_capacities_and_tags_are_told(client: Any, service: str):
    """Networks are kept, capacities never bought; what carries tags is listed."""
    client.create_vpc_binding(service, models.CreateVpcBindingRequest(vpc_id="vpc-1"))
    assert client.list_vpc_bindings(service).body.vpc_ids == ["vpc-1"]
    client.delete_vpc_binding(service, "vpc-1")
    assert client.list_reserved_capacities(models.ListReservedCapacitiesRequest()).body.reserved_capacities == []
    client.tag_resource(models.TagResourceRequest(resource_arn=f"services/{service}", tags={"team": service}))
    tagged = client.list_tagged_resources(models.ListTaggedResourcesRequest(limit=100)).body.resources
    assert {"team": service} in [item.tags for item in tagged]


def test_what_is_not_offered_says_so(client: Any, service: str):
    """By the name of the operation."""
    error = refused(lambda: client.list_event_sources(service, "f", models.ListEventSourcesRequest()))
    assert (error.code, "ListEventSources" in error.message) == ("PathNotSupported", True)

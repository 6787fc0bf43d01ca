"""Services, functions and triggers through the vendor's Python client. Cases 3, 5, 6 and 8 of fc contract 8."""

import io
import urllib.request
import zipfile
from base64 import b64encode
from typing import Any

import fc2

from liuyun.testing.platform import Running
from tests.contract.fc.clients import Deployed, post, python, refused, zip_text

ECHO = "def handler(event, context):\n    return event\n"


def test_case_3_who_asks_is_checked(running: Running):
    """A wrong secret and an unknown key have the vendor's codes."""
    wrong = refused(python(running, accessKeySecret="wrong").list_services)
    assert (wrong.status_code, wrong.err_code) == (403, "SignatureNotMatch")
    unknown = refused(python(running, accessKeyID="LTAInobody").list_services)
    assert (unknown.status_code, unknown.err_code) == (403, "InvalidAccessKeyID")
    assert unknown.request_id not in {"", "unknown"}


def test_case_5_a_missing_function_has_its_code(service: Deployed):
    """Reading, updating, deleting and calling what isn't there."""
    client = service.client
    for call in (client.get_function, client.update_function, client.delete_function, client.invoke_function):
        error = refused(lambda call=call: call(service.service, "nowhere"))
        assert (error.status_code, error.err_code) == (404, "FunctionNotFound")


def test_case_6_a_stale_etag_is_refused(service: Deployed):
    """If-Match guards updates and deletions of services and functions."""
    client, name = service.client, service.service
    old = client.get_service(name).headers["ETag"]
    client.update_service(name, description="one", headers={"if-match": old})
    for call in (lambda: client.update_service(name, description="two", headers={"if-match": old}),
                 lambda: client.delete_service(name, headers={"if-match": old})):  # fmt: skip
        error = refused(call)
        assert (error.status_code, error.err_code) == (412, "PreconditionFailed")
    assert client.get_service(name).data["description"] == "one"
    service.function("f", ECHO)
    etag = client.get_function(name, "f").headers["ETag"]
    assert refused(lambda: client.delete_function(name, "f", headers={"if-match": old})).status_code == 412
    client.delete_function(name, "f", headers={"if-match": etag})


def test_case_8_untagging_is_answered_with_json(service: Deployed, running: Running):
    """The client reads the answer of every tag operation as JSON."""
    client, arn = service.client, f"acs:fc:cn-hangzhou:{running.account_id}:services/{service.service}"
    assert client.tag_resource(arn, {"k": "v", "env": "test"}).data["requestId"]
    assert client.get_resource_tags(arn).data["tags"] == {"env": "test", "k": "v"}
    assert client.untag_resource(arn, ["k"]).data["requestId"]
    assert client.get_resource_tags(f"services/{service.service}").data["tags"] == {"env": "test"}
    assert [s["serviceName"] for s in client.list_services(tags={"env": "test"}).data["services"]] == [service.service]


def test_a_service_has_its_life(client: fc2.Client):
    """Create, read, update, list, delete, with what the platform only stores."""
    log: dict[str, Any] = {"project": "p", "logstore": "l"}
    made = client.create_service("life", "first", log, "role", internetAccess=False, vpcConfig={"vpcId": "v"}).data
    assert made.items() >= {"serviceName": "life", "description": "first", "logConfig": log}.items()
    client.update_service("life", description="second", nasConfig={"userId": 1})
    found = client.get_service("life").data
    assert (found["description"], found["nasConfig"], found["internetAccess"]) == ("second", {"userId": 1}, False)
    assert "life" in [service["serviceName"] for service in client.list_services(prefix="lif").data["services"]]
    assert refused(lambda: client.create_service("life")).err_code == "ServiceAlreadyExists"
    client.delete_service("life")
    assert refused(lambda: client.get_service("life")).err_code == "ServiceNotFound"


def test_a_function_has_its_life(service: Deployed):
    """Create, read, update, list, delete; a service with functions stays."""
    client, name = service.client, service.service
    service.function("f", ECHO, memorySize=192, environmentVariables={"A": "1"}, initializer="index.init")
    assert refused(lambda: client.delete_service(name)).err_code == "ServiceNotEmpty"
    updated = client.update_function(name, "f", timeout=7, description="d").data
    assert (updated["timeout"], updated["memorySize"], updated["environmentVariables"]) == (7, 192, {"A": "1"})
    assert client.get_function(name, "f", qualifier="LATEST").data == updated
    assert [f["functionName"] for f in client.list_functions(name, limit=5).data["functions"]] == ["f"]
    client.delete_function(name, "f")
    client.delete_service(name)


def test_code_can_be_fetched_back(service: Deployed):
    """The link of GetFunctionCode gives the very package, without credentials."""
    service.function("f", ECHO)
    found = service.client.get_function_code(service.service, "f").data
    with urllib.request.urlopen(found["url"]) as answer:
        content = answer.read()
    assert zipfile.ZipFile(io.BytesIO(content)).read("index.py").decode() == ECHO
    assert found["checksum"] == service.client.get_function(service.service, "f").data["codeChecksum"]


def test_a_package_that_is_none_is_refused(service: Deployed):
    """No zip file, or one that climbs out: 400 with the reason, and no function."""
    path = f"/services/{service.service}/functions"
    function = {"functionName": "f", "runtime": "python3", "handler": "index.handler"}
    for text, reason in (
        (b64encode(b"not a zip").decode(), "not a zip file"),
        (zip_text({"../outside.py": "x"}), "leads out of the package"),
    ):
        error = refused(lambda text=text: post(service.client, path, {**function, "code": {"zipFile": text}}))
        assert (error.status_code, error.err_code) == (400, "InvalidArgument")
        assert reason in error.message
    assert service.client.list_functions(service.service).data["functions"] == []


def test_triggers_have_their_life(service: Deployed):
    """Triggers keep their config as an object; the client's nulls count as not given."""
    client, name = service.client, service.service
    service.function("f", ECHO)
    config = {"authType": "anonymous", "methods": ["GET", "POST"]}
    made = client.create_trigger(name, "f", "t", "http", config, None, None).data
    assert (made["triggerConfig"], made["qualifier"]) == (config, "LATEST")
    changed = client.update_trigger(name, "f", "t", {"authType": "function", "methods": ["PUT"]}).data
    assert client.get_trigger(name, "f", "t").data == changed
    assert [t["triggerName"] for t in client.list_triggers(name, "f").data["triggers"]] == ["t"]
    client.delete_trigger(name, "f", "t")
    assert refused(lambda: client.get_trigger(name, "f", "t")).err_code == "TriggerNotFound"


def test_what_is_not_there_yet_says_so(service: Deployed):
    """An operation without a route is refused at once, not retried for half a minute."""
    error = refused(lambda: post(service.client, "/moons", {}))
    assert (error.status_code, error.err_code) == (400, "PathNotSupported")

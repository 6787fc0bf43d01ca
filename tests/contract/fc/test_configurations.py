"""Configurations of functions by qualifier through the vendor's Python client."""

from tests.contract.fc.clients import Deployed, refused

ECHO = "def handler(event, context):\n    return event\n"


def test_limits_on_instances_have_their_life(service: Deployed):
    """Set, read, listed, removed; what isn't there has its code."""
    client, name = service.client, service.service
    service.function("f", ECHO)
    assert refused(lambda: client.get_on_demand_config(name, "LATEST", "f")).err_code == "OnDemandConfigNotFound"
    made = client.put_on_demand_config(name, "LATEST", "f", 7).data
    assert made == {"resource": f"services/{name}.LATEST/functions/f", "maximumInstanceCount": 7}
    assert client.get_on_demand_config(name, "LATEST", "f").data == made
    assert made in client.list_on_demand_config(prefix=f"services/{name}.").data["configs"]
    client.delete_on_demand_config(name, "LATEST", "f")
    assert refused(lambda: client.delete_on_demand_config(name, "LATEST", "f")).err_code == "OnDemandConfigNotFound"


def test_instances_that_are_kept_have_their_life(service: Deployed):
    """Set, read and listed by service and qualifier; none are kept where nothing was set, or a target of 0."""
    client, name = service.client, service.service
    service.function("f", ECHO)
    unset = client.get_provision_config(name, "LATEST", "f").data
    assert (unset["target"], unset["current"]) == (0, 0)
    made = client.put_provision_config(name, "LATEST", "f", 1).data
    assert made["resource"].split("#")[1:] == [name, "LATEST", "f"]
    assert made["target"] == 1
    listed = client.list_provision_configs(name, "LATEST").data["provisionConfigs"]
    assert [config["resource"] for config in listed] == [made["resource"]]
    assert client.put_provision_config(name, "LATEST", "f", 0).data["target"] == 0


def test_what_is_set_for_asynchronous_calls_has_its_life(service: Deployed):
    """Set, read, listed, removed."""
    client, name = service.client, service.service
    service.function("f", ECHO)
    wanted = {
        "maxAsyncRetryAttempts": 1,
        "maxAsyncEventAgeInSeconds": 60,
        "destinationConfig": {"onFailure": {"destination": "acs:mns:cn-hangzhou:1:/queues/q/messages"}},
    }
    made = client.put_function_async_invoke_config(name, "LATEST", "f", wanted).data
    assert made.items() >= {"service": name, "function": "f", "qualifier": "LATEST", **wanted}.items()
    assert client.get_function_async_invoke_config(name, "LATEST", "f").data == made
    assert client.list_function_async_invoke_configs(name, "f").data["configs"] == [made]
    client.delete_function_async_invoke_config(name, "LATEST", "f")
    missing = refused(lambda: client.get_function_async_invoke_config(name, "LATEST", "f"))
    assert (missing.status_code, missing.err_code) == (404, "AsyncConfigNotExists")

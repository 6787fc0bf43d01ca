"""Versions, aliases and configurations of the 2023-03-30 API. Acceptance cases of fc contract 8: 16, 17."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest

from liuyun.testing.platform import Running
from tests.contract.fc.clients import printed, python, zip_text
from tests.contract.fc.tea import fc3_client, fc3_models, refused

models: Any = fc3_models
numbers = count(1)
TELL = "def handler(event, context):\n    return '%s ' + context.function.version_id\n"
CALLS = 400


@pytest.fixture(scope="module")
def client(running: Running) -> Any:
    return fc3_client(running)


@pytest.fixture
def name(client: Any) -> Iterator[str]:
    name = f"release{next(numbers)}"
    body = models.CreateFunctionInput(function_name=name, runtime="python3.12", handler="index.handler", code=code("1"))
    client.create_function(models.CreateFunctionRequest(body=body))
    yield name
    for alias in client.list_aliases(name, models.ListAliasesRequest()).body.aliases:
        client.delete_alias(name, alias.alias_name)
    client.delete_function(name)


def code(word: str) -> object:
    return models.InputCodeLocation(zip_file=zip_text({"index.py": TELL % word}))


def publish(client: Any, name: str) -> str:
    body = models.PublishVersionInput(description="d")
    request = models.PublishFunctionVersionRequest(body=body)
    return client.publish_function_version(name, request).body.version_id


def call(client: Any, name: str, qualifier: str = "") -> str:
    request = models.InvokeFunctionRequest(qualifier=qualifier or None)
    return client.invoke_function(name, request).body.read().decode()


def new_code(client: Any, name: str, word: str) -> None:
    body = models.UpdateFunctionInput(code=code(word))
    client.update_function(name, models.UpdateFunctionRequest(body=body))


def alias(client: Any, name: str, version: str, weights: dict[str, float] | None = None) -> None:
    body = models.CreateAliasInput(alias_name="prod", version_id=version, additional_version_weight=weights)
    client.create_alias(name, models.CreateAliasRequest(body=body))


def test_case_17_a_qualifier_names_a_version(client: Any, name: str):
    """By number or by alias; what is newer doesn't change what was published."""
    assert publish(client, name) == "1"
    new_code(client, name, "2")
    alias(client, name, "1")
    assert (call(client, name, "1"), call(client, name, "prod")) == ("1 1", "1 1")
    assert call(client, name).startswith("2 ")
    found = client.get_function(name, models.GetFunctionRequest(qualifier="prod")).body
    assert found.code_checksum != client.get_function(name, models.GetFunctionRequest()).body.code_checksum
    listed = client.list_function_versions(name, models.ListFunctionVersionsRequest()).body.versions
    assert [version.version_id for version in listed] == ["1"]


def test_case_16_an_alias_shares_its_calls(client: Any, name: str):
    """Close to the weight; the handler sees which version runs. Rolling back is one call."""
    publish(client, name)
    new_code(client, name, "2")
    publish(client, name)
    alias(client, name, "1", {"2": 0.3})
    second = [call(client, name, "prod") for _ in range(CALLS)].count("2 2")
    assert 0.2 * CALLS < second < 0.4 * CALLS
    back = models.UpdateAliasInput(version_id="1", additional_version_weight={})
    client.update_alias(name, "prod", models.UpdateAliasRequest(body=back))
    assert {call(client, name, "prod") for _ in range(20)} == {"1 1"}
    assert client.get_alias(name, "prod").body.version_id == "1"


def test_versions_go_when_nobody_needs_them(client: Any, name: str):
    """One that an alias leads to stays."""
    publish(client, name)
    alias(client, name, "1")
    assert "alias 'prod'" in refused(lambda: client.delete_function_version(name, "1")).message
    client.delete_alias(name, "prod")
    client.delete_function_version(name, "1")
    assert refused(lambda: call(client, name, "1")).code == "VersionNotFound"


def test_calls_can_be_forbidden_for_a_while(client: Any, name: str):
    """The function says so, with the reason, also if it has been called before."""
    assert call(client, name).startswith("1 ")
    request = models.DisableFunctionInvocationRequest(reason="moving house", abort_ongoing_request=False)
    assert client.disable_function_invocation(name, request).body.success
    error = refused(lambda: call(client, name))
    assert (error.status_code, "moving house" in error.message) == (403, True)
    found = client.get_function(name, models.GetFunctionRequest()).body.invocation_restriction
    assert (found.disable, found.reason) == (True, "moving house")
    assert client.enable_function_invocation(name).body.success
    assert call(client, name).startswith("1 ")


def test_calls_that_run_can_be_ended(client: Any, name: str, running: Running):
    """With abort_ongoing_request they are refused like those that come later; without it they are finished."""
    hang = "import time\ndef handler(event, context):\n    print('began')\n    time.sleep(30)\n"
    body = models.UpdateFunctionInput(timeout=60, code=models.InputCodeLocation(zip_file=zip_text({"index.py": hang})))
    client.update_function(name, models.UpdateFunctionRequest(body=body))
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(lambda: refused(lambda: call(client, name)))
        printed(python(running), f"@{name}", name, "began")
        request = models.DisableFunctionInvocationRequest(reason="moving house", abort_ongoing_request=True)
        client.disable_function_invocation(name, request)
        error = told.result(timeout=20)
    assert (error.code, error.statusCode) == ("FunctionDisabled", 403)
    assert "moving house; those that ran were ended" in error.message


def test_concurrency_is_reserved(client: Any, name: str):
    """Set, read, listed and removed."""
    body = models.PutConcurrencyInput(reserved_concurrency=3)
    client.put_concurrency_config(name, models.PutConcurrencyConfigRequest(body=body))
    assert client.get_concurrency_config(name).body.reserved_concurrency == 3
    wanted = models.ListConcurrencyConfigsRequest(function_name=name)
    listed = client.list_concurrency_configs(wanted).body.configs
    assert [item.function_arn.rpartition("/")[2] for item in listed] == [name]
    client.delete_concurrency_config(name)
    assert refused(lambda: client.get_concurrency_config(name)).status_code == 404


def test_instances_are_kept_ready(client: Any, name: str):
    """By the older words and by the newer ones, which mean the same."""
    body = models.PutProvisionConfigInput(default_target=1, target=1)
    request = models.PutProvisionConfigRequest(qualifier="LATEST", body=body)
    assert client.put_provision_config(name, request).body.default_target == 1
    got = client.get_scaling_config(name, models.GetScalingConfigRequest(qualifier="LATEST")).body
    assert got.min_instances == 1
    policy = models.ScalingPolicy(
        name="cpu", metric_type="ProvisionedConcurrencyUtilization", metric_target=0.6, min_instances=1,
        max_instances=2, start_time="2026-01-01T00:00:00Z", end_time="2036-01-01T00:00:00Z",
    )  # fmt: skip
    scaling = models.PutScalingConfigInput(min_instances=0, horizontal_scaling_policies=[policy])
    request = models.PutScalingConfigRequest(qualifier="LATEST", body=scaling)
    put = client.put_scaling_config(name, request).body
    assert [item.max_instances for item in put.horizontal_scaling_policies] == [2]
    listed = client.list_provision_configs(models.ListProvisionConfigsRequest(function_name=name)).body
    assert len(listed.provision_configs) == 1
    listed = client.list_scaling_configs(models.ListScalingConfigsRequest(function_name=name)).body
    assert len(listed.scaling_configs) == 1
    client.delete_scaling_config(name, models.DeleteScalingConfigRequest(qualifier="LATEST"))
    gone = models.GetProvisionConfigRequest(qualifier="LATEST")
    assert client.get_provision_config(name, gone).body.default_target == 0


def test_asynchronous_calls_are_configured(client: Any, name: str):
    """Set, read, listed and removed."""
    body = models.PutAsyncInvokeConfigInput(async_task=True, max_async_retry_attempts=2)
    request = models.PutAsyncInvokeConfigRequest(qualifier="LATEST", body=body)
    client.put_async_invoke_config(name, request)
    found = client.get_async_invoke_config(name, models.GetAsyncInvokeConfigRequest(qualifier="LATEST")).body
    assert (found.async_task, found.max_async_retry_attempts) == (True, 2)
    listed = client.list_async_invoke_configs(models.ListAsyncInvokeConfigsRequest(function_name=name)).body
    assert len(listed.configs) == 1
    client.delete_async_invoke_config(name, models.DeleteAsyncInvokeConfigRequest(qualifier="LATEST"))


def test_instances_are_listed(client: Any, name: str):
    """Those that took a call, with the number 0 for the newest state; all of them by their own qualifiers."""
    call(client, name)
    client.publish_function_version(name, models.PublishFunctionVersionRequest(body=models.PublishVersionInput()))
    client.invoke_function(name, models.InvokeFunctionRequest(qualifier="1"))
    every = client.list_instances(name, models.ListInstancesRequest(with_all_active=True)).body.instances
    assert {(item.version_id, item.qualifier) for item in every} == {("0", "LATEST"), ("1", "1")}
    found = client.list_instances(name, models.ListInstancesRequest(qualifier="LATEST")).body.instances
    assert [item.version_id for item in found] == ["0"]
    wanted = models.ListInstancesRequest(instance_ids=["absent"], with_all_active=True)
    assert not client.list_instances(name, wanted).body.instances


def test_networks_are_bound(client: Any, name: str):
    """Kept and given back."""
    body = models.CreateVpcBindingInput(vpc_id="vpc-1")
    client.create_vpc_binding(name, models.CreateVpcBindingRequest(body=body))
    assert client.list_vpc_bindings(name).body.vpc_ids == ["vpc-1"]
    client.delete_vpc_binding(name, "vpc-1")
    assert client.list_vpc_bindings(name).body.vpc_ids == []


def test_what_is_not_offered_says_so(client: Any):
    """By the name of the operation."""
    error = refused(lambda: client.list_snapshots(models.ListSnapshotsRequest()))
    assert (error.code, "ListSnapshots" in error.message) == ("PathNotSupported", True)

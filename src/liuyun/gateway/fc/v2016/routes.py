"""Every operation of the 2016-08-15 API that this platform has. Source: fc contract 1.4."""

from collections.abc import Iterator

from liuyun.gateway.fc import asynchronous, observing
from liuyun.gateway.fc.http_triggers import invoke_http
from liuyun.gateway.fc.invoking import invoke_function
from liuyun.gateway.fc.logs import get_logs
from liuyun.gateway.fc.not_offered import refusals
from liuyun.gateway.fc.router import ANY, Route
from liuyun.gateway.fc.v2016 import (
    aliases,
    configurations,
    domains,
    functions,
    instances,
    layers,
    services,
    triggers,
    uploads,
    versions,
)
from liuyun.model.configuration import ConfigKind

SERVICE = "services/{service}"
FUNCTION = f"{SERVICE}/functions/{{function}}"
VERSION = f"{SERVICE}/versions/{{version}}"
TASKS = f"{FUNCTION}/stateful-async-invocations"
LAYER = "layers/{layer}/versions"
DOMAIN = "custom-domains/{domain}"

LAYERS = (
    Route("GET", "layers", "ListLayers", layers.list_layers),
    Route("POST", LAYER, "CreateLayerVersion", layers.publish_version),
    Route("GET", LAYER, "ListLayerVersions", layers.list_versions),
    Route("GET", f"{LAYER}/{{version}}", "GetLayerVersion", layers.get_version),
    Route("DELETE", f"{LAYER}/{{version}}", "DeleteLayerVersion", layers.delete_version),
    Route("GET", "layerarn/{rest}", "GetLayerVersionByArn", layers.get_version_by_arn),
    Route("PUT", "layers/{layer}/acl", "PutLayerACL", layers.set_acl),
)
DOMAINS = (
    Route("POST", "custom-domains", "CreateCustomDomain", domains.create_domain),
    Route("GET", "custom-domains", "ListCustomDomains", domains.list_domains),
    Route("GET", DOMAIN, "GetCustomDomain", domains.get_domain),
    Route("PUT", DOMAIN, "UpdateCustomDomain", domains.update_domain),
    Route("DELETE", DOMAIN, "DeleteCustomDomain", domains.delete_domain),
)
NOT_OFFERED = (("GET", f"{FUNCTION}/instances/{{instance}}/exec", "InstanceExec"),)


def trigger_routes(function: str) -> Iterator[Route]:
    one = f"{function}/triggers/{{trigger}}"
    yield Route("POST", f"{function}/triggers", "CreateTrigger", triggers.create_trigger)
    yield Route("GET", f"{function}/triggers", "ListTriggers", triggers.list_triggers)
    yield Route("GET", one, "GetTrigger", triggers.get_trigger)
    yield Route("PUT", one, "UpdateTrigger", triggers.update_trigger)
    yield Route("DELETE", one, "DeleteTrigger", triggers.delete_trigger)


def alias_routes(owner: str) -> Iterator[Route]:
    """Of a service, or of a function that has none."""
    one = f"{owner}/aliases/{{alias}}"
    yield Route("POST", f"{owner}/aliases", "CreateAlias", aliases.create_alias)
    yield Route("GET", f"{owner}/aliases", "ListAliases", aliases.list_aliases)
    yield Route("GET", one, "GetAlias", aliases.get_alias)
    yield Route("PUT", one, "UpdateAlias", aliases.update_alias)
    yield Route("DELETE", one, "DeleteAlias", aliases.delete_alias)


ROUTES = (
    Route("POST", f"{FUNCTION}/invocations", "InvokeFunction", invoke_function),
    Route(ANY, "proxy/{service}/{function}/{rest}", "InvokeHttp", invoke_http),
    Route("GET", "account-settings", "GetAccountSettings", services.get_account_settings),
    Route("POST", "services", "CreateService", services.create_service),
    Route("GET", "services", "ListServices", services.list_services),
    Route("GET", SERVICE, "GetService", services.get_service),
    Route("PUT", SERVICE, "UpdateService", services.update_service),
    Route("DELETE", SERVICE, "DeleteService", services.delete_service),
    Route("POST", "tag", "TagResource", services.tag_resource),
    Route("GET", "tag", "GetResourceTags", services.get_resource_tags),
    Route("DELETE", "tag", "UntagResource", services.untag_resource),
    Route("POST", f"{SERVICE}/functions", "CreateFunction", functions.create_function),
    Route("GET", f"{SERVICE}/functions", "ListFunctions", functions.list_functions),
    Route("GET", FUNCTION, "GetFunction", functions.get_function),
    Route("PUT", FUNCTION, "UpdateFunction", functions.update_function),
    Route("DELETE", FUNCTION, "DeleteFunction", functions.delete_function),
    Route("GET", f"{FUNCTION}/code", "GetFunctionCode", functions.get_function_code),
    *trigger_routes(FUNCTION),
    Route("POST", f"{SERVICE}/versions", "PublishServiceVersion", versions.publish_version),
    Route("GET", f"{SERVICE}/versions", "ListServiceVersions", versions.list_versions),
    Route("DELETE", VERSION, "DeleteServiceVersion", versions.delete_version),
    *alias_routes(SERVICE),
    Route("GET", TASKS, "ListStatefulAsyncInvocations", asynchronous.list_tasks),
    Route("GET", f"{TASKS}/{{task}}", "GetStatefulAsyncInvocation", asynchronous.get_task),
    Route("PUT", f"{TASKS}/{{task}}", "StopStatefulAsyncInvocation", asynchronous.stop_task),
    Route(
        "GET",
        "stateful-async-invocation-functions",
        "ListStatefulAsyncInvocationFunctions",
        asynchronous.list_functions_with_tasks,
    ),
    *configurations.routes(FUNCTION, ConfigKind.PROVISION, ConfigKind.ON_DEMAND, ConfigKind.ASYNC),
    Route(
        "GET",
        "provision-configs",
        "ListProvisionConfigs",
        configurations.listing_of(ConfigKind.PROVISION, "provisionConfigs"),
    ),
    Route(
        "GET", "on-demand-configs", "ListOnDemandConfigs", configurations.listing_of(ConfigKind.ON_DEMAND, "configs")
    ),
    Route(
        "GET",
        f"{FUNCTION}/async-invoke-configs",
        "ListFunctionAsyncInvokeConfigs",
        configurations.listing_of(ConfigKind.ASYNC, "configs"),
    ),
    *LAYERS,
    *DOMAINS,
    Route("GET", "tempBucketToken", "GetTempBucketToken", uploads.get_temp_bucket_token),
    Route("GET", f"{SERVICE}/tempCodeBucketToken", "GetTempBucketToken", uploads.get_temp_bucket_token),
    Route("GET", "accountConfigs", "GetAccountConfigs", uploads.get_account_configs),
    Route("GET", f"{FUNCTION}/instances", "ListInstances", instances.list_instances),
    Route("GET", "reservedCapacities", "ListReservedCapacities", services.list_reserved_capacities),
    *refusals(NOT_OFFERED),
    # Extensions of this platform, which the vendor doesn't have:
    Route("GET", "liuyun/logs", "GetLogs", get_logs),
    Route("GET", "liuyun/invocations", "GetInvocations", observing.get_invocations),
    Route("GET", "liuyun/traces", "GetTrace", observing.get_trace),
    Route("GET", "liuyun/triggers", "GetTriggerStatus", observing.get_triggers),
    Route("GET", "liuyun/code/{package}", "DownloadCode", functions.download_code),
)

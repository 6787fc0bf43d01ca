"""Every operation of the 2023-03-30 API that this platform has. Source: fc contract 1.6.

Where a function owns what elsewhere its service owns (triggers, versions, aliases …), the handlers are those of the
older APIs: the router gives them the function's own service.
"""

from liuyun.gateway.fc import asynchronous
from liuyun.gateway.fc.http_triggers import invoke_http
from liuyun.gateway.fc.invoking import invoke_function
from liuyun.gateway.fc.not_offered import refusals
from liuyun.gateway.fc.router import ANY, Route
from liuyun.gateway.fc.v2016 import bindings, configurations, instances, versions
from liuyun.gateway.fc.v2016.configurations import listing_of
from liuyun.gateway.fc.v2016.routes import DOMAINS, LAYERS, alias_routes, trigger_routes
from liuyun.gateway.fc.v2023 import functions, restrictions, scaling, tags
from liuyun.model.configuration import ConfigKind

FUNCTION = "functions/{function}"

SESSION = f"{FUNCTION}/sessions/{{session}}"
BINDINGS = f"{FUNCTION}/vpc-bindings"
NOT_OFFERED = (
    ("POST", f"{FUNCTION}/sessions", "CreateSession"),
    ("GET", f"{FUNCTION}/sessions", "ListSessions"),
    ("GET", SESSION, "GetSession"),
    ("PUT", SESSION, "UpdateSession"),
    ("DELETE", SESSION, "DeleteSession"),
    ("PUT", f"{SESSION}/pause", "PauseSession"),
    ("PUT", f"{SESSION}/resume", "ResumeSession"),
    ("POST", f"{FUNCTION}/snapshots", "CreateSnapshot"),
    ("GET", f"{FUNCTION}/snapshots/{{snapshot}}", "GetSnapshot"),
    ("DELETE", f"{FUNCTION}/snapshots/{{snapshot}}", "DeleteSnapshot"),
    ("GET", "snapshots", "ListSnapshots"),
)

ROUTES = (
    Route("POST", f"{FUNCTION}/invocations", "InvokeFunction", invoke_function),
    Route("POST", "functions", "CreateFunction", functions.create_function),
    Route("GET", "functions", "ListFunctions", functions.list_functions),
    Route("GET", FUNCTION, "GetFunction", functions.get_function),
    Route("PUT", FUNCTION, "UpdateFunction", functions.update_function),
    Route("DELETE", FUNCTION, "DeleteFunction", functions.delete_function),
    Route("GET", f"{FUNCTION}/code", "GetFunctionCode", functions.get_function_code),
    *trigger_routes(FUNCTION),
    Route("GET", f"{FUNCTION}/async-tasks", "ListAsyncTasks", asynchronous.list_tasks),
    Route("GET", f"{FUNCTION}/async-tasks/{{task}}", "GetAsyncTask", asynchronous.get_task),
    Route("PUT", f"{FUNCTION}/async-tasks/{{task}}/stop", "StopAsyncTask", asynchronous.stop_task),
    Route("POST", f"{FUNCTION}/versions", "PublishFunctionVersion", versions.publish_version),
    Route("GET", f"{FUNCTION}/versions", "ListFunctionVersions", versions.list_versions),
    Route("DELETE", f"{FUNCTION}/versions/{{version}}", "DeleteFunctionVersion", versions.delete_version),
    *alias_routes(FUNCTION),
    Route("POST", f"{FUNCTION}/invoke/disable", "DisableFunctionInvocation", restrictions.disable_invocation),
    Route("POST", f"{FUNCTION}/invoke/enable", "EnableFunctionInvocation", restrictions.enable_invocation),
    Route("GET", f"{FUNCTION}/instances", "ListInstances", instances.list_instances),
    *configurations.routes(FUNCTION, ConfigKind.PROVISION, ConfigKind.ASYNC, ConfigKind.CONCURRENCY),
    Route("GET", "provision-configs", "ListProvisionConfigs", listing_of(ConfigKind.PROVISION, "provisionConfigs")),
    Route("GET", "async-invoke-configs", "ListAsyncInvokeConfigs", listing_of(ConfigKind.ASYNC, "configs")),
    Route("GET", "concurrency-configs", "ListConcurrencyConfigs", listing_of(ConfigKind.CONCURRENCY, "configs")),
    Route("PUT", f"{FUNCTION}/scaling-config", "PutScalingConfig", scaling.put_scaling_config),
    Route("GET", f"{FUNCTION}/scaling-config", "GetScalingConfig", scaling.get_scaling_config),
    Route("DELETE", f"{FUNCTION}/scaling-config", "DeleteScalingConfig", scaling.delete_scaling_config),
    Route("GET", "scaling-configs", "ListScalingConfigs", scaling.list_scaling_configs),
    Route("POST", BINDINGS, "CreateVpcBinding", bindings.create_vpc_binding),
    Route("GET", BINDINGS, "ListVpcBindings", bindings.list_vpc_bindings),
    Route("DELETE", f"{BINDINGS}/{{vpc}}", "DeleteVpcBinding", bindings.delete_vpc_binding),
    *LAYERS,
    *DOMAINS,
    *refusals(NOT_OFFERED),
    Route("POST", "tags-v2", "TagResources", tags.tag_resources),
    Route("GET", "tags-v2", "ListTagResources", tags.list_tag_resources),
    Route("DELETE", "tags-v2", "UntagResources", tags.untag_resources),
    Route("PUT", "resource-groups", "ChangeResourceGroup", functions.change_resource_group),
    Route("GET", "regions", "DescribeRegions", functions.describe_regions),
    # An extension of this platform: the vendor has a host name for each HTTP trigger instead.
    Route(ANY, "proxy/{function}/{rest}", "InvokeHttp", invoke_http),
)

"""The 2021-04-06 API: the tree of 2016-08-15 and its handlers, but for what differs. Source: fc contract 1.5."""

from collections.abc import Iterator

from liuyun.gateway.fc.not_offered import refusals
from liuyun.gateway.fc.router import Route
from liuyun.gateway.fc.v2016 import bindings, services
from liuyun.gateway.fc.v2016.routes import FUNCTION, SERVICE
from liuyun.gateway.fc.v2016.routes import ROUTES as ROUTES_2016

ONLY_2016 = ("proxy/", "liuyun/")  # URLs of HTTP triggers, and this platform's own extensions
BINDINGS = f"{SERVICE}/bindings"
NOT_OFFERED = (
    ("POST", f"{FUNCTION}/event-sources", "RegisterEventSource"),
    ("GET", f"{FUNCTION}/event-sources", "ListEventSources"),
    ("DELETE", f"{FUNCTION}/event-sources/{{source}}", "DeregisterEventSource"),
    ("POST", "gpuInstances", "ClaimGPUInstance"),
    ("DELETE", "gpuInstances/{instance}", "ReleaseGPUInstance"),
)
NOT_HERE = frozenset(
    {"UntagResource", "ListReservedCapacities", "InstanceExec", "GetTempBucketToken", "GetAccountConfigs"}
)


def shared() -> Iterator[Route]:
    for route in ROUTES_2016:
        if route.operation not in NOT_HERE and not route.path.startswith(ONLY_2016):
            yield route


ROUTES = (
    *shared(),
    Route("GET", "tags", "ListTaggedResources", services.list_tagged_resources),
    Route("GET", "reserved-capacities", "ListReservedCapacities", services.list_reserved_capacities),
    Route("POST", BINDINGS, "CreateVpcBinding", bindings.create_vpc_binding),
    Route("GET", BINDINGS, "ListVpcBindings", bindings.list_vpc_bindings),
    Route("DELETE", f"{BINDINGS}/{{vpc}}", "DeleteVpcBinding", bindings.delete_vpc_binding),
    *refusals(NOT_OFFERED),
    Route("PUT", "tag", "UntagResource", services.untag_resource),
)

"""The 2021-04-06 API: the tree of 2016-08-15 and its handlers, but for what differs. Source: fc contract 1.5."""

from collections.abc import Iterator

from liuyun.gateway.fc.router import Route
from liuyun.gateway.fc.v2016 import services
from liuyun.gateway.fc.v2016.routes import ROUTES as ROUTES_2016

ONLY_2016 = ("proxy/", "liuyun/")  # URLs of HTTP triggers, and this platform's own extensions
NOT_HERE = frozenset({"UntagResource", "GetTempBucketToken", "GetAccountConfigs"})


def shared() -> Iterator[Route]:
    for route in ROUTES_2016:
        if route.operation not in NOT_HERE and not route.path.startswith(ONLY_2016):
            yield route


ROUTES = (
    *shared(),
    Route("PUT", "tag", "UntagResource", services.untag_resource),
)

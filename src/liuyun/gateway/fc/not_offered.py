"""The vendor's operations that this platform doesn't have: they are named, so that nobody looks for a typing error."""

from collections.abc import Iterable, Iterator

from liuyun.errors import OperationUnknown
from liuyun.gateway.fc.call import Call
from liuyun.gateway.fc.router import Handler, Route
from liuyun.gateway.http import Response


def not_offered(operation: str) -> Handler:
    async def refuse(call: Call) -> Response:
        raise OperationUnknown(f"{operation} of {call.dialect.version} is not offered by this platform")

    return refuse


def refusals(operations: Iterable[tuple[str, str, str]]) -> Iterator[Route]:
    """Of method, path and operation."""
    for method, path, operation in operations:
        yield Route(method, path, operation, not_offered(operation), offered=False)

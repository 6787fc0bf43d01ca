"""One request of one caller, as the handlers see it, and their answers."""

from dataclasses import dataclass

import msgspec

from liuyun.gateway.http import Request, Response
from liuyun.gateway.mns.errors import InvalidQuery
from liuyun.gateway.mns.query import Query
from liuyun.messaging.service import Messaging
from liuyun.model.account import Principal
from liuyun.model.message import Queue


class Call(msgspec.Struct, frozen=True):
    """`names` are those in the path: queue; or topic and subscription."""

    request: Request
    principal: Principal
    names: tuple[str, ...]
    query: Query
    messaging: Messaging

    @property
    def account_id(self) -> str:
        return self.principal.account_id

    @property
    def name(self) -> str:
        return self.names[0]

    async def queue(self) -> Queue:
        """Whose name is in the path. Raises QueueNotFound."""
        return await self.messaging.queues.registry.find(self.account_id, self.name)

    @property
    def base(self) -> str:
        """The address by which the client knows this platform."""
        return base(self.request)

    @property
    def url(self) -> str:
        return self.base + self.request.raw_path


@dataclass(frozen=True, slots=True)
class Listing:
    """What part of a list the client wants, from the headers."""

    prefix: str
    after: str
    limit: int
    with_meta: bool


def base(request: Request) -> str:
    return f"{request.scheme}://{request.headers.get('host') or 'localhost'}"


def listing(request: Request) -> Listing:
    number = request.headers.get("x-mns-ret-number") or "1000"
    if not number.isascii() or not number.isdigit() or len(number) > 10:
        raise InvalidQuery(f"The header x-mns-ret-number must be a whole number; it is '{number[:40]}'.")
    return Listing(
        prefix=request.headers.get("x-mns-prefix"),
        after=request.headers.get("x-mns-marker"),
        limit=int(number),
        with_meta=request.headers.get("x-mns-with-meta").lower() == "true",
    )


def created(call: Call, *, new: bool) -> Response:
    """The Location is there in both cases: the Python clients read it after every success."""
    return Response(201 if new else 204, headers=[("Location", call.url)])


def done() -> Response:
    return Response(204)

"""Bindings to private networks: kept and given back, since there are no such networks here. Source: fc contract 1.5."""

from collections.abc import Sequence

from liuyun.catalog.changes import ServiceChanges
from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, done
from liuyun.gateway.fc.v2016.bodies import BindingBody, read
from liuyun.gateway.fc.v2016.services import BINDINGS
from liuyun.gateway.http import Response

MOST_BINDINGS = 20


async def create_vpc_binding(call: Call) -> Response:
    body = await read(BindingBody, call.request.body)
    if not body.vpcId:
        raise Invalid("vpcId must name the network")
    bound = await bindings_of(call)
    if len(bound) >= MOST_BINDINGS:
        raise Invalid(f"there can be at most {MOST_BINDINGS} bindings")
    await keep(call, [*dict.fromkeys([*bound, body.vpcId])])
    return done(call)


async def list_vpc_bindings(call: Call) -> Response:
    return answer(call, {"vpcIds": await bindings_of(call)})


async def delete_vpc_binding(call: Call) -> Response:
    await keep(call, [bound for bound in await bindings_of(call) if bound != call.names["vpc"]])
    return done(call)


async def bindings_of(call: Call) -> Sequence[str]:
    service = await call.platform.services.get(call.account_id, call.names["service"])
    return service.config.get(BINDINGS, [])


async def keep(call: Call, bound: Sequence[str]) -> None:
    changes = ServiceChanges(config={BINDINGS: bound})
    await call.platform.services.update(call.account_id, call.names["service"], changes)

"""Configurations of functions by qualifier: instances kept and allowed, asynchronous invocations. Source: fc contract
1.4 to 1.6.

The same for all kinds and protocols; what differs is which members an answer adds.
"""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any

import msgspec

from liuyun.clock import rfc3339
from liuyun.errors import Invalid, MalformedDocument, ProvisionConfigNotFound
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.router import Route
from liuyun.gateway.http import Response
from liuyun.model.configuration import ConfigKind, Configuration, Target
from liuyun.model.function import own_service
from liuyun.model.release import LATEST

Handler = Callable[[Call], Awaitable[Response]]
# What is kept where nothing was set: after `s provision remove` the vendor's tool asks until nothing is current.
NONE_KEPT: Mapping[str, Any] = {"target": 0}
PATHS = {
    ConfigKind.PROVISION: ("provision-config", "ProvisionConfig"),
    ConfigKind.ON_DEMAND: ("on-demand-config", "OnDemandConfig"),
    ConfigKind.ASYNC: ("async-invoke-config", "AsyncInvokeConfig"),
    ConfigKind.CONCURRENCY: ("concurrency", "ConcurrencyConfig"),
}


def routes(function: str, *kinds: ConfigKind) -> Iterator[Route]:
    """To set, read and remove each kind, below the path of a function."""
    for kind in kinds:
        path, name = PATHS[kind]
        yield Route("PUT", f"{function}/{path}", f"Put{name}", putting(kind))
        yield Route("GET", f"{function}/{path}", f"Get{name}", getting(kind))
        yield Route("DELETE", f"{function}/{path}", f"Delete{name}", deleting(kind))


def putting(kind: ConfigKind) -> Handler:
    async def put(call: Call) -> Response:
        target = target_of(call, kind)
        configuration = await call.platform.catalog.configurations.put(kind, target, document_of(call))
        return answer(call, body(configuration, call))

    return put


def getting(kind: ConfigKind) -> Handler:
    async def get(call: Call) -> Response:
        target = target_of(call, kind)
        try:
            found = await call.platform.catalog.configurations.get(kind, target)
        except ProvisionConfigNotFound:
            found = Configuration(target, kind, NONE_KEPT)
        return answer(call, body(found, call))

    return get


def deleting(kind: ConfigKind) -> Handler:
    async def delete(call: Call) -> Response:
        await call.platform.catalog.configurations.delete(kind, target_of(call, kind))
        return done(call)

    return delete


def listing_of(kind: ConfigKind, member: str) -> Handler:
    """All of the account, or those of a service, a function or a qualifier that the call names."""

    async def every(call: Call) -> Response:
        page = call.platform.catalog.configurations.list(kind, call.account_id, listing(call.query()), wanted(call))
        found = [body(configuration, call) for configuration in page.items]
        return answer(call, {member: found, **next_token(page.next_key)})

    return every


def target_of(call: Call, kind: ConfigKind) -> Target:
    """A function has one concurrency configuration, whatever it is called by."""
    service, qualifier = call.service_and_qualifier()
    if kind is ConfigKind.CONCURRENCY:
        qualifier = LATEST
    return Target(call.account_id, service, qualifier or LATEST, call.names["function"])


def wanted(call: Call) -> Target:
    query = call.query()
    function = call.names.get("function") or query.get("functionName", "")
    service = call.names.get("service") or query.get("serviceName", "")
    if call.dialect.serviceless:
        service = own_service(function) if function else ""
    elif not service and query.get("qualifier"):
        raise Invalid("serviceName is required where qualifier is given")
    return Target(call.account_id, service, query.get("qualifier", ""), function)


def document_of(call: Call) -> Mapping[str, Any]:
    try:
        return msgspec.json.decode(call.request.body or b"{}", type=dict[str, Any])
    except msgspec.ValidationError:
        raise Invalid("the body must be a JSON object") from None
    except msgspec.DecodeError as error:
        raise MalformedDocument(f"the body is not JSON: {error}") from None


def body(configuration: Configuration, call: Call) -> dict[str, Any]:
    target, document = configuration.target, dict(configuration.document)
    if configuration.kind is ConfigKind.ASYNC:
        document["createdTime"] = rfc3339(configuration.created_at)
        document["lastModifiedTime"] = rfc3339(configuration.updated_at)
    if configuration.kind is ConfigKind.PROVISION:
        document |= provisioned(configuration, call)
    if call.dialect.serviceless:
        return {"functionArn": arn(target, call.platform.region), **document}
    match configuration.kind:
        case ConfigKind.PROVISION:
            resource = f"{target.account_id}#{target.service}#{target.qualifier}#{target.function}"
            return {"resource": resource, **document}
        case ConfigKind.ASYNC:
            named = {"service": target.service, "function": target.function, "qualifier": target.qualifier}
            return {**named, **document}
        case _:
            return {"resource": f"services/{target.service}.{target.qualifier}/functions/{target.function}", **document}


def provisioned(configuration: Configuration, call: Call) -> dict[str, Any]:
    """How many instances are wanted now, which schedules and policies decide, and how many there are."""
    document = configuration.document
    default = document.get("defaultTarget", document.get("target", 0))
    state = call.platform.provisioned(configuration.target)
    return {"defaultTarget": default, "target": state.target, "current": state.current, "currentError": state.error}


def arn(target: Target, region: str) -> str:
    qualifier = "" if target.qualifier == LATEST else f"/{target.qualifier}"
    return f"acs:fc:{region}:{target.account_id}:functions/{target.function}{qualifier}"

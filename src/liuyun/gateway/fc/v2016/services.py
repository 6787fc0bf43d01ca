"""Services, their tags, and the account. Source: fc contract 1.4."""

import re
from typing import Any

from liuyun.clock import rfc3339
from liuyun.errors import Invalid
from liuyun.gateway.fc.call import Call, answer, done, listing, next_token
from liuyun.gateway.fc.v2016.bodies import ServiceBody, TagBody, read
from liuyun.gateway.http import Response
from liuyun.model.function import Service

BINDINGS = "vpcBindings"  # answered by operations of their own
RESOURCE = re.compile(r"(?:acs:fc:[^:]*:[^:]*:)?services/(?P<service>[^/]+)")


async def create_service(call: Call) -> Response:
    body = await read(ServiceBody, call.request.body)
    service = await call.platform.services.create(call.account_id, body.serviceName or "", body.changes())
    return answer(call, service_body(service), etag=service.etag)


async def get_service(call: Call) -> Response:
    name, qualifier = call.service_and_qualifier()
    service = await call.platform.services.get(call.account_id, name, qualifier)
    return answer(call, service_body(service), etag=service.etag)


async def update_service(call: Call) -> Response:
    body = await read(ServiceBody, call.request.body)
    service = await call.platform.services.update(
        call.account_id, call.names["service"], body.changes(), if_match=call.if_match
    )
    return answer(call, service_body(service), etag=service.etag)


async def delete_service(call: Call) -> Response:
    await call.platform.services.delete(call.account_id, call.names["service"], if_match=call.if_match)
    return done(call)


async def list_services(call: Call) -> Response:
    query = call.query()
    tags = {name.removeprefix("tag_"): value for name, value in query.items() if name.startswith("tag_")}
    page = await call.platform.services.list(call.account_id, listing(query), tags)
    return answer(call, {"services": [service_body(service) for service in page.items], **next_token(page.next_key)})


async def tag_resource(call: Call) -> Response:
    body = await read(TagBody, call.request.body)
    tags = {name: value or "" for name, value in (body.tags or {}).items()}
    if not tags:
        raise Invalid("tags must have at least one tag")
    await call.platform.services.tag(call.account_id, tagged_service(body.resourceArn), tags)
    return answer(call, {"requestId": call.request.request_id})


async def untag_resource(call: Call) -> Response:
    """Python's client reads the answer as JSON (fc contract 1.3)."""
    body = await read(TagBody, call.request.body)
    every = None if body.all and not body.tagKeys else body.tagKeys or []
    await call.platform.services.untag(call.account_id, tagged_service(body.resourceArn), every)
    return answer(call, {"requestId": call.request.request_id})


async def get_resource_tags(call: Call) -> Response:
    service = tagged_service(call.query().get("resourceArn", ""))
    tags = await call.platform.services.tags(call.account_id, service)
    arn = f"acs:fc:{call.platform.region}:{call.account_id}:services/{service}"
    return answer(call, {"requestId": call.request.request_id, "resourceArn": arn, "tags": tags})


async def list_tagged_resources(call: Call) -> Response:
    """The services that have tags."""
    page = await call.platform.services.list(call.account_id, listing(call.query()))
    prefix = f"acs:fc:{call.platform.region}:{call.account_id}:services/"
    tags = [await call.platform.services.tags(call.account_id, service.name) for service in page.items]
    tagged = [
        {"resourceArn": f"{prefix}{service.name}", "tags": own}
        for service, own in zip(page.items, tags, strict=True)
        if own
    ]
    return answer(call, {"resources": tagged, **next_token(page.next_key)})


async def list_reserved_capacities(call: Call) -> Response:
    """Nobody sells capacity here."""
    return answer(call, {"reservedCapacities": []})


async def get_account_settings(call: Call) -> Response:
    return answer(call, {"availableAZs": [f"{call.platform.region}-a"]})


def tagged_service(resource: str) -> str:
    found = RESOURCE.fullmatch(resource)
    if found is None:
        raise Invalid(f"resourceArn must name a service, as services/NAME does, but is '{resource[:200]}'")
    return found["service"]


def service_body(service: Service) -> dict[str, Any]:
    return {
        "serviceName": service.name,
        "serviceId": service.service_id,
        "description": service.description,
        "role": service.role,
        "internetAccess": service.internet_access,
        **{name: value for name, value in service.config.items() if name != BINDINGS},
        "createdTime": rfc3339(service.created_at),
        "lastModifiedTime": rfc3339(service.updated_at),
    }

"""Requests that are for a function by their Host header, whatever their path: custom domains, and the names that
functions of FC 3.0 have by themselves, `{function}.{region}.fcapp.run` (fc contract 3.6).

Nobody's name server knows the latter here; a client on this machine says the name itself, as in `curl -H 'Host: …'`.
"""

from liuyun.catalog.domain_routes import routed
from liuyun.errors import RouteNotFound, SchemeRefused
from liuyun.gateway.fc.call import V2016, V2023, Call
from liuyun.gateway.fc.http_triggers import FORWARDED_PROTO, SECURE, invoke_http
from liuyun.gateway.fc.router import ANY, Match, Route
from liuyun.gateway.http import Request, Response
from liuyun.model.domain import Domain
from liuyun.model.function import own_service

DEFAULT = ".fcapp.run"
PERMANENT_REDIRECT = 308  # unlike 301, the method stays


async def redirect(call: Call) -> Response:
    """To the same address by TLS: who came by the standard port finds the standard port, others find ours."""
    request = call.request
    _, named, _ = request.headers.get("host").partition(":")
    port = f":{call.platform.tls_port}" if named and call.platform.tls_port not in {0, 443} else ""
    location = f"https://{request.host}{port}{request.target}"
    return Response(PERMANENT_REDIRECT, b"", [("Location", location), ("X-Fc-Request-Id", request.request_id)])


BY_HOST = Route(ANY, "", "InvokeHttp", invoke_http)
TO_HTTPS = Route(ANY, "", "RedirectToHttps", redirect)


def on_domain(domain: Domain, request: Request) -> Match:
    """A request on a custom domain is for an HTTP trigger, whatever its path.

    Raises RouteNotFound, MethodRefused or SchemeRefused.
    """
    if request.scheme == SECURE:
        if not domain.is_secure:
            raise SchemeRefused(f"the custom domain {domain.name} takes no HTTPS: its protocol is HTTP")
    elif not domain.is_plain and request.headers.get(FORWARDED_PROTO) != SECURE:  # which a proxy has ended
        request.facts["domain"] = domain
        request.facts["dialect"] = V2016
        return Match(TO_HTTPS, {})
    found = routed(domain, request.raw_path, request.method)
    if found is None:
        raise RouteNotFound(domain.name, request.path)
    request.facts["domain"] = domain
    request.facts["dialect"] = V2016
    qualifier = f".{found.qualifier}" if found.qualifier else ""
    names = {"service": found.service + qualifier, "function": found.function, "rest": found.path}
    return Match(BY_HOST, names)


def default_function(host: str) -> str:
    """The function whose own host name this is; empty if it is none of these."""
    name = host.partition(":")[0]
    if not name.endswith(DEFAULT):
        return ""
    function, _, region = name.removesuffix(DEFAULT).partition(".")
    return function if region and "." not in region else ""


def on_default(function: str, request: Request) -> Match:
    request.facts["dialect"] = V2023
    return Match(BY_HOST, {"service": own_service(function), "function": function, "rest": request.raw_path})

"""Who asks, and whether they may: checked for every route before it runs. What is open is in one list, here.

- A browser sends the session's cookie; a change must also carry the token that only the console's own pages know.
- A program signs with an access key (ACS3-HMAC-SHA256), as with the vendor's newer APIs.
- A function asks without either, out of its sandbox: the socket says which function it is. It may read configuration.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Annotated, Any, cast

from fastapi import Depends, Request

from liuyun.errors import CrossSite, Denied, MissingCredentials
from liuyun.gateway.console.parts import Parts, parts_of
from liuyun.identity.audit import Audit
from liuyun.identity.signatures import acs3
from liuyun.model.account import PrincipalKind
from liuyun.model.people import Role

COOKIE = "liuyun_session"
CSRF = "x-csrf-token"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# (method, path) of what anybody may ask.
OPEN = frozenset({("POST", "/api/session"), ("GET", "/api/session"), ("GET", "/api/openapi.json")})
# What everybody who is signed in may do about themselves.
OWN = frozenset({("DELETE", "/api/session"), ("PUT", "/api/session/password")})
# What the operator may open to everybody, and what changes nothing, though it is no GET.
PLAYGROUND = frozenset(
    {("GET", "/api/playground"), ("POST", "/api/playground/run"), ("POST", "/api/playground/stream")}
)
PAGES = ("/console", "/playground")  # the same files for everybody; what they show comes through the API
FOR_FUNCTIONS = ("/api/config/values",)


@dataclass(frozen=True, slots=True)
class Caller:
    """`function`: it asks out of its sandbox, and this is its name. `access_key`: the user's key that signed;
    `is_root`: the account's own did, which is nobody's.
    """

    name: str
    role: Role
    token: str = ""
    function: str = ""
    access_key: str = ""
    is_root: bool = False
    request_id: str = ""
    ip: str = ""

    async def did(self, audit: Audit, action: str, resource: str, **facts: Any) -> None:
        """Into the audit log."""
        if self.access_key:
            facts["byKey"] = self.access_key
        await audit.record(self.name, action, resource, request_id=self.request_id, ip=self.ip, **facts)


async def authenticate(request: Request) -> None:
    """Every route begins with it (`bodies.ConsoleRouter`). Raises what says that nobody may pass as they are."""
    path = cast(str, request.scope["path"])  # not the URL's, which is made with what a Host header says
    asked = (request.method, path)
    if request.method not in SAFE and from_elsewhere(request):
        raise CrossSite(
            "cross_site",
            "A change may be asked for only by the console's own pages, and this comes from another site's.",
        )
    if asked in OPEN or (request.method == "GET" and path.startswith(PAGES)):
        return
    if asked in PLAYGROUND and parts_of(request).playground.is_open:
        return
    caller = await caller_of(request, parts_of(request))
    if caller.function and not path.startswith(FOR_FUNCTIONS):
        raise Denied(
            "function_may_read",
            "the function {function} may read configuration here, and nothing else",
            function=caller.function,
        )
    own = asked in OWN or asked in PLAYGROUND
    if request.method not in SAFE and not own and not caller.role.includes(Role.OPERATOR):
        raise Denied(
            "role_may_look",
            "{name} is a {role}, who may look but change nothing",
            name=caller.name,
            role=caller.role.phrase,
        )
    ip = request.client.host if request.client else ""
    request.state.caller = replace(caller, request_id=request.state.request_id, ip=ip)


def from_elsewhere(request: Request) -> bool:
    """Whether a page of another site made a browser ask. Programs say neither. `Sec-Fetch-Site` is right behind a proxy
    that changes the host's name too, but browsers send it only over HTTPS and on the machine itself.
    """
    if site := request.headers.get("sec-fetch-site"):
        return site not in {"same-origin", "none"}
    origin, host = request.headers.get("origin"), request.headers.get("host", "").lower()
    return origin is not None and origin.lower() not in {f"http://{host}", f"https://{host}"}


async def caller_of(request: Request, parts: Parts) -> Caller:
    """Raises Unauthenticated, CrossSite or Denied."""
    instance: Any = request.scope.get("liuyun.instance")
    if instance is not None:
        return Caller("function", Role.VIEWER, function=f"{instance.service}/{instance.function}")
    if request.headers.get("authorization", "").startswith(acs3.SCHEME):
        return await by_signature(request, parts)
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise MissingCredentials(
            "sign_in_first", "Sign in first (POST /api/session), or sign the request with an access key."
        )
    user = await parts.sessions.who(token)
    if request.method not in SAFE and not parts.sessions.csrf_right(token, request.headers.get(CSRF, "")):
        raise CrossSite(
            "csrf_missing", "A change needs the header {csrf}, whose value GET /api/session tells.", csrf=CSRF
        )
    return Caller(user.name, user.role, token=token)


async def by_signature(request: Request, parts: Parts) -> Caller:
    path = cast(bytes, request.scope["raw_path"]).decode("latin-1")
    query = cast(bytes, request.scope["query_string"]).decode("latin-1")
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw]
    signed = acs3.read(request.method, path, query, headers, await request.body())
    principal = parts.authenticator.authenticate(signed)
    if principal.kind is PrincipalKind.FUNCTION:
        raise Denied(
            "function_not_here",
            "the credentials of function {resource} may not use the console's API",
            resource=principal.resource,
        )
    if principal.kind is PrincipalKind.USER:
        return Caller(principal.user, principal.role, access_key=principal.access_key_id)
    return Caller(principal.access_key_id, Role.ADMINISTRATOR, is_root=True)


async def role_now(caller: Caller, parts: Parts) -> Role:
    """For what takes long: which role the one who asked has by now. Raises Unauthenticated if they may ask no more."""
    if caller.token:
        return (await parts.sessions.still(caller.token)).role
    found = parts.authenticator.still(caller.access_key or caller.name)
    return found.role if caller.access_key else caller.role


def caller(request: Request) -> Caller:
    return cast("Caller", request.state.caller)


def at_least(role: Role) -> Callable[[Request], Awaitable[Caller]]:
    async def check(request: Request) -> Caller:
        found = caller(request)
        if not found.role.includes(role):
            raise Denied(
                "role_needed",
                "{name} is a {role}; this needs the role {needed}",
                name=found.name,
                role=found.role.phrase,
                needed=role.phrase,
            )
        return found

    return check


Anybody = Annotated[Caller, Depends(caller)]
Operator = Annotated[Caller, Depends(at_least(Role.OPERATOR))]
Administrator = Annotated[Caller, Depends(at_least(Role.ADMINISTRATOR))]
ThePlatform = Annotated[Parts, Depends(parts_of)]

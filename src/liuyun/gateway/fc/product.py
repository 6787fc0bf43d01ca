"""Function compute on the shared port: whose request it is, whether its caller may, and which handler answers."""

from collections.abc import Awaitable, Callable

from liuyun.catalog.code import CodePackages
from liuyun.catalog.functions import Functions
from liuyun.catalog.resolve import Resolver
from liuyun.catalog.services import Services
from liuyun.errors import MissingCredentials, OperationUnknown, PlatformError, TriggerRefused
from liuyun.gateway.fc.call import Call, Platform
from liuyun.gateway.fc.code_links import CodeLinks
from liuyun.gateway.fc.errors import answer_error, status_and_code
from liuyun.gateway.fc.http_triggers import must_be_signed
from liuyun.gateway.fc.router import Match, Router
from liuyun.gateway.fc.v2016.routes import ROUTES
from liuyun.gateway.http import Request, Response
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.policy import authorise
from liuyun.identity.signatures import fc
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.model.account import Principal
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.settings import Limits
from liuyun.triggers.lifecycle import Triggers

PREFIX = "/2016-08-15/"
VENDOR_HOSTS = ".aliyuncs.com"
# Operations that need no signature of their own: an HTTP trigger may be anonymous, a link carries its proof.
OPEN = frozenset({"InvokeHttp", "DownloadCode"})
WITH_CODE = frozenset({"CreateFunction", "UpdateFunction"})
INVOCATIONS = frozenset({"InvokeFunction", "InvokeHttp"})


class FcProduct:
    name = "fc"

    def __init__(
        self,
        *,
        services: Services,
        functions: Functions,
        triggers: Triggers,
        resolver: Resolver,
        code: CodePackages,
        links: CodeLinks,
        logs: InvocationLogs,
        invoke: Callable[[Invocation], Awaitable[InvocationResult]],
        authenticator: Authenticator,
        limits: Limits,
        account_id: str,
        region: str,
    ) -> None:
        self._platform = Platform(services, functions, triggers, resolver, code, links, logs, invoke, region)
        self._authenticator = authenticator
        self._account_id = account_id
        self._router = Router(ROUTES)
        self._invocation_bytes = limits.invocation_bytes
        self._request_bytes = limits.request_bytes
        self._code_request_bytes = limits.code_bytes * 4 // 3 + limits.request_bytes  # base64, and the rest

    def matches(self, request: Request) -> bool:
        """By vendor host name if it is one, else by the protocol's version in the path."""
        host = request.headers.get("host")
        if VENDOR_HOSTS in host:
            return ".fc." in host
        return request.raw_path.startswith(PREFIX)

    def max_body(self, request: Request) -> int:
        match = request.facts["match"] = self._match(request)
        operation = match.route.operation if match else ""
        if operation in INVOCATIONS:
            return self._invocation_bytes
        return self._code_request_bytes if operation in WITH_CODE else self._request_bytes

    async def authenticate(self, request: Request) -> Principal | None:
        match: Match | None = request.facts["match"]
        http_trigger = match is not None and match.route.operation == "InvokeHttp"
        if match is not None and match.route.operation in OPEN:
            account_id = self._account_of(request)
            if not http_trigger or not await must_be_signed(self._platform, account_id, match.names, request):
                return None
        if "authorization" not in request.headers:
            raise unsigned(http_trigger=http_trigger)
        signed = fc.read(
            request.method, request.raw_path, request.query, request.headers.raw, http_trigger=http_trigger
        )
        return self._authenticator.authenticate(signed)

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        match: Match | None = request.facts["match"]
        if match is None:
            raise OperationUnknown(f"{request.method[:20]} {request.path[:200]} is not an operation of this platform")
        if principal is not None:
            authorise(principal, self.name, match.route.operation)
        account_id = principal.account_id if principal else self._account_of(request)
        return await match.route.handler(Call(request, account_id, match.names, self._platform))

    def render_error(self, error: PlatformError, request: Request) -> Response:
        status, code = status_and_code(type(error))
        response = answer_error(status, code, error.message, request)
        if allowed := error.facts.get("allowed"):
            response.headers.append(("Allow", str(allowed)))
        return response

    def render_fault(self, request: Request) -> Response:
        return answer_error(500, "InternalServerError", "an internal error has occurred; please retry", request)

    def _match(self, request: Request) -> Match | None:
        if not request.raw_path.startswith(PREFIX):
            return None
        return self._router.match(request.method, request.raw_path[len(PREFIX) :])

    def _account_of(self, request: Request) -> str:
        """Whose function an unsigned request means: the vendor's host names begin with the account."""
        host = request.headers.get("host")
        account_id = host.partition(".")[0] if VENDOR_HOSTS in host else ""
        return account_id if account_id.isdigit() else self._account_id


def unsigned(*, http_trigger: bool) -> PlatformError:
    if http_trigger:
        return TriggerRefused("the HTTP trigger takes only signed requests: its authType is function")
    return MissingCredentials("The HTTP header 'Authorization' must be specified.")

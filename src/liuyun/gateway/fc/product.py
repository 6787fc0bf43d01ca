"""Function compute on the shared port: whose request it is, whether its caller may, and which handler answers."""

from collections.abc import Awaitable, Callable, Sequence

from liuyun.asynchronous.service import Asynchronous
from liuyun.catalog.catalog import Catalog
from liuyun.errors import (
    FunctionNotFound,
    MissingCredentials,
    OperationUnknown,
    Phrase,
    PlatformError,
    ServiceNotFound,
    TriggerRefused,
)
from liuyun.gateway.fc.call import V2016, V2021, V2023, BeginCall, Call, Dialect, Platform
from liuyun.gateway.fc.changes import changed
from liuyun.gateway.fc.code_links import CodeLinks
from liuyun.gateway.fc.errors import answer_error, status_and_code
from liuyun.gateway.fc.hosts import TO_HTTPS, default_function, on_default, on_domain
from liuyun.gateway.fc.http_triggers import WHOLE, invocation_of, must_be_signed
from liuyun.gateway.fc.invoking import event_call
from liuyun.gateway.fc.prompt import Plan, PromptCall, adapted, is_open_at_hand, is_plain, suits
from liuyun.gateway.fc.router import Match, Router
from liuyun.gateway.fc.v2016.routes import ROUTES as ROUTES_2016
from liuyun.gateway.fc.v2021.routes import ROUTES as ROUTES_2021
from liuyun.gateway.fc.v2023.routes import ROUTES as ROUTES_2023
from liuyun.gateway.http import Request, Response
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.policy import authorise, is_change
from liuyun.identity.signatures import acs3, fc
from liuyun.identity.signatures.signed import Signed
from liuyun.identity.temporary import TemporaryCredentials
from liuyun.logs.invocation_logs import InvocationLogs
from liuyun.logs.invocation_records import InvocationRecords
from liuyun.model.account import Principal
from liuyun.model.configuration import Target
from liuyun.model.domain import Domain
from liuyun.model.function import is_own, own_service
from liuyun.model.instance import ShownInstance
from liuyun.model.invocation import Invocation, InvocationResult
from liuyun.model.provisioned import Provisioned
from liuyun.objects.uploads import Uploads
from liuyun.observability.traces import Traces
from liuyun.settings import Limits
from liuyun.triggers.lifecycle import Triggers

PROTOCOLS = ((V2016, ROUTES_2016), (V2021, ROUTES_2021), (V2023, ROUTES_2023))
PREFIX_LENGTH = len(V2016.prefix)
VENDOR_HOSTS = ".aliyuncs.com"
INVOKE, INVOKE_HTTP = "InvokeFunction", "InvokeHttp"
PLAN = "plan"  # in the memory of a head, and among a request's facts
MOST_ADDRESSES, LONG_ADDRESS = 4096, 256  # of invocations, that are remembered; and which is too long for that
# Operations that need no signature of their own: an HTTP trigger may be anonymous, a link carries its proof.
OPEN = frozenset({INVOKE_HTTP, TO_HTTPS.operation, "DownloadCode"})
WITH_CODE = frozenset({"CreateFunction", "UpdateFunction", "CreateLayerVersion"})


class FcProduct:
    name = "fc"

    def __init__(
        self,
        *,
        catalog: Catalog,
        triggers: Triggers,
        links: CodeLinks,
        logs: InvocationLogs,
        records: InvocationRecords,
        traces: Traces,
        invoke: Callable[[Invocation], Awaitable[InvocationResult]],
        begin: BeginCall,
        asynchronous: Asynchronous,
        authenticator: Authenticator,
        uploads: Uploads,
        temporary: TemporaryCredentials,
        limits: Limits,
        account_id: str,
        region: str,
        tls_port: int,
        provisioned: Callable[[Target], Provisioned],
        instances: Callable[[str, str, str], Sequence[ShownInstance]],
        abort: Callable[[str, str, str, Phrase], None],
    ) -> None:
        self._platform = Platform(
            catalog, triggers, links, logs, records, traces, invoke, begin, asynchronous, region, provisioned,
            instances, abort, uploads, temporary, limits.code_bytes, limits.invocation_bytes, tls_port,
        )  # fmt: skip
        self._authenticator = authenticator
        self._account_id = account_id
        self._protocols = {dialect.prefix: (dialect, Router(routes)) for dialect, routes in PROTOCOLS}
        self._invocations: dict[tuple[str, str], tuple[Match, Dialect]] = {}
        self._invocation_bytes = limits.invocation_bytes
        self._request_bytes = limits.request_bytes
        self._code_request_bytes = limits.code_bytes * 4 // 3 + limits.request_bytes  # base64, and the rest

    def matches(self, request: Request) -> bool:
        """By vendor host name if it is one, else by the protocol's version in the path."""
        host = request.headers.get("host")
        if VENDOR_HOSTS in host:
            return ".fc." in host
        return (
            request.raw_path[:PREFIX_LENGTH] in self._protocols
            or self._platform.catalog.domains.of_host(host) is not None
            or default_function(host) != ""
        )

    def begin(self, request: Request, answer: Callable[[Response], None]) -> bool:
        """Takes calls of functions that may begin at once."""
        prompt = PromptCall(self, request, answer)
        try:
            plan = self._remembered(request) or self._plan(request)
            if plan is None:
                return False
            account_id = self._admitted(request, plan)
            return account_id is not None and prompt.begin(plan, account_id, self._platform.begin)
        except Exception as error:  # noqa: BLE001 - what nobody expected is logged
            prompt.fail(error)
            return True

    def _remembered(self, request: Request) -> Plan | None:
        """What was found out from a head of the same kind."""
        plan: Plan | None = None if request.memory is None else request.memory.get(PLAN)
        if plan is None or not suits(plan, request):
            return None
        request.facts = plan.facts.copy()
        if not (request.varied or plan.varied):
            return plan
        try:
            return adapted(plan, request) if is_plain(request, self._invocation_bytes) else None
        except PlatformError:
            return None  # which is told by the long way

    def _plan(self, request: Request) -> Plan | None:
        """None for what isn't a plain call. Raises what finding its address does."""
        match = request.facts["match"] = self._match(request)
        operation = match.route.operation if match else ""
        if match is None or operation not in {INVOKE, INVOKE_HTTP} or not is_plain(request, self._invocation_bytes):
            return None
        by_url = operation == INVOKE_HTTP
        if not by_url and "authorization" not in request.headers:
            return None
        call = self._call(request, match, self._account_of(request) if by_url else "")
        try:
            invocation = invocation_of(call, None) if by_url else event_call(call)
            claimed = None if by_url or is_acs3(request) else claim(request, http_trigger=False)
        except PlatformError:
            return None  # which is told by the long way, once it is known who asks
        plan = Plan(by_url, invocation, request.facts.copy(), claimed, varied=request.varied)
        if request.memory is not None and suits(plan, request):
            request.memory[PLAN] = plan
        return plan

    def _admitted(self, request: Request, plan: Plan) -> str | None:
        """The account whose function is called, if its caller is known to be allowed. Raises PlatformError."""
        if plan.by_url:
            admitted = is_open_at_hand(self._platform.catalog.resolver, plan.invocation, request.method)
            return plan.invocation.account_id if admitted else None
        request.body = request.whole or b""  # that may be signed as well
        principal = self._authenticator.authenticate(plan.claim or claim(request, http_trigger=False))
        request.facts["principal"] = principal
        authorise(principal, self.name, INVOKE)
        return principal.account_id

    def _call(self, request: Request, match: Match, account_id: str) -> Call:
        return Call(request, account_id, match.names, self._platform, request.facts["dialect"])

    def max_body(self, request: Request) -> int | None:
        if "match" not in request.facts:
            request.facts["match"] = self._match(request)
        match: Match | None = request.facts["match"]
        operation = match.route.operation if match else ""
        if operation in {INVOKE_HTTP, TO_HTTPS.operation}:
            return None
        if operation == INVOKE:
            return self._invocation_bytes
        return self._code_request_bytes if operation in WITH_CODE else self._request_bytes

    async def authenticate(self, request: Request) -> Principal | None:
        if known := request.facts.get("principal"):
            return known
        match: Match | None = request.facts["match"]
        http_trigger = match is not None and match.route.operation == INVOKE_HTTP
        if match is not None and match.route.operation in OPEN:
            account_id = self._account_of(request)
            if not http_trigger or not await must_be_signed(self._platform, account_id, match.names, request):
                return None
        if "authorization" not in request.headers:
            raise unsigned(http_trigger=http_trigger)
        if http_trigger and is_acs3(request):  # which signs the body as well
            await request.read(self._invocation_bytes)
            request.facts[WHOLE] = True
        return self._authenticator.authenticate(claim(request, http_trigger=http_trigger))

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        match: Match | None = request.facts["match"]
        if match is None:
            raise OperationUnknown(f"{request.method[:20]} {request.path[:200]} is not an operation of this platform")
        if principal is not None:
            authorise(principal, self.name, match.route.operation)
            request.facts["principal"] = principal
        account_id = principal.account_id if principal else self._account_of(request)
        response = await match.route.handler(self._call(request, match, account_id))
        if is_change(self.name, match.route.operation):
            request.change = match.route.operation, changed(match.names, response)
        return response

    def render_error(self, error: PlatformError, request: Request) -> Response:
        status, code = status_and_code(kind_of(error, request.facts.get("dialect", V2016)))
        response = answer_error(status, code, error.message, request)
        if allowed := error.facts.get("allowed"):
            response.headers.append(("Allow", str(allowed)))
        return response

    def render_fault(self, request: Request) -> Response:
        return answer_error(500, "InternalServerError", "an internal error has occurred; please retry", request)

    def _match(self, request: Request) -> Match | None:
        """Invocations of one address come again and again, so what theirs mean is remembered."""
        host = request.headers.get("host")
        if domain := self._platform.catalog.domains.of_host(host):
            return on_domain(domain, request)
        if function := default_function(host):
            return on_default(function, request)
        key = (request.method, request.raw_path)
        known = self._invocations.get(key)
        if known is not None:
            match, request.facts["dialect"] = known
            return match
        match = self._find(request)
        if (
            match is not None
            and match.route.operation in {INVOKE, INVOKE_HTTP}
            and len(request.raw_path) < LONG_ADDRESS
        ):
            if len(self._invocations) == MOST_ADDRESSES:
                self._invocations.clear()
            self._invocations[key] = (match, request.facts["dialect"])
        return match

    def _find(self, request: Request) -> Match | None:
        protocol = self._protocols.get(request.raw_path[:PREFIX_LENGTH])
        if protocol is None:
            return None
        dialect, router = protocol
        request.facts["dialect"] = dialect
        match = router.match(request.method, request.raw_path[PREFIX_LENGTH:])
        if match is not None:
            find_service(match.names, dialect)
        return match

    def _account_of(self, request: Request) -> str:
        """Whose function an unsigned request means: the vendor's host names begin with the account."""
        domain: Domain | None = request.facts.get("domain")
        if domain is not None:
            return domain.account_id
        host = request.headers.get("host")
        account_id = host.partition(".")[0] if VENDOR_HOSTS in host else ""
        return account_id if account_id.isascii() and account_id.isdigit() else self._account_id


def find_service(names: dict[str, str], dialect: Dialect) -> None:
    """Gives a function without a service its own; nobody else gets to see one."""
    if dialect.serviceless and (function := names.get("function")):
        names["service"] = own_service(function)  # with the qualifier, where it stands in the path
        names["function"] = function.partition(".")[0]
    elif is_own(service := names.get("service", "")):
        raise ServiceNotFound(service)


def kind_of(error: PlatformError, dialect: Dialect) -> type[PlatformError]:
    """Where a function's own service isn't, the caller misses the function."""
    if dialect.serviceless and isinstance(error, ServiceNotFound):
        return FunctionNotFound
    return type(error)


def is_acs3(request: Request) -> bool:
    return request.headers.get("authorization").startswith(acs3.SCHEME)


def claim(request: Request, *, http_trigger: bool) -> Signed:
    """Either scheme goes with each protocol: tools sign by the newer one wherever they can."""
    if is_acs3(request):
        return acs3.read(request.method, request.raw_path, request.query, request.headers.raw, request.body)
    return fc.read(request.method, request.raw_path, request.query, request.headers.raw, http_trigger=http_trigger)


def unsigned(*, http_trigger: bool) -> PlatformError:
    if http_trigger:
        return TriggerRefused("the HTTP trigger takes only signed requests: its authType is function")
    return MissingCredentials("The HTTP header 'Authorization' must be specified.")

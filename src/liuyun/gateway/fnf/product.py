"""The workflow API on the shared port: who speaks it, how a call is authenticated, which handler answers."""

from collections.abc import Callable

from liuyun.errors import Invalid, OperationUnknown, PlatformError, TooLarge
from liuyun.gateway.fnf.actions import ACTIONS, NOT_OFFERED
from liuyun.gateway.fnf.answers import answer
from liuyun.gateway.fnf.call import Call, Services
from liuyun.gateway.fnf.errors import ParameterMissing, VersionUnknown, status_and_code
from liuyun.gateway.fnf.parameters import Parameters, pairs
from liuyun.gateway.fnf.prompt import PROMPT, SHORT_BYTES, PromptCall
from liuyun.gateway.http import Request, Response
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.policy import authorise, is_change
from liuyun.identity.signatures import acs3, rpc
from liuyun.model.account import Principal
from liuyun.workflow.executions import Executions
from liuyun.workflow.flows import Flows

VERSION = "2019-03-15"
PAYLOAD_BYTES = 1024 * 1024  # fnf contract 3.8
ENCODED_BYTES = 3 * PAYLOAD_BYTES + 64 * 1024  # the same once every byte of it became %XX


class FnfProduct:
    name = "fnf"

    def __init__(self, *, flows: Flows, executions: Executions, authenticator: Authenticator, region: str) -> None:
        self._services = Services(flows, executions, region)
        self._authenticator = authenticator

    def matches(self, request: Request) -> bool:
        """By vendor host name, or by what only RPC calls have; Node's client keeps everything in the body."""
        labels = request.host.split(".")
        if labels[-2:] == ["aliyuncs", "com"]:
            return "fnf" in labels
        named = "x-acs-action" in request.headers or "Action=" in request.query
        return request.raw_path == "/" and (named or request.method == "POST")

    def max_body(self, request: Request) -> int:  # noqa: ARG002 - the same for all
        return ENCODED_BYTES

    def begin(self, request: Request, answer: Callable[[Response], None]) -> bool:
        """Takes what `PROMPT` has, where it needs nothing but what is in memory."""
        prompt = PromptCall(self, request, answer)
        request.body = request.whole or b""
        if len(request.body) > SHORT_BYTES:
            return False
        try:
            principal = request.facts["principal"] = self._authenticate(request)
            action, call = self._admitted(request, principal)
            begin = PROMPT.get(action)
            return begin is not None and prompt.begin(begin, call)
        except Exception as error:  # noqa: BLE001 - what nobody expected is logged
            prompt.fail(error)
            return True

    async def authenticate(self, request: Request) -> Principal:
        return request.facts.get("principal") or self._authenticate(request)

    def _authenticate(self, request: Request) -> Principal:
        sent = pairs(request)
        request.facts["parameters"] = dict(sent)
        if request.headers.get("authorization").startswith(acs3.SCHEME):
            signed = acs3.read(request.method, request.raw_path, request.query, request.headers.raw, request.body)
        else:
            signed = rpc.read(request.method, sent)
        return self._authenticator.authenticate(signed)

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        assert principal is not None, "every action is signed"
        action, call = self._admitted(request, principal)
        body = await ACTIONS[action](call)
        if is_change(self.name, action):
            request.change = action, changed(request.facts["parameters"])
        return answer(200, {"RequestId": request.request_id, **body})

    def _admitted(self, request: Request, principal: Principal) -> tuple[str, Call]:
        """What is asked for, if its caller may. Raises PlatformError."""
        values: dict[str, str] = request.facts["parameters"]
        check_size(values)
        check_protocol(request, values)
        action = values.get("Action") or request.headers.get("x-acs-action")
        if action not in ACTIONS:
            raise not_offered(action)
        authorise(principal, self.name, action)
        return action, Call(request, principal.account_id, Parameters(values), self._services)

    def render_error(self, error: PlatformError, request: Request) -> Response:
        status, code = status_and_code(type(error))
        return self._error(status, code, error.message, request)

    def render_fault(self, request: Request) -> Response:
        return self._error(500, "InternalServerError", "An internal error has occurred. Please retry.", request)

    def _error(self, status: int, code: str, message: str, request: Request) -> Response:
        body = {"RequestId": request.request_id, "HostId": request.host, "Code": code, "Message": message}
        return answer(status, body)


def changed(values: dict[str, str]) -> str:
    """The flow, and its execution if that is meant."""
    names = values.get("FlowName") or values.get("Name", ""), values.get("ExecutionName", "")
    return "/".join(filter(None, names))


def check_size(values: dict[str, str]) -> None:
    if sum(len(value.encode()) for value in values.values()) > PAYLOAD_BYTES:
        raise TooLarge(f"payload size exceeds maximum allowed size ({PAYLOAD_BYTES} bytes)", limit=PAYLOAD_BYTES)


def check_protocol(request: Request, values: dict[str, str]) -> None:
    if request.method not in {"GET", "POST"}:
        raise Invalid(f"Parameter error. The HTTP method must be GET or POST, not {request.method[:20]}.")
    version = values.get("Version") or request.headers.get("x-acs-version")
    if not version:
        raise ParameterMissing("Version")
    if version != VERSION:
        raise VersionUnknown(version)
    if values.get("Format", "JSON").upper() not in {"JSON", ""}:
        raise Invalid(f"Parameter error. Format must be JSON, not '{values['Format'][:20]}'.")


def not_offered(action: str) -> PlatformError:
    if not action:
        return ParameterMissing("Action")
    if action in NOT_OFFERED:
        return OperationUnknown(f"The requested API operation '{action}' is not offered by this platform yet.")
    return OperationUnknown(f"The requested API operation '{action[:80]}' is incorrect. Please check its name.")

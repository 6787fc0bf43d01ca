"""Message Service on the shared port: who speaks it, how a call is authenticated, which handler answers."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from hashlib import md5

from liuyun.errors import DigestMismatch, PlatformError
from liuyun.gateway.http import Request, Response
from liuyun.gateway.mns import rendering
from liuyun.gateway.mns.call import Call
from liuyun.gateway.mns.errors import FAULT, explain
from liuyun.gateway.mns.prompt import Asked, Prompt, asked, claim
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.policy import authorise, is_change
from liuyun.messaging.core.notifications import VERSION
from liuyun.messaging.pushing import CERTIFICATE_PATH
from liuyun.messaging.service import Messaging
from liuyun.model.account import Principal

HOST = re.compile(r"[^.]+\.mns\.[a-z0-9-]+\.aliyuncs\.com")
PATHS = ("/queues", "/topics", "/commonbuy/openservice", CERTIFICATE_PATH)
BELOW = tuple(f"{path}/" for path in PATHS)
PRINCIPAL = "principal"  # among a request's facts
BODY_BYTES = 6 * 64 * 1024 + 64 * 1024  # the largest body once every byte of it is escaped, and what stands around it


class MnsProduct:
    name = "mns"

    def __init__(self, *, messaging: Messaging, authenticator: Authenticator) -> None:
        self._messaging = messaging
        self._authenticator = authenticator

    def matches(self, request: Request) -> bool:
        """By vendor host name, by path, or by the scheme of its signature."""
        if request.host.endswith(".aliyuncs.com"):
            return HOST.fullmatch(request.host) is not None
        path = request.raw_path
        return path in PATHS or path.startswith(BELOW) or request.headers.get("authorization").startswith("MNS ")

    def max_body(self, request: Request) -> int:  # noqa: ARG002 - the same for all
        return BODY_BYTES

    async def authenticate(self, request: Request) -> Principal | None:
        """The certificate is for everybody; all else is signed."""
        if is_certificate(request):
            return None
        known: Principal | None = request.facts.get(PRINCIPAL)
        return known or self._authenticator.authenticate(claim(request))

    def begin(self, request: Request, answer: Callable[[Response | None], None]) -> bool:
        """Takes what is one step on a queue that is known."""
        try:
            found, claimed = asked(request), claim(request)
        except PlatformError:
            return False  # which is told by the long way, once it is known who asks
        act_of = found.operation.act
        if act_of is None or len(request.whole or b"") > BODY_BYTES:
            return False
        prompt = Prompt(self, request, answer, dressed)
        try:
            request.body = request.whole or b""
            principal = request.facts[PRINCIPAL] = self._authenticator.authenticate(claimed)
            check_digest(request)
            call = self._call(request, principal, found)
            queue = self._messaging.queues.registry.at_hand(call.account_id, call.name)
            act = None if queue is None else act_of(call, queue)
            if act is None:
                return False
            prompt.begin(act, self._messaging.begin)
        except Exception as error:  # noqa: BLE001 - what nobody expected is logged
            prompt.fail(error)
        return True

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        if principal is None:
            signer = await self._messaging.signing_key.signer()
            return dressed(Response(200, signer.certificate.encode()), request, "application/x-pem-file")
        check_digest(request)
        found = asked(request)
        response = await found.operation.handle(self._call(request, principal, found))
        if is_change(self.name, found.operation.name):
            request.change = found.operation.name, "/".join(found.names)
        return dressed(response, request)

    def _call(self, request: Request, principal: Principal, found: Asked) -> Call:
        """Raises Denied."""
        authorise(principal, self.name, found.operation.name)
        return Call(request, principal, found.names, found.query, self._messaging)

    def render_error(self, error: PlatformError, request: Request) -> Response:
        status, code = explain(error)
        return self._error(status, code, error.message, request)

    def render_fault(self, request: Request) -> Response:
        return self._error(*FAULT, "An internal error has occurred. Please retry.", request)

    def _error(self, status: int, code: str, message: str, request: Request) -> Response:
        host = f"{request.scheme}://{request.headers.get('host')}"
        return dressed(Response(status, rendering.error(code, message, request_id(request), host)), request)


def is_certificate(request: Request) -> bool:
    return request.method == "GET" and request.raw_path == CERTIFICATE_PATH


def check_digest(request: Request) -> None:
    """Base64 of the digest: most clients encode its hexadecimal form, some its bytes (mns contract 1.1)."""
    claimed = request.headers.get("content-md5")
    if not claimed:
        return
    digest = md5(request.body, usedforsecurity=False)
    try:
        decoded = b64decode(claimed, validate=True)
    except (NotBase64, ValueError):
        decoded = b""
    if decoded not in (digest.digest(), digest.hexdigest().encode()):
        raise DigestMismatch(f"The Content-MD5 {claimed[:64]} is not that of the {len(request.body)} bytes received.")


def dressed(response: Response, request: Request, content_type: str = "text/xml;charset=UTF-8") -> Response:
    """Every answer carries its request id; some clients look for it there alone."""
    response.headers.append(("x-mns-request-id", request_id(request)))
    response.headers.append(("x-mns-version", VERSION))
    if response.body:
        response.headers.append(("Content-Type", content_type))
    return response


def request_id(request: Request) -> str:
    """24 hexadecimal digits, as the vendor's are; the beginning of the id in the platform's log."""
    return request.request_id.replace("-", "")[:24].upper()

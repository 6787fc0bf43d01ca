"""Message Service on the shared port: who speaks it, how a call is authenticated, which handler answers."""

import re
from base64 import b64decode
from binascii import Error as NotBase64
from hashlib import md5

from liuyun.errors import DigestMismatch, PlatformError
from liuyun.gateway.http import Request, Response
from liuyun.gateway.mns import rendering
from liuyun.gateway.mns.call import Call
from liuyun.gateway.mns.errors import FAULT, explain
from liuyun.gateway.mns.query import Query
from liuyun.gateway.mns.routes import route
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.policy import authorise
from liuyun.identity.signatures import mns
from liuyun.messaging.core.notifications import VERSION
from liuyun.messaging.pushing import CERTIFICATE_PATH
from liuyun.messaging.service import Messaging
from liuyun.model.account import Principal

HOST = re.compile(r"[^.]+\.mns\.[a-z0-9-]+\.aliyuncs\.com")
PATHS = ("/queues", "/topics", "/commonbuy/openservice", CERTIFICATE_PATH)
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
        if any(path == known or path.startswith(f"{known}/") for known in PATHS):
            return True
        return request.headers.get("authorization").startswith("MNS ")

    def max_body(self, request: Request) -> int:  # noqa: ARG002 - the same for all
        return BODY_BYTES

    async def authenticate(self, request: Request) -> Principal | None:
        """The certificate is for everybody; all else is signed."""
        if is_certificate(request):
            return None
        return self._authenticator.authenticate(mns.read(request.method, request.target, request.headers.raw))

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        if principal is None:
            signer = await self._messaging.signing_key.signer()
            return dressed(Response(200, signer.certificate.encode()), request, "application/x-pem-file")
        check_digest(request)
        query = Query(request.query)
        operation, names = route(request.method, request.path, query)
        authorise(principal, self.name, operation.name)
        return dressed(await operation.handle(Call(request, principal, names, query, self._messaging)), request)

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

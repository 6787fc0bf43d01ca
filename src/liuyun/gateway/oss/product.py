"""Object storage on the shared port and on one of its own: who speaks it, and which operation answers."""

from liuyun.errors import OperationUnknown, PlatformError
from liuyun.gateway.http import Request, Response
from liuyun.gateway.oss.address import Address, address, is_vendor_host
from liuyun.gateway.oss.call import Call
from liuyun.gateway.oss.errors import answer_error, status_and_code
from liuyun.gateway.oss.operations import Operation, operation
from liuyun.identity.authenticator import Authenticator
from liuyun.identity.policy import authorise, authorise_object, is_change
from liuyun.identity.signatures import oss
from liuyun.model.account import Principal
from liuyun.objects.storage import ObjectStorage
from liuyun.settings import Limits

VENDOR = ".aliyuncs.com"


class OssProduct:
    name = "oss"

    def __init__(
        self, *, store: ObjectStorage, authenticator: Authenticator, limits: Limits, port: int | None = None
    ) -> None:
        """`port` is the one where everything is object storage (0: there is none); None: on the shared one."""
        self._store = store
        self._authenticator = authenticator
        self._port = port
        self._request_bytes = limits.request_bytes
        self._object_bytes = limits.object_bytes

    def matches(self, request: Request) -> bool:
        """On its own port all; else by vendor host name, or by the signature, which no other product has."""
        if self._port is not None:
            return request.port == self._port != 0
        if request.host.endswith(VENDOR):
            return is_vendor_host(request.host)
        return oss.is_signed(request.query, request.headers.get("authorization"))

    def max_body(self, request: Request) -> int | None:
        place = request.facts["address"] = address(request.host, request.raw_path)
        params = request.facts["params"] = oss.parameters(request.query)
        copies = "x-oss-copy-source" in request.headers
        found = request.facts["operation"] = operation(request.method, place, params, copies=copies)
        return None if found is not None and found.streams else self._request_bytes

    async def authenticate(self, request: Request) -> Principal | None:
        place: Address = request.facts["address"]
        signed = oss.read(request.method, place.resource, request.query, request.headers.raw)
        return self._authenticator.authenticate(signed)

    async def handle(self, request: Request, principal: Principal | None) -> Response:
        assert principal is not None, "every operation is signed"
        found: Operation | None = request.facts["operation"]
        if found is None:
            raise OperationUnknown(
                f"{request.method[:20]} {request.path[:200]} with this query is not an operation of this platform"
            )
        place: Address = request.facts["address"]
        authorise(principal, self.name, found.name)
        authorise_object(principal, place.bucket, place.key)
        params: dict[str, str] = request.facts["params"]
        response = await found.handler(Call(request, principal, place, params, self._store, self._object_bytes))
        if is_change(self.name, found.name):
            request.change = found.name, place.bucket
        return response

    def render_error(self, error: PlatformError, request: Request) -> Response:
        status, code = status_and_code(type(error))
        return answer_error(status, code, error.message, request)

    def render_fault(self, request: Request) -> Response:
        return answer_error(500, "InternalError", "An internal error has occurred; please retry.", request)

"""What went wrong, in the words of function compute. Source: fc contract 1.3.

No status that clients take for a passing fault and retry in silence (500, 502, 504) stands for what a user must see.
"""

import msgspec

from liuyun.compute.outcome import FunctionNotStarted
from liuyun.errors import (
    AliasExists,
    AliasInUse,
    AliasNotFound,
    AsyncConfigNotFound,
    ClockSkewed,
    ConcurrencyConfigNotFound,
    ConcurrentUpdate,
    Conflict,
    Denied,
    DomainExists,
    DomainNotFound,
    EtagMismatch,
    FunctionDisabled,
    FunctionExists,
    FunctionNotFound,
    Invalid,
    LayerNotFound,
    LayerVersionNotFound,
    MethodRefused,
    MissingCredentials,
    MissingDate,
    NodeFull,
    NonceReplayed,
    NotFound,
    NothingToPublish,
    OnDemandConfigNotFound,
    OperationUnknown,
    PlatformError,
    ProvisionConfigNotFound,
    RouteNotFound,
    SchemeRefused,
    SecurityTokenInvalid,
    ServiceExists,
    ServiceNotEmpty,
    ServiceNotFound,
    SignatureMismatch,
    TaskEnded,
    TaskExists,
    TaskNotFound,
    Throttled,
    TooLarge,
    TriggerExists,
    TriggerNotFound,
    Unavailable,
    UnknownAccessKey,
    Unsupported,
    VersionInUse,
    VersionNotFound,
)
from liuyun.gateway.http import Request, Response

# An error without a row of its own is answered by the row of its nearest base.
TABLE: dict[type[PlatformError], tuple[int, str]] = {
    PlatformError: (503, "ServiceUnavailable"),
    Invalid: (400, "InvalidArgument"),
    TooLarge: (400, "EntityTooLarge"),
    Denied: (403, "AccessDenied"),
    MissingCredentials: (400, "MissingRequiredHeader"),
    MissingDate: (400, "MissingRequiredHeader"),
    UnknownAccessKey: (403, "InvalidAccessKeyID"),
    SignatureMismatch: (403, "SignatureNotMatch"),
    SecurityTokenInvalid: (403, "InvalidSecurityToken"),
    ClockSkewed: (403, "RequestTimeTooSkewed"),
    NonceReplayed: (403, "SignatureNonceUsed"),
    MethodRefused: (405, "MethodNotAllowed"),
    SchemeRefused: (403, "DomainProtocolNotAllowed"),
    NotFound: (404, "ResourceNotFound"),
    ServiceNotFound: (404, "ServiceNotFound"),
    FunctionNotFound: (404, "FunctionNotFound"),
    VersionNotFound: (404, "VersionNotFound"),
    AliasNotFound: (404, "AliasNotFound"),
    DomainNotFound: (404, "DomainNameNotFound"),
    RouteNotFound: (404, "DomainRouteNotFound"),
    DomainExists: (409, "DomainNameAlreadyExists"),
    LayerNotFound: (404, "LayerNotFound"),
    LayerVersionNotFound: (404, "LayerVersionNotFound"),
    TriggerNotFound: (404, "TriggerNotFound"),
    TaskNotFound: (404, "StatefulAsyncInvocationNotFound"),
    Conflict: (409, "ConcurrentUpdateError"),
    ConcurrentUpdate: (409, "ConcurrentUpdateError"),
    ServiceExists: (409, "ServiceAlreadyExists"),
    ServiceNotEmpty: (409, "ServiceNotEmpty"),
    FunctionExists: (409, "FunctionAlreadyExists"),
    TriggerExists: (409, "TriggerAlreadyExists"),
    ProvisionConfigNotFound: (404, "ProvisionConfigNotFound"),
    OnDemandConfigNotFound: (404, "OnDemandConfigNotFound"),
    ConcurrencyConfigNotFound: (404, "ConcurrencyConfigNotFound"),
    AsyncConfigNotFound: (404, "AsyncConfigNotExists"),
    FunctionDisabled: (403, "FunctionDisabled"),
    AliasExists: (409, "AliasAlreadyExists"),
    # 400, since the vendor's tools ask again three times after a 409, and that changes nothing here.
    AliasInUse: (400, "InvalidArgument"),
    VersionInUse: (400, "InvalidArgument"),
    NothingToPublish: (400, "InvalidArgument"),
    TaskExists: (409, "StatefulAsyncInvocationAlreadyExists"),
    TaskEnded: (409, "StatefulAsyncInvocationAlreadyCompleted"),
    EtagMismatch: (412, "PreconditionFailed"),
    FunctionNotStarted: (412, "FunctionNotStarted"),
    Throttled: (429, "ResourceExhausted"),
    NodeFull: (429, "ResourceThrottled"),
    Unavailable: (503, "ServiceUnavailable"),
    Unsupported: (400, "InvalidArgument"),
    OperationUnknown: (400, "PathNotSupported"),
}


def status_and_code(error: type[PlatformError]) -> tuple[int, str]:
    return next(TABLE[base] for base in error.__mro__ if base in TABLE)


def answer_error(status: int, code: str, message: str, request: Request) -> Response:
    """One body for all clients: the 2016 ones read the first two members, the newer ones the others (1.3)."""
    body = {
        "ErrorCode": code,
        "ErrorMessage": message,
        "Code": code,
        "Message": message,
        "RequestId": request.request_id,
    }
    headers = [("Content-Type", "application/json"), ("X-Fc-Request-Id", request.request_id)]
    return Response(status, msgspec.json.encode(body), headers)

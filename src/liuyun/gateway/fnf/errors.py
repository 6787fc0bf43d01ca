"""What went wrong, in the words of Serverless Workflow. Source: fnf contract 1.5 and 2.4."""

from liuyun.errors import (
    ClockSkewed,
    ConcurrentUpdate,
    Conflict,
    Denied,
    ExecutionCompleted,
    ExecutionExists,
    ExecutionNotFound,
    FlowExists,
    FlowNotFound,
    Invalid,
    MissingCredentials,
    MissingDate,
    NonceReplayed,
    NotFound,
    PlatformError,
    SignatureMismatch,
    TaskCompleted,
    Throttled,
    TooLarge,
    Unavailable,
    UnknownAccessKey,
    Unsupported,
)


class ParameterMissing(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(f"The HTTP header/query '{name}' must be specified.", name=name)


class VersionUnknown(Unsupported):
    def __init__(self, version: str) -> None:
        super().__init__(f"The requested API version '{version[:40]}' is not supported yet; use 2019-03-15.")


class MediaTypeUnknown(Invalid):
    def __init__(self, media_type: str) -> None:
        super().__init__(
            f"The Content-Type '{media_type[:80]}' is not supported; send application/x-www-form-urlencoded."
        )


# An error without a row of its own is answered by the row of its nearest base.
TABLE: dict[type[PlatformError], tuple[int, str]] = {
    PlatformError: (500, "InternalServerError"),
    Invalid: (400, "InvalidArgument"),
    TooLarge: (400, "EntityTooLarge"),
    ParameterMissing: (400, "MissingRequiredParams"),
    MediaTypeUnknown: (415, "UnsupportedMediaType"),
    Denied: (403, "AccessDenied"),
    MissingCredentials: (400, "MissingRequiredParams"),
    MissingDate: (400, "MissingRequiredParams"),
    UnknownAccessKey: (403, "InvalidAccessKeyID"),
    SignatureMismatch: (403, "SignatureNotMatch"),
    ClockSkewed: (403, "RequestTimeTooSkewed"),
    NonceReplayed: (400, "SignatureNonceUsed"),  # the code of the vendor's RPC gateway; the product's list has none
    NotFound: (404, "ResourceNotExists"),
    FlowNotFound: (404, "FlowNotExists"),
    ExecutionNotFound: (404, "ExecutionNotExists"),
    Conflict: (409, "ConcurrentUpdateError"),
    FlowExists: (409, "FlowAlreadyExists"),
    ExecutionExists: (400, "ExecutionAlreadyExists"),
    ExecutionCompleted: (400, "ExecutionAlreadyCompleted"),
    TaskCompleted: (400, "TaskAlreadyCompleted"),
    ConcurrentUpdate: (409, "ConcurrentUpdateError"),
    Throttled: (429, "ResourceThrottled"),
    Unavailable: (503, "ServiceUnavailable"),
    Unsupported: (400, "ActionNotSupported"),
    VersionUnknown: (400, "APIVersionNotSupported"),
}


def status_and_code(error: type[PlatformError]) -> tuple[int, str]:
    return next(TABLE[base] for base in error.__mro__ if base in TABLE)

"""What went wrong, in the words of object storage. Source: triggers contract 3.4."""

from liuyun.errors import (
    ClockSkewed,
    Conflict,
    Denied,
    DigestMismatch,
    Invalid,
    MalformedDocument,
    NotFound,
    OperationUnknown,
    PlatformError,
    SecurityTokenInvalid,
    SignatureMismatch,
    TooLarge,
    Unavailable,
    UnknownAccessKey,
    Unsupported,
)
from liuyun.gateway.http import Request, Response
from liuyun.gateway.xml import DECLARATION, element
from liuyun.objects.errors import (
    BucketExists,
    BucketNameInvalid,
    BucketNotEmpty,
    BucketNotFound,
    ObjectNameInvalid,
    ObjectNotFound,
    PartInvalid,
    PreconditionUnmet,
    UploadNotFound,
)

# An error without a row of its own is answered by the row of its nearest base.
TABLE: dict[type[PlatformError], tuple[int, str]] = {
    PlatformError: (503, "ServiceUnavailable"),
    Invalid: (400, "InvalidArgument"),
    TooLarge: (400, "EntityTooLarge"),
    MalformedDocument: (400, "MalformedXML"),
    DigestMismatch: (400, "InvalidDigest"),
    BucketNameInvalid: (400, "InvalidBucketName"),
    ObjectNameInvalid: (400, "InvalidObjectName"),
    Denied: (403, "AccessDenied"),
    UnknownAccessKey: (403, "InvalidAccessKeyId"),
    SignatureMismatch: (403, "SignatureDoesNotMatch"),
    SecurityTokenInvalid: (403, "InvalidSecurityToken"),
    ClockSkewed: (403, "RequestTimeTooSkewed"),
    NotFound: (404, "NoSuchKey"),
    BucketNotFound: (404, "NoSuchBucket"),
    ObjectNotFound: (404, "NoSuchKey"),
    UploadNotFound: (404, "NoSuchUpload"),
    PartInvalid: (400, "InvalidPart"),
    Conflict: (409, "OperationConflict"),
    BucketExists: (409, "BucketAlreadyExists"),
    BucketNotEmpty: (409, "BucketNotEmpty"),
    PreconditionUnmet: (412, "PreconditionFailed"),
    Unavailable: (503, "ServiceUnavailable"),
    Unsupported: (501, "NotImplemented"),
    OperationUnknown: (501, "NotImplemented"),
}


def status_and_code(error: type[PlatformError]) -> tuple[int, str]:
    return next(TABLE[base] for base in error.__mro__ if base in TABLE)


def answer_error(status: int, code: str, message: str, request: Request) -> Response:
    facts = {"Code": code, "Message": message, "RequestId": request.request_id, "HostId": request.host}
    body = "".join(element(name, value) for name, value in facts.items())
    headers = [("Content-Type", "application/xml"), ("x-oss-request-id", request.request_id)]
    content = b"" if request.method == "HEAD" else f"{DECLARATION}<Error>{body}</Error>".encode()
    return Response(status, content, headers)

"""What went wrong, in the words of Message Service. Source: mns contract 2."""

from liuyun.errors import (
    ClockSkewed,
    Conflict,
    Denied,
    DigestMismatch,
    EndpointInvalid,
    Invalid,
    InvalidDate,
    InvalidReceiptHandle,
    MalformedCredentials,
    MalformedDocument,
    MessageNotFound,
    MissingCredentials,
    MissingDate,
    NotFound,
    OperationUnknown,
    PlatformError,
    QueueExists,
    QueueNameInvalid,
    QueueNameLength,
    QueueNotFound,
    SecurityTokenInvalid,
    SignatureMismatch,
    SubscriptionExists,
    SubscriptionNameInvalid,
    SubscriptionNameLength,
    SubscriptionNotFound,
    Throttled,
    TopicExists,
    TopicNameInvalid,
    TopicNameLength,
    TopicNotFound,
    Unavailable,
    UnknownAccessKey,
    Unsupported,
)


class InvalidAddress(OperationUnknown):
    """A method and a path that name nothing that the product does."""


class InvalidQuery(Invalid):
    """A query string with a name that the operation doesn't have, or with a value of the wrong kind."""


class MissingReceiptHandle(Invalid):
    pass


class MissingVisibilityTimeout(Invalid):
    pass


# An error without a row of its own is answered by the row of its nearest base.
TABLE: dict[type[PlatformError], tuple[int, str]] = {
    Invalid: (400, "InvalidArgument"),
    MalformedDocument: (400, "MalformedXML"),
    DigestMismatch: (400, "InvalidDegist"),  # the vendor's spelling
    InvalidAddress: (400, "InvalidRequestURL"),
    InvalidQuery: (400, "InvalidQueryString"),
    MissingReceiptHandle: (400, "MissingReceiptHandle"),
    MissingVisibilityTimeout: (400, "MissingVisibilityTimeout"),
    InvalidReceiptHandle: (400, "ReceiptHandleError"),
    QueueNameInvalid: (400, "InvalidQueueName"),
    QueueNameLength: (400, "QueueNameLengthError"),
    TopicNameInvalid: (400, "InvalidTopicName"),
    TopicNameLength: (400, "TopicNameLengthError"),
    SubscriptionNameInvalid: (400, "InvalidSubscriptionName"),
    SubscriptionNameLength: (400, "SubsciptionNameLengthError"),  # the vendor's spelling
    EndpointInvalid: (400, "EndpointInvalid"),
    Unsupported: (400, "InvalidArgument"),
    MissingCredentials: (400, "MissingAuthorizationHeader"),
    MalformedCredentials: (400, "InvalidAuthorizationHeader"),
    MissingDate: (400, "MissingDateHeader"),
    InvalidDate: (400, "InvalidDateHeader"),
    Throttled: (400, "QpsLimitExceeded"),
    Denied: (403, "AccessDenied"),
    UnknownAccessKey: (403, "InvalidAccessKeyId"),
    SignatureMismatch: (403, "SignatureDoesNotMatch"),
    SecurityTokenInvalid: (403, "InvalidSecurityToken"),
    NotFound: (404, "ResourceNotFound"),
    QueueNotFound: (404, "QueueNotExist"),
    MessageNotFound: (404, "MessageNotExist"),
    TopicNotFound: (404, "TopicNotExist"),
    SubscriptionNotFound: (404, "SubscriptionNotExist"),
    ClockSkewed: (408, "TimeExpired"),
    Conflict: (409, "ResourceConflict"),
    QueueExists: (409, "QueueAlreadyExist"),
    TopicExists: (409, "TopicAlreadyExist"),
    SubscriptionExists: (409, "SubscriptionAlreadyExist"),
    Unavailable: (500, "InternalServerError"),
}
FAULT = (500, "InternalError")


def explain(error: PlatformError) -> tuple[int, str]:
    """Status and code."""
    return next((TABLE[kind] for kind in type(error).__mro__ if kind in TABLE), FAULT)

"""What a caller may do: everything, for the account's own key; what the user's role may, for a user's; a function's
temporary credentials only use data.

Denied unless listed. Functions may run, send, receive and report; they may not change what is deployed.
"""

from liuyun.errors import Denied
from liuyun.model.account import Principal, PrincipalKind
from liuyun.model.people import Role

FUNCTION_ACTIONS = {
    "fc": frozenset({"InvokeFunction", "InvokeHttp"}),
    "fnf": frozenset({
        "StartExecution", "StartSyncExecution", "StopExecution", "DescribeExecution", "ListExecutions",
        "GetExecutionHistory", "ReportTaskSucceeded", "ReportTaskFailed", "DescribeFlow", "ListFlows",
    }),
    "oss": None,
    "mns": None,  # queues and topics are data: handlers make the ones they need
}  # fmt: skip


# What the roles of users may, as in the console: who looks reads; an operator runs, stops, repeats and releases too.
READING = ("Get", "List", "Describe", "Head", "Peek")
NO_READING = frozenset({"GetTempBucketToken"})  # credentials to put code there
OPERATOR_ACTIONS = {
    "fc": frozenset({
        "InvokeFunction", "InvokeHttp", "StopStatefulAsyncInvocation", "StopAsyncTask",
        "PublishServiceVersion", "DeleteServiceVersion", "PublishFunctionVersion", "DeleteFunctionVersion",
        "CreateAlias", "UpdateAlias", "DeleteAlias",
    }),
    "fnf": frozenset({
        "StartExecution", "StartSyncExecution", "StopExecution", "ReportTaskSucceeded", "ReportTaskFailed",
    }),
    "oss": frozenset({
        "PutObject", "CopyObject", "DeleteObject", "DeleteObjects", "InitiateMultipartUpload", "UploadPart",
        "CompleteMultipartUpload", "AbortMultipartUpload",
    }),
    "mns": frozenset({
        "SendMessage", "ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility", "PublishMessage",
    }),
}  # fmt: skip

# Actions that use what is there; all others but reading ones change it, which the audit log tells of.
USING = {
    "fc": frozenset({"InvokeFunction", "InvokeHttp", "RedirectToHttps", "DownloadCode"}),
    "fnf": frozenset({"StartExecution", "StartSyncExecution", "ReportTaskSucceeded", "ReportTaskFailed"}),
    "oss": OPERATOR_ACTIONS["oss"],
    "mns": OPERATOR_ACTIONS["mns"],
}

# What credentials for one upload may do: they are handed to tools, which need no more.
UPLOADS = "upload:"
UPLOAD_ACTIONS = frozenset({
    "PutObject", "InitiateMultipartUpload", "UploadPart", "CompleteMultipartUpload", "AbortMultipartUpload"
})  # fmt: skip


def upload_resource(bucket: str, key: str) -> str:
    return f"{UPLOADS}{bucket}/{key}"


def authorise_object(principal: Principal, bucket: str, key: str) -> None:
    """Raises Denied where credentials for one upload are used for another object."""
    if principal.resource.startswith(UPLOADS) and principal.resource != upload_resource(bucket, key):
        raise Denied(f"These credentials are for the upload of {principal.resource.removeprefix(UPLOADS)} alone.")


def authorise(principal: Principal, product: str, action: str) -> None:
    """Raises Denied, naming what was refused to whom."""
    if principal.kind is PrincipalKind.ROOT:
        return
    if principal.kind is PrincipalKind.USER:
        if not role_may(principal.role, product, action):
            raise Denied(f"{principal.user} is a {principal.role}, whose access keys may not call {product}:{action}.")
        return
    if principal.resource.startswith(UPLOADS):
        if product != "oss" or action not in UPLOAD_ACTIONS:
            raise Denied(f"Credentials for an upload may not call {product}:{action}.")
        return
    allowed = FUNCTION_ACTIONS[product]
    if allowed is not None and action not in allowed:
        raise Denied(f"The credentials of function {principal.resource} may not call {product}:{action}.")


def is_change(product: str, action: str) -> bool:
    """Whether it changes what is deployed or set up, rather than reading or using it."""
    return not action.startswith(READING) and action not in USING[product]


def role_may(role: Role, product: str, action: str) -> bool:
    if role is Role.ADMINISTRATOR or (action.startswith(READING) and action not in NO_READING):
        return True
    return role is Role.OPERATOR and action in OPERATOR_ACTIONS[product]

"""The platform's services, asked with the credentials that the function was given."""

import json
from typing import Any

from aliyunsdkcore.acs_exception.exceptions import ServerException
from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdkfnf.request.v20190315.ReportTaskFailedRequest import ReportTaskFailedRequest
from aliyunsdkfnf.request.v20190315.ReportTaskSucceededRequest import ReportTaskSucceededRequest
from mns.account import Account

# A topic delivers at least once, so a token may have been reported before, or its execution may be over.
TOO_LATE = {"TaskAlreadyCompleted", "ExecutionNotExists", "FlowNotExists"}


def message_service(context: Any) -> Account:
    credentials = context.credentials
    endpoint = f"http://{context.account_id}.mns.{context.region}.aliyuncs.com/"
    return Account(endpoint, credentials.access_key_id, credentials.access_key_secret, credentials.security_token or "")


def report_succeeded(context: Any, task_token: str, output: dict[str, Any]) -> None:
    request = ReportTaskSucceededRequest()
    request.set_TaskToken(task_token)
    request.set_Output(json.dumps(output))
    report(context, request)


def report_failed(context: Any, task_token: str, error: str, cause: str) -> None:
    request = ReportTaskFailedRequest()
    request.set_TaskToken(task_token)
    request.set_Error(error)
    request.set_Cause(cause)
    report(context, request)


def report(context: Any, request: Any) -> None:
    credentials = context.credentials
    sts = StsTokenCredential(credentials.access_key_id, credentials.access_key_secret, credentials.security_token)
    try:
        AcsClient(region_id=context.region, credential=sts).do_action_with_exception(request)
    except ServerException as error:
        if error.get_error_code() not in TOO_LATE:
            raise

"""The flow of an order: starting and watching it, through the vendor's SDK."""

import json
import threading
from typing import Any
from urllib.parse import urlsplit

from aliyunsdkcore.acs_exception.exceptions import ClientException, ServerException
from aliyunsdkcore.client import AcsClient
from aliyunsdkfnf.request.v20190315.GetExecutionHistoryRequest import GetExecutionHistoryRequest
from aliyunsdkfnf.request.v20190315.StartExecutionRequest import StartExecutionRequest

from order_service.refusals import Conflict, Misnamed, Missing, PlatformFailed
from order_service.settings import Settings

HISTORY_EVENTS = 999  # at most; an order has some fifty


class Flows:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._local = threading.local()  # the SDK's client is not made for sharing

    def start(self, flow: str, execution: str, details: dict[str, Any]) -> None:
        """Starting a running execution again changes nothing. Raises Missing, Misnamed, Conflict or PlatformFailed."""
        request = StartExecutionRequest()
        request.set_FlowName(flow)
        request.set_ExecutionName(execution)
        request.set_Input(json.dumps(details, ensure_ascii=False))
        self._ask(request)

    def history(self, flow: str, execution: str) -> list[dict[str, Any]]:
        """Its events, the oldest first. Raises Missing or PlatformFailed."""
        request = GetExecutionHistoryRequest()
        request.set_FlowName(flow)
        request.set_ExecutionName(execution)
        request.set_Limit(HISTORY_EVENTS)
        return json.loads(self._ask(request))["Events"]

    def _ask(self, request: Any) -> bytes:
        try:
            return self._client().do_action_with_exception(request) or b""
        except ServerException as error:
            code, message = error.get_error_code(), error.get_error_msg()
            if code in {"FlowNotExists", "ExecutionNotExists"}:
                raise Missing(message) from error
            if code == "InvalidArgument":
                raise Misnamed(message) from error
            if code == "ExecutionAlreadyExists":
                raise Conflict(message) from error
            raise PlatformFailed(f"{code}: {message}") from error
        except ClientException as error:
            raise PlatformFailed(f"The platform can't be reached: {error.message}") from error

    def _client(self) -> AcsClient:
        client: AcsClient | None = getattr(self._local, "client", None)
        if client is None:
            settings = self._settings
            client = AcsClient(settings.access_key_id, settings.access_key_secret, settings.region)
            client.add_endpoint(settings.region, "fnf", urlsplit(settings.endpoint).netloc)
            self._local.client = client
        return client

"""Function compute as the CLI uses it: the 2016-08-15 API. Source: fc contract 1.1 and 1.4."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any
from urllib.parse import quote

import httpx

from liuyun.cli.client.transport import ApiError, Connection, Transport, json_error
from liuyun.identity.signatures import fc

VERSION = "/2016-08-15"
NEWEST = "/2023-03-30/"  # for functions without a service; the platform takes either signature in each version
LIMIT = "100"


@dataclass(frozen=True, slots=True)
class Invoked:
    payload: bytes
    error_type: str
    request_id: str
    duration_ms: str
    memory_mb: str
    log: str


class Functions:
    def __init__(self, transport: Transport, connection: Connection) -> None:
        self._transport = transport
        self._connection = connection

    def get(self, path: str, **query: str) -> dict[str, Any]:
        return self._call("GET", path, query=query).json()

    def find(self, path: str, **query: str) -> dict[str, Any] | None:
        """Like get, None where it is not there."""
        try:
            return self.get(path, **query)
        except ApiError as error:
            if error.is_missing:
                return None
            raise

    def post(self, path: str, document: Mapping[str, Any], *, answer_s: float = 60) -> dict[str, Any]:
        return self._call("POST", path, body=encoded(document), answer_s=answer_s).json()

    def put(
        self, path: str, document: Mapping[str, Any], *, query: Mapping[str, str] | None = None, answer_s: float = 60
    ) -> None:
        self._call("PUT", path, query=query, body=encoded(document), answer_s=answer_s)

    def invoke(
        self, path: str, event: bytes, *, tail: bool, answer_s: float, query: Mapping[str, str] | None = None
    ) -> Invoked:
        """`path` is the function's; its errors are a result, not an exception."""
        headers = {"x-fc-log-type": "Tail" if tail else "None", "x-fc-invocation-type": "Sync"}
        response = self._call(
            "POST", f"{path}/invocations", query=query, body=event, headers=headers, answer_s=answer_s
        )
        found = response.headers
        return Invoked(
            payload=response.content,
            error_type=found.get("x-fc-error-type", ""),
            request_id=found.get("x-fc-request-id", ""),
            duration_ms=found.get("x-fc-invocation-duration", ""),
            memory_mb=found.get("x-fc-max-memory-usage", ""),
            log=b64decode(found.get("x-fc-log-result", "")).decode("utf-8", "replace"),
        )

    def _call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        answer_s: float = 60,
    ) -> httpx.Response:
        path = path if path.startswith(NEWEST) else VERSION + path
        signed = signed_headers(method, path, headers or {}, self._connection)
        target = quote(path)
        response = self._transport.send(method, target, signed, body=body, params=query or None, answer_s=answer_s)
        if response.is_error:
            raise json_error(response, "Function compute")
        return response


def signed_headers(method: str, path: str, extra: Mapping[str, str], by: Connection) -> dict[str, str]:
    headers = {
        "date": formatdate(usegmt=True),
        "content-type": "application/json",
        "accept": "application/json",
        "x-fc-account-id": by.account_id,
        **extra,
    }
    signature = fc.sign(by.access_key_secret, fc.string_to_sign(method, headers, path))
    return {**headers, "authorization": f"FC {by.access_key_id}:{signature}"}


def encoded(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()

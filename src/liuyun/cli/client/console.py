"""The console's API as the CLI uses it: JSON, signed by ACS3-HMAC-SHA256."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx

from liuyun.cli.client.transport import ApiError, Connection, Transport
from liuyun.identity.signatures import acs3


class Console:
    def __init__(self, transport: Transport, connection: Connection) -> None:
        self._transport = transport
        self._connection = connection

    def call(self, method: str, path: str, body: Any = None, **query: str | float | None) -> Any:
        """The answer's document. Raises ApiError."""
        given = {name: str(value) for name, value in query.items() if value is not None}
        target = f"{path}?{urlencode(sorted(given.items()))}" if given else path
        content = b"" if body is None else json.dumps(body).encode()
        headers = signed_headers(method, target, content, self._connection)
        response = self._transport.send(method, target, headers, body=content)
        if response.is_error:
            raise told(response)
        return response.json() if response.content else None


def signed_headers(method: str, target: str, body: bytes, by: Connection) -> dict[str, str]:
    digest = hashlib.sha256(body).hexdigest()
    headers = {
        "host": urlsplit(by.endpoint).netloc,
        "x-acs-content-sha256": digest,
        "x-acs-date": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "x-acs-signature-nonce": uuid4().hex,
    }
    path, _, query = target.partition("?")
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    canonical = "\n".join((method, path, acs3.canonical_query(query), lines, names, digest))
    text = f"{acs3.SCHEME}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = acs3.sign(by.access_key_secret, text)
    claim = f"{acs3.SCHEME} Credential={by.access_key_id},SignedHeaders={names},Signature={signature}"
    return {**headers, "authorization": claim, "content-type": "application/json"}


def told(response: httpx.Response) -> ApiError:
    try:
        document: dict[str, Any] = response.json()
    except ValueError:
        document = {}
    message = str(document.get("message") or f"The platform answered {response.status_code}.")
    request_id = str(document.get("requestId", ""))
    return ApiError(response.status_code, str(document.get("code", response.status_code)), message, request_id)

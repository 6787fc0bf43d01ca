"""Serverless workflow as the CLI uses it: RPC calls, version 2019-03-15. Source: fnf contract 1 and 2."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from liuyun.cli.client.transport import ApiError, Connection, Transport, json_error
from liuyun.identity.signatures import rpc

WAIT_S = 20  # of one long poll; the transport waits longer
PAGE = "100"
ENDED = frozenset({"Succeeded", "Failed", "Stopped", "TimedOut"})


class Flows:
    def __init__(self, transport: Transport, connection: Connection) -> None:
        self._transport = transport
        self._connection = connection

    def call(self, action: str, **params: str) -> dict[str, Any]:
        """The answer of one action; parameters by their wire names. An empty one mostly counts as not given."""
        signed = signed_parameters("POST", action, params, self._connection)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        response = self._transport.send("POST", "/", headers, body=urlencode(signed).encode())
        if response.is_error:
            raise json_error(response, "Workflow")
        return response.json()

    def find(self, name: str) -> dict[str, Any] | None:
        try:
            return self.call("DescribeFlow", Name=name)
        except ApiError as error:
            if error.is_missing:
                return None
            raise

    def all(self, action: str, key: str, **params: str) -> Iterator[dict[str, Any]]:
        """The items of all pages."""
        token = ""
        while True:
            page = self.call(action, Limit=PAGE, NextToken=token, **params)
            yield from page.get(key, [])
            token = str(page.get("NextToken") or "")
            if not token:
                return


def signed_parameters(method: str, action: str, params: dict[str, str], by: Connection) -> dict[str, str]:
    system = {
        "Action": action,
        "Version": "2019-03-15",
        "Format": "JSON",
        "AccessKeyId": by.access_key_id,
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid4().hex,
        "Timestamp": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "RegionId": by.region,
    }
    every = system | params
    signature = rpc.sign(by.access_key_secret, rpc.string_to_sign(method, list(every.items())))
    return every | {"Signature": signature}

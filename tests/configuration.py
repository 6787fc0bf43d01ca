"""Configuration for a test's platform, imported as `liuyun config import` does."""

import json
from typing import Any

import httpx

from liuyun.cli.client.console import signed_headers
from liuyun.cli.client.transport import Connection
from liuyun.testing.platform import Running


def import_configuration(running: Running, document: Any) -> None:
    """`document` is what `liuyun config export` writes."""
    target, body = "/api/config/import", json.dumps({"document": document}).encode()
    by = Connection(running.endpoint, running.account_id, running.access_key_id, running.access_key_secret)
    answer = httpx.post(running.endpoint + target, content=body, headers=signed_headers("POST", target, body, by))
    assert answer.status_code == 200, answer.text

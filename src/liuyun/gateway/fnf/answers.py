"""Answers of the workflow API."""

from typing import Any

import msgspec

from liuyun.gateway.http import Response

JSON = ("Content-Type", "application/json;charset=utf-8")


def answer(status: int, body: dict[str, Any]) -> Response:
    return Response(status, msgspec.json.encode(body), [JSON])

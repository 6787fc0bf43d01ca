from typing import Any

from discount import pay


def handler(event: bytes, context: Any) -> dict[str, Any]:
    return pay(event, "weixin")

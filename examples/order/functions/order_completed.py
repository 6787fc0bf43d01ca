import json
from typing import Any

import orders


def handler(event: bytes, context: Any) -> dict[str, Any]:
    orders.finish(json.loads(event)["order"], "completed")
    return {"status": "completed"}

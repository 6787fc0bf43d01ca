import json
from typing import Any

import orders
import payment_queue

NO_ROUTE = "NoRouteForPaymentMethod"


def handler(event: bytes, context: Any) -> dict[str, Any]:
    step = json.loads(event)
    reason = step.get("reason") or NO_ROUTE
    try:
        orders.finish(step["order"], "canceled", reason)
    except orders.Refused as refusal:
        # An order that was never registered (its merchant doesn't exist) has nothing to cancel.
        print(refusal)
    payment_queue.delete(payment_queue.payment_queue(context, step["order"]))
    return {"status": "canceled", "reason": reason}

"""Step generateInfo: which payment methods may this order's customer choose from? The merchant's data says it."""

import json
from typing import Any

import orders
from cloud import report_failed, report_succeeded


def handler(event: bytes, context: Any) -> None:
    message = json.loads(event)
    order, token = message["order"], message["taskToken"]
    try:
        details = {name: message.get(name) for name in ("merchant", "products", "address")}
        price = orders.register(order, details)["price"]
        methods = orders.merchant_methods(message["merchant"])
        orders.offer(order, methods)
    except orders.Refused as refusal:
        report_failed(context, token, "OrderRefused", str(refusal))
        return
    report_succeeded(context, token, {"paymentMethods": [method["method"] for method in methods], "price": price})

"""Paying with a discount: what the payment methods' functions share."""

import json
from typing import Any

import orders


class PaymentRefused(Exception):
    """The flow sees this name as its error and goes to orderCanceled."""


def discounted(price: int, percent_off: int) -> int:
    """In cents, half a cent rounded up."""
    return (price * (100 - percent_off) + 50) // 100


def pay(event: bytes, method: str) -> dict[str, Any]:
    """The step brings the discount, which is the merchant's configuration."""
    step = json.loads(event)
    price = discounted(step["price"], step.get("discount", 0))
    try:
        orders.set_price(step["order"], method, price)
    except orders.Refused as refusal:
        raise PaymentRefused(str(refusal)) from refusal
    return {"paid": True, "price": price}

"""The order service, as the functions use it. Every update may be sent twice and counts once."""

import os
from typing import Any
from urllib.parse import quote

import requests

TIMEOUT_S = 10
AWAITING = {"created", "awaiting_payment"}  # the states in which a customer may still choose


class OrderServiceUnavailable(Exception):
    """Worth a retry: the flow and the topic both do."""


class Refused(Exception):
    """The order service understood and said no; asking again doesn't help."""


def find(order: str) -> dict[str, Any]:
    return call("GET", f"/orders/{quote(order)}")


def register(order: str, details: dict[str, Any]) -> dict[str, Any]:
    return call("PUT", f"/orders/{quote(order)}", details)


def merchant_methods(merchant: str) -> list[dict[str, Any]]:
    return call("GET", f"/merchants/{quote(merchant, safe='')}/payment-methods")["paymentMethods"]


def offer(order: str, methods: list[dict[str, Any]]) -> None:
    call("PUT", f"/orders/{quote(order)}/payment-methods", {"paymentMethods": methods})


def set_price(order: str, method: str, price: int) -> None:
    call("PUT", f"/orders/{quote(order)}/price", {"method": method, "price": price})


def finish(order: str, status: str, reason: str = "") -> None:
    call("PUT", f"/orders/{quote(order)}/status", {"status": status, "reason": reason})


def call(method: str, path: str, document: dict[str, Any] | None = None) -> dict[str, Any]:
    url = os.environ["ORDER_SERVICE_URL"].rstrip("/") + path
    headers = {"Authorization": f"Bearer {os.environ['ORDER_SERVICE_TOKEN']}"}
    try:
        response = requests.request(method, url, json=document, headers=headers, timeout=TIMEOUT_S)
    except requests.RequestException as error:
        raise OrderServiceUnavailable(f"{method} {path}: {error}") from error
    if response.status_code >= 500:
        raise OrderServiceUnavailable(f"{method} {path}: {response.status_code} {response.text[:200]}")
    if not response.ok:
        raise Refused(f"{method} {path}: {response.json()['error']}")
    return response.json()

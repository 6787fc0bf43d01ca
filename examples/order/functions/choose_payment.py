"""What a customer's choice calls, over HTTP: POST {"order": ..., "method": ...}.

The price comes from the order service, never from the caller. Which methods exist is the flow's business: a method
without a route there ends the order as canceled.
"""

import json
from collections.abc import Callable, Iterable
from typing import Any

import orders
import payment_queue

MAX_BODY = 4096
MAX_METHOD = 64
StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Wrong(Exception):
    pass


def handler(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    status, document = answer(environ)
    start_response(status, [("Content-Type", "application/json")])
    return [json.dumps(document).encode()]


def answer(environ: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if environ["REQUEST_METHOD"] != "POST":
        return "405 Method Not Allowed", {"error": "Choose with POST."}
    try:
        order, method = read_choice(environ)
        found = orders.find(order)
    except Wrong as wrong:
        return "400 Bad Request", {"error": str(wrong)}
    except orders.Refused as refusal:
        return "404 Not Found", {"error": str(refusal)}
    if found["status"] not in orders.AWAITING:
        return "409 Conflict", {"error": f"The order is {found['status']}; it doesn't wait for a choice any more."}
    queue = payment_queue.payment_queue(environ["fc.context"], order)
    payment_queue.create(queue)  # a quick customer may be here before the step is
    payment_queue.send(queue, {"paymentMethod": method, "price": found["price"]})
    return "202 Accepted", {"order": order, "method": method, "price": found["price"]}


def read_choice(environ: dict[str, Any]) -> tuple[str, str]:
    """Raises Wrong."""
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > MAX_BODY:
        raise Wrong(f"The body may have {MAX_BODY} bytes.")
    try:
        document = json.loads(environ["wsgi.input"].read(int(length)))
    except ValueError:
        raise Wrong("The body must be JSON.") from None
    order, method = (document.get(name) if isinstance(document, dict) else None for name in ("order", "method"))
    if not isinstance(order, str) or not isinstance(method, str) or not order or not 0 < len(method) <= MAX_METHOD:
        raise Wrong('The body must be {"order": ..., "method": ...}.')
    return order, method

"""What the order service does when it is asked."""

from typing import Any

import httpx

from order_service import progress
from order_service.asked import Asked
from order_service.flows import Flows
from order_service.orders import Orders, read_details
from order_service.payment_methods import PaymentMethods, read_methods
from order_service.refusals import Conflict, Misnamed, Missing, PlatformFailed, Refusal

CHOICE_S = 60  # the function may have to start first


class OrderService:
    """What each address answers. The web layer knows the addresses, this knows orders."""

    def __init__(self, orders: Orders, methods: PaymentMethods, flows: Flows, choose_payment_url: str) -> None:
        self._orders = orders
        self._methods = methods
        self._flows = flows
        self._choose_payment_url = choose_payment_url

    def start(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """Keeps the order, then starts its flow: an execution never runs for an order that nobody knows."""
        order, details = asked.path["execution"], read_details(asked.body)
        self._methods.require(details.merchant)
        _, fresh = self._orders.register(order, details)
        self._orders.belongs(order, asked.path["flow"])
        try:
            self._flows.start(asked.path["flow"], order, details.as_document())
        except (Missing, Misnamed):
            if fresh:
                self._orders.forget(order)
            raise
        return 200, {"flow": asked.path["flow"], "execution": order, "order": self._orders.find(order)}

    def order(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        return 200, self._orders.find(asked.path["order"])

    def progress(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """The order and the steps of its flow, for a page that shows them as they happen."""
        number = asked.path["order"]
        self._orders.find(number)
        events = self._flows.history(self._orders.flow(number), number)
        # The order is read after the steps: a page that sees the end of the steps sees the end of the order.
        return 200, {"order": self._orders.find(number), **progress.as_document(events)}

    def register(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        details = read_details(asked.body)
        self._methods.require(details.merchant)
        order, _ = self._orders.register(asked.path["order"], details)
        return 200, order

    def offered(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        return 200, {"paymentMethods": self._orders.find(asked.path["order"])["paymentMethods"]}

    def offer(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        return 200, self._orders.offer(asked.path["order"], read_methods(asked.body))

    def choose(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        """Hands the customer's choice to the function that tells the flow."""
        method = asked.body.get("method") if isinstance(asked.body, dict) else None
        if not isinstance(method, str) or not method:
            raise Refusal('The body must be {"method": ...}.')
        self._orders.find(asked.path["order"])
        choice = {"order": asked.path["order"], "method": method}
        try:
            answer = httpx.post(self._choose_payment_url, json=choice, timeout=CHOICE_S, trust_env=False)
            document = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise PlatformFailed(f"The function choosePayment can't be reached: {error}") from error
        if answer.status_code == Conflict.status:
            raise Conflict(document["error"])
        if answer.is_error:
            raise PlatformFailed(f"The function choosePayment answered {answer.status_code}: {document}")
        return 202, document

    def set_price(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        method, price = (asked.body.get(name) if isinstance(asked.body, dict) else None for name in ("method", "price"))
        if not isinstance(method, str) or not isinstance(price, int) or price < 0:
            raise Refusal('The body must be {"method": ..., "price": cents}.')
        return 200, self._orders.set_price(asked.path["order"], method, price)

    def finish(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        status = asked.body.get("status") if isinstance(asked.body, dict) else None
        if status not in {"completed", "canceled"}:
            raise Refusal("status must be completed or canceled.")
        reason = str(asked.body.get("reason") or "")[:500]
        return 200, self._orders.finish(asked.path["order"], status, reason)

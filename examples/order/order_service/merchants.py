"""What the shop and the back office ask about merchants."""

from typing import Any

from order_service.asked import Asked
from order_service.goods import goods_of
from order_service.payment_methods import PaymentMethods, as_documents, read_methods


class Merchants:
    """What each address about merchants answers, as OrderService does for orders."""

    def __init__(self, methods: PaymentMethods) -> None:
        self._methods = methods

    def all(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        del asked
        found = self._methods.merchants()
        return 200, {"merchants": [{"merchant": merchant, "label": label} for merchant, label in found.items()]}

    def goods(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        self._methods.require(asked.path["merchant"])
        return 200, {"goods": goods_of(asked.path["merchant"])}

    def methods(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        return 200, {"paymentMethods": as_documents(self._methods.of(asked.path["merchant"]))}

    def replace_methods(self, asked: Asked) -> tuple[int, dict[str, Any]]:
        self._methods.replace(asked.path["merchant"], read_methods(asked.body))
        return self.methods(asked)

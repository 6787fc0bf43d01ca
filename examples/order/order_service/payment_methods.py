"""Which payment methods each merchant takes: data, not code.

`PaymentMethods` is what the service needs to know; `configured_methods` reads it from the platform's configuration.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from order_service.refusals import Refusal

MAX_METHODS = 50
MAX_TEXT = 64


@dataclass(frozen=True)
class Method:
    """`method` is what the flow routes by, `label` what a customer reads, `discount` percent off; None: unknown."""

    method: str
    label: str
    discount: int | None = None


class PaymentMethods(Protocol):
    def merchants(self) -> dict[str, str]:
        """Labels by merchant."""
        ...

    def require(self, merchant: str) -> None:
        """Raises Missing for an unknown merchant."""
        ...

    def of(self, merchant: str) -> list[Method]:
        """In the order in which a page shows them. Raises Missing for an unknown merchant."""
        ...

    def replace(self, merchant: str, methods: Sequence[Method]) -> None:
        """Takes effect with the next order. Raises Missing."""
        ...


def read_methods(document: Any) -> list[Method]:
    """From `{"paymentMethods": [{"method", "label", "discount"}]}`. Raises Refusal."""
    listed = document.get("paymentMethods") if isinstance(document, dict) else None
    if not isinstance(listed, list) or len(listed) > MAX_METHODS:
        raise Refusal(f"paymentMethods must be a list of at most {MAX_METHODS} methods.")
    methods = [read_method(item) for item in listed]
    if len({method.method for method in methods}) < len(methods):
        raise Refusal("A method may stand in paymentMethods only once.")
    return methods


def read_method(item: Any) -> Method:
    method = item.get("method") if isinstance(item, dict) else None
    label = item.get("label", method) if isinstance(item, dict) else None
    for text in (method, label):
        if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT:
            raise Refusal(f"A payment method has a method and a label, texts of at most {MAX_TEXT} characters.")
    assert isinstance(method, str)
    assert isinstance(label, str)
    return Method(method, label, read_discount(item.get("discount")))


def read_discount(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= 100):
        raise Refusal("The discount of a payment method is a whole number from 0 to 100: percent.")
    return value


def as_documents(methods: Sequence[Method]) -> list[dict[str, Any]]:
    return [asdict(method) for method in methods]

"""Which payment methods each merchant takes: data, not code.

`PaymentMethods` is the seam: today the answers come from this service's database; the platform's metadata service
offers the same when it is there.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from order_service.database import Database
from order_service.refusals import Missing, Refusal

MAX_METHODS = 50
MAX_TEXT = 64


@dataclass(frozen=True)
class Method:
    """`method` is what the flow routes by, `label` what a customer reads."""

    method: str
    label: str


class PaymentMethods(Protocol):
    def merchants(self) -> dict[str, str]:
        """Labels by merchant."""
        ...

    def of(self, merchant: str) -> list[Method]:
        """In the order in which a page shows them. Raises Missing for an unknown merchant."""
        ...

    def replace(self, merchant: str, methods: Sequence[Method]) -> None:
        """Takes effect with the next order. Raises Missing."""
        ...


ZHIFUBAO = Method("zhifubao", "支付宝 Alipay")
WEIXIN = Method("weixin", "微信支付 WeChat Pay")
UNIONPAY = Method("unionpay", "银联 UnionPay")
POINTS = Method("points", "积分 Points")  # no flow has a route for it yet

SEED: dict[str, tuple[str, tuple[Method, ...]]] = {
    "market": ("街角市集 Market", (ZHIFUBAO, WEIXIN, UNIONPAY)),
    "flowers": ("花店 Flowers", (ZHIFUBAO, UNIONPAY)),
    "books": ("书店 Books", (WEIXIN, POINTS)),
}


class StoredPaymentMethods:
    def __init__(self, database: Database) -> None:
        self._database = database

    def seed(self) -> None:
        """Three merchants, on the first start only: what was edited since stays."""
        with self._database.transaction() as tx:
            if tx.execute("SELECT 1 FROM merchants").fetchone():
                return
            for merchant, (label, methods) in SEED.items():
                tx.execute("INSERT INTO merchants VALUES (?, ?)", (merchant, label))
                insert(tx, merchant, methods)

    def merchants(self) -> dict[str, str]:
        with self._database.snapshot() as tx:
            return dict(tx.execute("SELECT merchant, label FROM merchants ORDER BY merchant").fetchall())

    def of(self, merchant: str) -> list[Method]:
        with self._database.snapshot() as tx:
            require(tx, merchant)
            query = "SELECT method, label FROM merchant_payment_methods WHERE merchant = ? ORDER BY place"
            return [Method(*row) for row in tx.execute(query, (merchant,))]

    def replace(self, merchant: str, methods: Sequence[Method]) -> None:
        with self._database.transaction() as tx:
            require(tx, merchant)
            tx.execute("DELETE FROM merchant_payment_methods WHERE merchant = ?", (merchant,))
            insert(tx, merchant, methods)


def require(tx: sqlite3.Connection, merchant: str) -> None:
    if not tx.execute("SELECT 1 FROM merchants WHERE merchant = ?", (merchant,)).fetchone():
        raise Missing(f"There is no merchant '{merchant}'.")


def insert(tx: sqlite3.Connection, merchant: str, methods: Sequence[Method]) -> None:
    rows = [(merchant, place, method.method, method.label) for place, method in enumerate(methods)]
    tx.executemany("INSERT INTO merchant_payment_methods VALUES (?, ?, ?, ?)", rows)


def read_methods(document: Any) -> list[Method]:
    """From `{"paymentMethods": [{"method", "label"}]}`. Raises Refusal."""
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
    return Method(method, label)


def as_documents(methods: Sequence[Method]) -> list[dict[str, str]]:
    return [asdict(method) for method in methods]

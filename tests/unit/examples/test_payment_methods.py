from pathlib import Path
from typing import Any

import pytest

from order_service.database import Database
from order_service.payment_methods import Method, StoredPaymentMethods, read_methods
from order_service.refusals import Missing, Refusal


@pytest.fixture
def methods(tmp_path: Path) -> StoredPaymentMethods:
    stored = StoredPaymentMethods(Database(tmp_path / "orders.db"))
    stored.seed()
    return stored


def test_merchants_differ(methods: StoredPaymentMethods) -> None:
    """Each merchant has methods of its own, from data."""
    found = {merchant: [method.method for method in methods.of(merchant)] for merchant in methods.merchants()}
    assert found == {
        "market": ["zhifubao", "weixin", "unionpay"],
        "flowers": ["zhifubao", "unionpay"],
        "books": ["weixin", "points"],
    }


def test_edits_survive_a_restart(methods: StoredPaymentMethods) -> None:
    """Seeding again doesn't undo what an operator changed."""
    methods.replace("books", [Method("cash", "Cash on delivery")])
    methods.seed()
    assert methods.of("books") == [Method("cash", "Cash on delivery")]


def test_unknown_merchant(methods: StoredPaymentMethods) -> None:
    """A merchant that nobody entered is missing, for reading and for editing."""
    with pytest.raises(Missing):
        methods.of("nobody")
    with pytest.raises(Missing):
        methods.replace("nobody", [])


def test_reading_methods() -> None:
    """A method without a label is called by its own name."""
    assert read_methods({"paymentMethods": [{"method": "cash"}]}) == [Method("cash", "cash")]


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"paymentMethods": "cash"},
        {"paymentMethods": ["cash"]},
        {"paymentMethods": [{"method": ""}]},
        {"paymentMethods": [{"method": "x" * 65}]},
        {"paymentMethods": [{"method": "a"}, {"method": "a"}]},
        {"paymentMethods": [{"method": str(n)} for n in range(51)]},
    ],
)
def test_bad_methods(document: Any) -> None:
    """Malformed, repeated or too many methods are refused."""
    with pytest.raises(Refusal):
        read_methods(document)

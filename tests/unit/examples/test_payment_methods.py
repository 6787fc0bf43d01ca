from pathlib import Path
from typing import Any

import pytest

from order_service.configuration import Configuration
from order_service.configured_methods import ConfiguredPaymentMethods
from order_service.database import Database
from order_service.payment_methods import Method, read_methods
from order_service.refusals import Conflict, Missing, PlatformFailed, Refusal
from order_service.settings import read_settings
from tests.unit.examples.conftest import ENVIRONMENT


@pytest.fixture
def methods(tmp_path: Path, configuration: Configuration) -> ConfiguredPaymentMethods:
    database = Database(tmp_path / "orders.db")
    found = ConfiguredPaymentMethods(database, configuration)
    found.seed()
    with database.transaction() as tx:
        tx.execute("INSERT INTO merchants VALUES ('stall', 'A stall of the tests')")
    return found


def test_merchants_differ(methods: ConfiguredPaymentMethods) -> None:
    """Each merchant has methods of its own, from data."""
    found = {merchant: [method.method for method in methods.of(merchant)] for merchant in methods.merchants()}
    assert found == {
        "market": ["zhifubao", "weixin", "unionpay"],
        "flowers": ["zhifubao", "unionpay"],
        "books": ["weixin", "points"],
        "stall": [],
    }


def test_edits_take_effect_at_once(methods: ConfiguredPaymentMethods) -> None:
    """What is listed is offered in its order, also a method that nobody else has; the rest is not offered any more."""
    methods.replace("stall", [Method("weixin", "WeChat"), Method("zhifubao", "Alipay")])
    methods.replace("stall", [Method("cash", "Cash on delivery", 5), Method("weixin", "WeChat")])
    assert methods.of("stall") == [Method("cash", "Cash on delivery", 5), Method("weixin", "WeChat", 50)]
    methods.replace("stall", [])
    assert methods.of("stall") == []


def test_what_a_merchant_does_not_say_is_inherited(
    methods: ConfiguredPaymentMethods, configuration: Configuration
) -> None:
    """The route and the discount stay the account's, until the merchant has its own."""
    methods.replace("stall", [Method("weixin", "WeChat")])
    configuration.change("payment-method", "weixin", "stall", {"discount": 10})
    found = configuration.values("payment-method", "stall")["weixin"]
    assert (found["discount"], found["function"]) == (10, "acs:fc:::services/order/functions/weixin")
    methods.replace("stall", [])


def test_an_entry_that_can_not_be_is_refused(methods: ConfiguredPaymentMethods, configuration: Configuration) -> None:
    """A route may only lead to the application's own functions."""
    elsewhere = {"function": "acs:fc:::services/other/functions/weixin"}
    with pytest.raises(Conflict, match="does not match"):
        configuration.change("payment-method", "weixin", "stall", elsewhere)


def test_unknown_merchant(methods: ConfiguredPaymentMethods) -> None:
    """A merchant that nobody entered is missing, for reading and for editing."""
    with pytest.raises(Missing):
        methods.of("nobody")
    with pytest.raises(Missing):
        methods.replace("nobody", [])


def test_a_platform_that_is_down() -> None:
    """Asking again may help."""
    configuration = Configuration(read_settings(ENVIRONMENT))
    with pytest.raises(PlatformFailed, match="can't be reached"):
        configuration.values("payment-method", "market")
    configuration.close()


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
        {"paymentMethods": [{"method": "a", "discount": 101}]},
        {"paymentMethods": [{"method": "a", "discount": True}]},
    ],
)
def test_bad_methods(document: Any) -> None:
    """Malformed, repeated or too many methods are refused."""
    with pytest.raises(Refusal):
        read_methods(document)

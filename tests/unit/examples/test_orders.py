from pathlib import Path
from typing import Any

import pytest

from order_service.database import Database
from order_service.orders import Orders, read_details
from order_service.payment_methods import Method
from order_service.refusals import Conflict, Missing, Refusal

WANTED = {"merchant": "market", "products": [{"name": "tea", "price": 1250, "quantity": 2}], "address": "Lane 1"}
OFFER = [Method("zhifubao", "Alipay"), Method("weixin", "WeChat")]


@pytest.fixture
def orders(tmp_path: Path) -> Orders:
    return Orders(Database(tmp_path / "orders.db"))


def awaiting(orders: Orders, order: str = "o1") -> str:
    orders.register(order, read_details(WANTED))
    orders.offer(order, OFFER)
    return order


def test_price_is_the_sum_of_the_products(orders: Orders) -> None:
    """An order costs what its products cost, in cents."""
    order, made = orders.register("o1", read_details(WANTED))
    assert made
    assert (order["price"], order["status"], order["priceChanges"]) == (2500, "created", 0)


def test_registering_again(orders: Orders) -> None:
    """The same order again is no error, another one under its number is."""
    orders.register("o1", read_details(WANTED))
    assert orders.register("o1", read_details(WANTED))[1] is False
    with pytest.raises(Conflict):
        orders.register("o1", read_details({**WANTED, "address": "elsewhere"}))


def test_offer_makes_the_order_wait(orders: Orders) -> None:
    """Once methods are offered the customer may choose; a late repetition doesn't turn the order back."""
    order = awaiting(orders)
    assert [method["method"] for method in orders.find(order)["paymentMethods"]] == ["zhifubao", "weixin"]
    orders.set_price(order, "weixin", 1250)
    orders.offer(order, OFFER)
    assert orders.find(order)["status"] == "paid"


def test_price_changes_once(orders: Orders) -> None:
    """The same change twice counts once; a second, different one is refused."""
    order = awaiting(orders)
    for _ in range(2):
        orders.set_price(order, "zhifubao", 2000)
    with pytest.raises(Conflict, match="paid by zhifubao"):
        orders.set_price(order, "weixin", 1250)
    found = orders.find(order)
    assert (found["price"], found["originalPrice"], found["priceChanges"]) == (2000, 2500, 1)


def test_method_must_be_offered(orders: Orders) -> None:
    """Nobody pays by a method that the merchant doesn't take."""
    with pytest.raises(Conflict, match="takes no unionpay"):
        orders.set_price(awaiting(orders), "unionpay", 1)


def test_canceled_order_keeps_its_price(orders: Orders) -> None:
    """A payment that comes after the cancellation is refused."""
    order = awaiting(orders)
    orders.finish(order, "canceled", "FnF.TaskTimeout")
    with pytest.raises(Conflict, match="is canceled"):
        orders.set_price(order, "zhifubao", 2000)
    assert orders.find(order)["reason"] == "FnF.TaskTimeout"


def test_endings(orders: Orders) -> None:
    """Only a paid order completes, an ending may be repeated, and no order ends twice in different ways."""
    order = awaiting(orders)
    with pytest.raises(Conflict, match="can't become completed"):
        orders.finish(order, "completed", "")
    orders.set_price(order, "zhifubao", 2000)
    for _ in range(2):
        assert orders.finish(order, "completed", "")["status"] == "completed"
    with pytest.raises(Conflict):
        orders.finish(order, "canceled", "late")


def test_unknown_order(orders: Orders) -> None:
    """An order that nobody registered is missing."""
    with pytest.raises(Missing):
        orders.find("o1")


@pytest.mark.parametrize(
    "change",
    [
        {"merchant": ""},
        {"address": 5},
        {"products": []},
        {"products": [{"name": "tea", "price": 1.5}]},
        {"products": [{"name": "tea", "price": 0}]},
        {"products": [{"name": "tea", "price": True}]},
        {"products": [{"name": "tea", "price": 10**9, "quantity": 2}]},
        {"products": ["tea"]},
        {"products": [{"name": "tea", "price": 1}] * 101},
    ],
)
def test_bad_details(change: dict[str, Any]) -> None:
    """An order that makes no sense is refused in words."""
    with pytest.raises(Refusal):
        read_details({**WANTED, **change})


@pytest.mark.parametrize("document", [None, [], "order", 5])
def test_details_must_be_an_object(document: Any) -> None:
    """Whatever is no JSON object is no order."""
    with pytest.raises(Refusal):
        read_details(document)


def test_number_of_an_unnamed_execution(orders: Orders) -> None:
    """Who starts the flow without naming the execution gets a UUID, which may begin with a digit."""
    name = "30c3ca00-fe12-45bc-9d3c-3b884fa77784"
    assert orders.register(name, read_details(WANTED))[0]["price"] == 2500


def test_bad_number(orders: Orders) -> None:
    """An order is named like its execution."""
    with pytest.raises(Refusal):
        orders.register("1 2", read_details(WANTED))

"""The order application from end to end: a real platform, real sandboxes, the vendor's SDKs."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree
from urllib.parse import quote

import fc2
import pytest

from tests.e2e.application import PRICE, ROOT, Application, http

COUPON = """
from discount import pay


def handler(event, context):
    return pay(event, "coupon")
"""
METHODS = {"zhifubao": PRICE * 80 // 100, "weixin": PRICE * 50 // 100, "unionpay": PRICE * 70 // 100}


def ordered(application: Application, merchant: str, method: str) -> str:
    """An order that has come to its end; its number."""
    order = application.start(merchant)
    application.wait_until_offered(order)
    assert application.choose(order, method) == 202
    assert application.wait_until_ended(order)["Status"] == "Succeeded"
    return order


@pytest.mark.parametrize(("method", "price"), METHODS.items())
def test_prices(application: Application, method: str, price: int) -> None:
    """Each method takes its own discount, the order service and the execution agree, and the price changes once."""
    number = ordered(application, "market", method)
    order = application.order(number)
    assert (order["status"], order["paymentMethod"], order["price"], order["priceChanges"]) == (
        "completed",
        method,
        price,
        1,
    )
    output = json.loads(application.describe(number)["Output"])
    assert (output["status"], output["paymentMethod"], output["price"]) == ("completed", method, price)
    assert application.steps(number)[-1] == "orderCompleted"


@pytest.mark.parametrize(
    ("merchant", "method", "reason"),
    [
        ("market", "shells", "NoRouteForPaymentMethod"),
        ("books", "points", "NoRouteForPaymentMethod"),
        ("books", "zhifubao", "PaymentRefused"),
    ],
)
def test_method_that_leads_nowhere(application: Application, merchant: str, method: str, reason: str) -> None:
    """A method without a route, offered or not, and one that the merchant doesn't take, end the order as canceled."""
    number = ordered(application, merchant, method)
    order = application.order(number)
    assert (order["status"], order["reason"], order["price"], order["priceChanges"]) == ("canceled", reason, PRICE, 0)
    assert application.steps(number)[-1] == "orderCanceled"


def test_no_choice_in_time(application: Application) -> None:
    """A customer who doesn't choose loses the order, and can't choose afterwards."""
    flow = application.hurried_flow(2)
    number = application.start("market", flow)
    assert application.wait_until_ended(number, flow)["Status"] == "Succeeded"
    assert application.steps(number, flow)[-1] == "orderCanceled"
    assert application.order(number)["reason"] == "FnF.TaskTimeout"
    assert application.choose(number, "weixin") == 409


def test_methods_differ_by_merchant(application: Application) -> None:
    """What a customer may choose from comes from the merchant's data, and follows it when it is edited."""
    found = {merchant: offered(application, merchant) for merchant in ("market", "flowers", "books")}
    assert found == {
        "market": ["zhifubao", "weixin", "unionpay"],
        "flowers": ["zhifubao", "unionpay"],
        "books": ["weixin", "points"],
    }
    url = f"{application.orders_url}/merchants/flowers/payment-methods"
    token = (application.data / "orders/token").read_text()
    http("PUT", url, {"paymentMethods": [{"method": "weixin"}]}, Authorization=f"Bearer {token}")
    assert offered(application, "flowers") == ["weixin"]


def test_a_method_is_one_function_and_one_entry(application: Application, tmp_path: Path) -> None:
    """Nothing is deployed again and nothing restarted; without its entry the method is gone."""
    folder = copytree(ROOT / "examples/order/functions", tmp_path / "functions")
    (folder / "coupon.py").write_text(COUPON)
    key, secret = application.keys["LIUYUN_ACCESS_KEY_ID"], application.keys["LIUYUN_ACCESS_KEY_SECRET"]
    functions = fc2.Client(endpoint=application.endpoint, accessKeyID=key, accessKeySecret=secret)
    settings = functions.get_function("order", "weixin").data["environmentVariables"]
    functions.create_function(
        "order", "coupon", runtime="python3", handler="coupon.handler", codeDir=str(folder), memorySize=128, timeout=30,
        environmentVariables=settings,
    )  # fmt: skip
    route = "acs:fc:::services/order/functions/coupon"
    entry = json.dumps({"label": "Coupon", "enabled": True, "discount": 10, "function": route})
    place = ("payment-method", "coupon", "--scope", "tenant/flowers")
    assert application.liuyun("config", "set", *place[:2], entry, *place[2:]).returncode == 0
    order = application.order(ordered(application, "flowers", "coupon"))
    assert (order["status"], order["price"]) == ("completed", PRICE * 90 // 100)
    assert application.liuyun("config", "remove", *place).returncode == 0
    assert "coupon" not in offered(application, "flowers")


def offered(application: Application, merchant: str) -> list[str]:
    order = application.start(merchant)
    try:
        return application.wait_until_offered(order)
    finally:
        application.choose(order, "nothing")


def test_unknown_merchant(application: Application) -> None:
    """An order from nobody is canceled instead of waiting forever."""
    number = application.start("nobody")
    assert application.wait_until_ended(number)["Status"] == "Succeeded"
    assert application.steps(number)[-1] == "orderCanceled"


def test_many_orders_at_once(application: Application) -> None:
    """Customers who pay at the same time never take each other's choice."""
    methods = [list(METHODS)[number % 3] for number in range(30)]
    with ThreadPoolExecutor(10) as pool:
        numbers = list(pool.map(lambda method: ordered(application, "market", method), methods))
    paid = [application.order(number) for number in numbers]
    assert [(order["paymentMethod"], order["price"]) for order in paid] == [(m, METHODS[m]) for m in methods]
    assert {order["priceChanges"] for order in paid} == {1}


def test_quick_customer(application: Application) -> None:
    """A choice that is made twice, and before the flow asks for it, counts once."""
    number = application.start("market")
    application.wait_until_offered(number)
    answers = [application.choose(number, "weixin") for _ in range(2)]
    assert answers[0] == 202
    application.wait_until_ended(number)
    assert application.order(number)["priceChanges"] == 1


def test_start_by_address(application: Application) -> None:
    """The front end starts an order with a GET; a second GET for the same order changes nothing."""
    wanted = quote(json.dumps({"merchant": "market", "products": [{"name": "a/b", "price": 100}], "address": "x"}))
    urls = [f"{application.orders_url}/startFNF/order/by-address/{wanted}"] * 2
    assert [http("GET", url)[0] for url in urls] == [200, 200]
    assert http("GET", f"{application.orders_url}/startFNF/nowhere/by-address-2/{wanted}")[0] == 404
    application.wait_until_offered("by-address")
    assert http("POST", f"{application.orders_url}/orders/by-address/payment", {"method": "unionpay"})[0] == 202
    application.wait_until_ended("by-address")
    assert application.order("by-address")["price"] == 70

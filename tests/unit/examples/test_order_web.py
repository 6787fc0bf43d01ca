import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from order_service.configuration import Configuration
from order_service.configured_methods import ConfiguredPaymentMethods
from order_service.database import Database
from order_service.flows import Flows
from order_service.merchants import Merchants
from order_service.office import Office
from order_service.orders import Orders
from order_service.service import OrderService
from order_service.settings import SettingsError, read_settings
from order_service.web import build_app
from tests.unit.examples.conftest import ENVIRONMENT, TOKEN

INSIDE = {"Authorization": f"Bearer {TOKEN}"}
WANTED = {"merchant": "market", "products": [{"name": "tea", "price": 1250, "quantity": 2}], "address": "Lane 1"}


class Web:
    """The service asked in this process, without a socket."""

    def __init__(self, app: Starlette) -> None:
        self._app = app

    def ask(self, method: str, path: str, **request: Any) -> httpx.Response:
        async def main() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(transport=transport, base_url="http://orders") as client:
                return await client.request(method, path, **request)

        return asyncio.run(main())

    def get(self, path: str) -> httpx.Response:
        return self.ask("GET", path)

    def put(self, path: str, **request: Any) -> httpx.Response:
        return self.ask("PUT", path, **request)


@pytest.fixture
def web(tmp_path: Path, configuration: Configuration) -> Web:
    settings = read_settings(ENVIRONMENT)
    database = Database(tmp_path / "orders.db")
    methods = ConfiguredPaymentMethods(database, configuration)
    methods.seed()
    service = OrderService(Orders(database), methods, Flows(settings), settings.choose_payment_url)
    return Web(build_app(service, Merchants(methods), Office(methods, settings.console_url), TOKEN))


def test_functions_update_orders(web: Web) -> None:
    """Registering, offering, paying and completing, as the functions do it."""
    steps: list[tuple[str, dict[str, Any]]] = [
        ("/orders/o1", WANTED),
        ("/orders/o1/payment-methods", {"paymentMethods": [{"method": "weixin"}]}),
        ("/orders/o1/price", {"method": "weixin", "price": 1250}),
        ("/orders/o1/status", {"status": "completed"}),
    ]
    assert [web.put(path, json=body, headers=INSIDE).status_code for path, body in steps] == [200] * 4
    order = web.get("/orders/o1").json()
    assert (order["status"], order["price"], order["priceChanges"]) == ("completed", 1250, 1)


@pytest.mark.parametrize(
    "path", ["/orders/o1", "/orders/o1/price", "/orders/o1/status", "/merchants/market/payment-methods"]
)
def test_updates_need_the_token(web: Web, path: str) -> None:
    """Without the shared token nobody changes anything."""
    assert web.put(path, json={}).status_code == 403
    assert web.put(path, json={}, headers={"Authorization": "Bearer other"}).status_code == 403


def test_operator_edits_methods(web: Web) -> None:
    """What a merchant takes is data and takes effect at once."""
    path = "/merchants/books/payment-methods"
    web.put(path, json={"paymentMethods": [{"method": "cash", "label": "Cash"}]}, headers=INSIDE)
    assert web.get(path).json() == {"paymentMethods": [{"method": "cash", "label": "Cash", "discount": 0}]}


def test_platform_down(web: Web) -> None:
    """An order whose flow can't be started now is kept: starting again is safe."""
    wanted = '{"merchant":"market","products":[{"name":"a/b","price":1}],"address":"x"}'
    answer = web.get(f"/startFNF/order/o1/{wanted}")
    assert answer.status_code == 502
    assert "can't be reached" in answer.json()["error"]
    assert web.get("/orders/o1").json()["status"] == "created"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/startFNF/order/o1/{broken", 400),
        ("/startFNF/order/o1/[]", 400),
        ('/startFNF/order/o1/{"merchant":"nobody","products":[{"name":"a","price":1}],"address":"x"}', 404),
        ("/orders/nothing", 404),
        ("/merchants/nobody/payment-methods", 404),
    ],
)
def test_refused_questions(web: Web, path: str, status: int) -> None:
    """Nonsense is answered with a status and a sentence."""
    answer = web.get(path)
    assert answer.status_code == status
    assert answer.json()["error"]


def test_body_is_bounded(web: Web) -> None:
    """A body over the limit is refused, however it is sent."""
    assert web.put("/orders/o1", content=b"x" * 70_000, headers=INSIDE).status_code == 413


def test_choice_needs_an_order(web: Web) -> None:
    """A choice for an unknown order never reaches the platform."""
    assert web.ask("POST", "/orders/nothing/payment", json={"method": "weixin"}).status_code == 404
    assert web.ask("POST", "/orders/nothing/payment", json=[]).status_code == 400


def test_health(web: Web) -> None:
    """The service says that it is there."""
    assert web.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize(
    "change",
    [
        {"ORDER_SERVICE_TOKEN": "short"},
        {"ORDER_SERVICE_TOKEN": ""},
        {"LIUYUN_ENDPOINT": ""},
        {"ORDER_SERVICE_PORT": "x"},
    ],
)
def test_bad_settings(change: dict[str, str]) -> None:
    """A missing or wrong setting is named before anything starts."""
    with pytest.raises(SettingsError, match=next(iter(change))):
        read_settings(ENVIRONMENT | change)


@pytest.mark.parametrize("path", ["/", "/order/o1", "/office", "/pages/shop.js", "/merchants"])
def test_every_answer_is_hardened(web: Web, path: str) -> None:
    """Browsers run nothing but the service's own files, and show the pages in no other site's frame."""
    answer = web.get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_page_speaks_the_readers_language(web: Web) -> None:
    """The page itself says which language it is in; the choice in the cookie counts more than the browser's."""
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9"}
    assert '<html lang="zh">' in web.ask("GET", "/", headers=chinese).text
    assert '<html lang="en">' in web.ask("GET", "/", headers={**chinese, "Cookie": "language=en"}).text


def test_goods_of_a_merchant(web: Web) -> None:
    """The shop asks for a merchant's goods; of a merchant that doesn't exist there are none."""
    assert web.get("/merchants/books/goods").json()["goods"]
    assert web.get("/merchants/nobody/goods").status_code == 404


def test_back_office_needs_the_token(web: Web) -> None:
    """The office opens for the token alone."""
    assert web.get("/office/session").status_code == 403
    assert web.ask("GET", "/office/session", headers=INSIDE).status_code == 200


def test_progress_needs_an_order(web: Web) -> None:
    """The history of an execution that is no order of this service is not shown."""
    assert web.get("/orders/nothing/progress").status_code == 404

"""`liuyun demo order`: one order of the order application, driven as its customer would and shown step by step."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from uuid import uuid4

import httpx
import typer

from liuyun.cli.client.flows import ENDED
from liuyun.cli.connection import DataOption, EndpointOption, connect, data_folder
from liuyun.cli.failure import Failure
from liuyun.cli.flow import progress
from liuyun.cli.output import Output, out, print_json
from liuyun.cli.steps import StepDisplay

demo = typer.Typer(no_args_is_help=True, help="Demonstrations of the example application.")

FLOW = "order"
ORDERS_URL_FILE = "orders/endpoint"
DEFAULT_ORDERS_URL = "http://127.0.0.1:7090"
PRODUCTS = [{"name": "Longjing tea, 250 g", "price": 8800, "quantity": 1}, {"name": "Cup", "price": 600, "quantity": 2}]
ADDRESS = "88 Lakeside Road, Hangzhou"


@demo.callback()
def about() -> None:
    """Demonstrations of the example application."""


@demo.command("order")
def order(
    *,
    merchant: Annotated[str, typer.Option(help="Who sells; merchants take different payment methods.")] = "market",
    pay: Annotated[str, typer.Option(help="How to pay; without it nobody chooses and the order times out.")] = "",
    name: Annotated[str, typer.Option(help="The order's number.")] = "",
    orders_url: Annotated[str | None, typer.Option("--orders", metavar="URL", help="The order service.")] = None,
    output: Annotated[Output, typer.Option(help="text or json")] = Output.TEXT,
    data: DataOption = None,
    endpoint: EndpointOption = None,
) -> None:
    """Order something and pay for it. The exit code is 0 when the order is completed, 1 when it is canceled."""
    client = connect(data, endpoint)
    shop = OrderService(orders_url or written_url(data) or DEFAULT_ORDERS_URL)
    number = name or f"demo-{uuid4().hex[:10]}"
    wanted = json.dumps({"merchant": merchant, "products": PRODUCTS, "address": ADDRESS})
    shop.ask("GET", f"/startFNF/{FLOW}/{quote(number)}/{quote(wanted, safe='')}")
    chosen = not pay
    with StepDisplay() as display:
        display.remark(f"The customer orders {number} from {merchant}.")
        for visits, description in progress(client, FLOW, number):
            display.show(visits)
            if not chosen and description["Status"] not in ENDED:
                chosen = choose(shop, number, pay, display)
    finish(shop.ask("GET", f"/orders/{quote(number)}"), output)


def choose(shop: "OrderService", number: str, pay: str, display: StepDisplay) -> bool:
    """Chooses as soon as there is something to choose from."""
    found = shop.ask("GET", f"/orders/{quote(number)}")
    if found["status"] != "awaiting_payment":
        return False
    methods = ", ".join(method["method"] for method in found["paymentMethods"])
    display.remark(f"The page offers {methods}; the customer chooses {pay}.")
    shop.ask("POST", f"/orders/{quote(number)}/payment", {"method": pay})
    return True


def finish(found: Mapping[str, Any], output: Output) -> None:
    if output is Output.JSON:
        print_json(found)
    elif found["status"] == "completed":
        text = f"Order {found['order']} is completed: {yuan(found['price'])} instead of {yuan(found['originalPrice'])}"
        out.print(f"{text}, paid by {found['paymentMethod']}.", markup=False)
    else:
        out.print(f"Order {found['order']} is {found['status']}: {found['reason']}.", markup=False)
    if found["status"] != "completed":
        raise typer.Exit(1)


def yuan(cents: int) -> str:
    return f"¥{cents // 100}.{cents % 100:02}"


def written_url(data: Path | None) -> str:
    """Where `liuyun up` started the order service."""
    try:
        return (data_folder(os.environ, data) / ORDERS_URL_FILE).read_text().strip()
    except OSError:
        return ""


class OrderService:
    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Raises Failure."""
        try:
            response = httpx.request(method, self._url + path, json=body, timeout=90, trust_env=False)
            document = response.json()
        except httpx.ConnectError:
            raise Failure(
                f"No order service answers at {self._url}. 'make run' starts one; --orders names another."
            ) from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            raise Failure(f"The order service at {self._url} gave no usable answer: {error}.") from None
        if response.is_error:
            raise Failure(f"The order service refused: {document.get('error', response.status_code)}")
        return document

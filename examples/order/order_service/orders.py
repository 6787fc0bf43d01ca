"""Orders and what may happen to them. Each update may arrive twice, since functions may run twice, and counts once.

    created -> awaiting_payment -> paid -> completed
       any state but completed  -> canceled

Prices are whole cents. An order's price changes at most once: `price_changes` keeps the evidence.
"""

import json
import re
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from order_service.database import Database
from order_service.payment_methods import Method, as_documents
from order_service.refusals import Conflict, Missing, Refusal

ORDER_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,127}")  # named like its execution, whose name may be a UUID
MAX_PRODUCTS = 100
MAX_CENTS = 10**9
MAX_TEXT = 500
USUAL_FLOW = "order"  # of an order that was started without this service


@dataclass(frozen=True)
class Product:
    name: str
    price: int
    quantity: int


@dataclass(frozen=True)
class Details:
    """What the customer wants."""

    merchant: str
    products: tuple[Product, ...]
    address: str

    @property
    def price(self) -> int:
        return sum(product.price * product.quantity for product in self.products)

    def as_document(self) -> dict[str, Any]:
        return asdict(self)


class Orders:
    def __init__(self, database: Database) -> None:
        self._database = database

    def register(self, order: str, details: Details) -> tuple[dict[str, Any], bool]:
        """The order, and whether it was made just now. Raises Conflict if it is there with other details."""
        if not ORDER_ID.fullmatch(order):
            raise Refusal(f"An order's number is of the form {ORDER_ID.pattern}.")
        products = json.dumps([asdict(product) for product in details.products])
        with self._database.transaction() as tx:
            now = now_ms()
            made = tx.execute(
                "INSERT INTO orders VALUES (?, ?, ?, ?, 'created', ?, ?, '[]', '', '', ?, ?) ON CONFLICT DO NOTHING",
                (order, details.merchant, products, details.address, details.price, details.price, now, now),
            )
            row = required(tx, order)
            if (row["merchant"], row["products"], row["address"]) != (details.merchant, products, details.address):
                raise Conflict(f"The order {order} is there already, with other details.")
            return document(tx, row), made.rowcount == 1

    def find(self, order: str) -> dict[str, Any]:
        """Raises Missing."""
        with self._database.snapshot() as tx:
            return document(tx, required(tx, order))

    def forget(self, order: str) -> None:
        """Removes an order for which nothing could be started."""
        with self._database.transaction() as tx:
            tx.execute("DELETE FROM orders WHERE order_id = ? AND status = 'created'", (order,))

    def belongs(self, order: str, flow: str) -> None:
        """Remembers the flow that an order was started with; the first one counts."""
        with self._database.transaction() as tx:
            tx.execute("INSERT INTO order_flows VALUES (?, ?) ON CONFLICT DO NOTHING", (order, flow))

    def flow(self, order: str) -> str:
        with self._database.snapshot() as tx:
            row = tx.execute("SELECT flow FROM order_flows WHERE order_id = ?", (order,)).fetchone()
        return row["flow"] if row else USUAL_FLOW

    def offer(self, order: str, methods: Sequence[Method]) -> dict[str, Any]:
        """The customer may choose from now on. A late repetition changes nothing."""
        with self._database.transaction() as tx:
            if required(tx, order)["status"] == "created":
                text = json.dumps(as_documents(methods), ensure_ascii=False)
                update(tx, order, status="awaiting_payment", payment_methods=text)
            return document(tx, required(tx, order))

    def set_price(self, order: str, method: str, price: int) -> dict[str, Any]:
        """Raises Conflict for a method that was not offered, a canceled order, or a second, different change."""
        with self._database.transaction() as tx:
            row = required(tx, order)
            change = tx.execute("SELECT method, after FROM price_changes WHERE order_id = ?", (order,)).fetchone()
            if change is not None:
                if tuple(change) != (method, price):
                    raise Conflict(f"The order {order} was paid by {change['method']} already, at {change['after']}.")
                return document(tx, row)
            if row["status"] != "awaiting_payment":
                raise Conflict(f"The order {order} is {row['status']}; its price can't change.")
            if method not in {item["method"] for item in json.loads(row["payment_methods"])}:
                raise Conflict(f"{row['merchant']} takes no {method}.")
            values = (order, method, row["price"], price, now_ms())
            tx.execute(
                "INSERT INTO price_changes (order_id, method, before, after, changed_at) VALUES (?,?,?,?,?)", values
            )
            update(tx, order, status="paid", payment_method=method, price=price)
            return document(tx, required(tx, order))

    def finish(self, order: str, status: str, reason: str) -> dict[str, Any]:
        """Ends the order as `completed` or `canceled`. Raises Conflict if it ended the other way, or unpaid."""
        with self._database.transaction() as tx:
            current = required(tx, order)["status"]
            if current != status:
                if current in {"completed", "canceled"} or (status == "completed" and current != "paid"):
                    raise Conflict(f"The order {order} is {current}; it can't become {status}.")
                update(tx, order, status=status, reason=reason)
            return document(tx, required(tx, order))


def required(tx: sqlite3.Connection, order: str) -> sqlite3.Row:
    row = tx.execute("SELECT * FROM orders WHERE order_id = ?", (order,)).fetchone()
    if row is None:
        raise Missing(f"There is no order '{order}'.")
    return row


def update(tx: sqlite3.Connection, order: str, **columns: Any) -> None:
    columns["updated_at"] = now_ms()
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    tx.execute(f"UPDATE orders SET {assignments} WHERE order_id = :order_id", {**columns, "order_id": order})


def document(tx: sqlite3.Connection, row: sqlite3.Row) -> dict[str, Any]:
    (changes,) = tx.execute("SELECT count(*) FROM price_changes WHERE order_id = ?", (row["order_id"],)).fetchone()
    return {
        "order": row["order_id"],
        "merchant": row["merchant"],
        "products": json.loads(row["products"]),
        "address": row["address"],
        "status": row["status"],
        "originalPrice": row["original_price"],
        "price": row["price"],
        "priceChanges": changes,
        "paymentMethods": json.loads(row["payment_methods"]),
        "paymentMethod": row["payment_method"],
        "reason": row["reason"],
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
    }


def read_details(source: Any) -> Details:
    """From `{"merchant", "products": [{"name", "price", "quantity"}], "address"}`. Raises Refusal."""
    if not isinstance(source, dict):
        raise Refusal("An order is a JSON object with merchant, products and address.")
    products = source.get("products")
    if not isinstance(products, list) or not 0 < len(products) <= MAX_PRODUCTS:
        raise Refusal(f"products must be a list of 1 to {MAX_PRODUCTS} products.")
    details = Details(
        text(source, "merchant"), tuple(read_product(product) for product in products), text(source, "address")
    )
    if details.price > MAX_CENTS:
        raise Refusal(f"An order may cost {MAX_CENTS} cents at most.")
    return details


def read_product(source: Any) -> Product:
    if not isinstance(source, dict):
        raise Refusal('A product is {"name": ..., "price": cents, "quantity": ...}.')
    return Product(text(source, "name"), whole(source, "price"), whole(source, "quantity", default=1))


def text(source: dict[str, Any], name: str) -> str:
    value = source.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise Refusal(f"{name} must be a text of 1 to {MAX_TEXT} characters.")
    return value


def whole(source: dict[str, Any], name: str, *, default: int | None = None) -> int:
    value = source.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MAX_CENTS:
        raise Refusal(f"{name} must be a whole number from 1 to {MAX_CENTS}.")
    return value


def now_ms() -> int:
    return time.time_ns() // 1_000_000

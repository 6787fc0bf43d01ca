"""Customers who place orders and pay, and ask again whenever they get no answer, as people and their browsers do."""

import json
import sqlite3
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx

from tests.chaos.world import NEVER, World

PRICE = 10_000
AT_ONCE = 16
LOOK_S = 0.1
ANSWER_S = 60
METHODS = {
    "zhifubao": ("market", 8_000),
    "weixin": ("market", 5_000),
    "unionpay": ("market", 7_000),
    "points": ("books", None),
}
ENDED = {"completed", "canceled"}


@dataclass(frozen=True)
class Customer:
    """`after_kill`: chooses how to pay only when the platform was killed so many times."""

    order: str
    method: str
    after_kill: int = 0

    @property
    def merchant(self) -> str:
        return METHODS[self.method][0]

    @property
    def expected(self) -> tuple[str, int, int]:
        """Status, price and number of price changes in the end. Nothing in the flow routes `points`."""
        paid = METHODS[self.method][1]
        return ("canceled", PRICE, 0) if paid is None else ("completed", paid, 1)


def customers(orders: int, kills: int) -> list[Customer]:
    """Most pay as soon as they may. Two of them wait for each kill, so that there is always somebody in flight."""
    methods = list(METHODS)
    slow = {number: number // 2 for number in range(2 * kills)}
    return [
        Customer(f"chaos-{number:04d}", methods[number % len(methods)], after_kill=slow.get(number, -1) + 1)
        for number in range(orders)
    ]


class Crowd:
    """All customers together. Each look at the order service's database tells who has something to do next."""

    def __init__(self, world: World, people: Sequence[Customer]) -> None:
        self.kills = 0
        self._world = world
        self._people = people
        self._placed: set[str] = set()
        self._chosen: set[str] = set()
        self._busy: dict[str, Future[None]] = {}
        self._http = httpx.Client(timeout=ANSWER_S, trust_env=False)

    @property
    def in_flight(self) -> int:
        """Orders that were placed and have not ended."""
        return sum(status not in ENDED for status in statuses(self._world.orders_database).values())

    def shop(self, stop: threading.Event) -> None:
        """Runs until everybody's order has ended, or until told to stop."""
        with ThreadPoolExecutor(AT_ONCE) as hands, self._http:
            while not stop.is_set():
                seen = statuses(self._world.orders_database)
                if all(seen.get(person.order) in ENDED for person in self._people):
                    return
                for person in self._people:
                    self._next(hands, person, seen.get(person.order, ""))
                NEVER.wait(LOOK_S)

    def _next(self, hands: ThreadPoolExecutor, person: Customer, status: str) -> None:
        if person.order in self._busy and not self._busy[person.order].done():
            return
        if person.order not in self._placed:
            self._busy[person.order] = hands.submit(self._place, person)
        elif status == "awaiting_payment" and person.order not in self._chosen and self.kills >= person.after_kill:
            self._busy[person.order] = hands.submit(self._choose, person)

    def _place(self, person: Customer) -> None:
        products = [{"name": "tea", "price": PRICE // 2, "quantity": 2}]
        document = {"merchant": person.merchant, "products": products, "address": "West Lake 1"}
        url = f"{self._world.orders_url}/startFNF/order/{person.order}/{quote(json.dumps(document), safe='')}"
        if self._accepted("GET", url, None):
            self._placed.add(person.order)

    def _choose(self, person: Customer) -> None:
        url = f"{self._world.orders_url}/orders/{person.order}/payment"
        if self._accepted("POST", url, {"method": person.method}):
            self._chosen.add(person.order)

    def _accepted(self, method: str, url: str, document: Mapping[str, str] | None) -> bool:
        """A conflict means that an earlier try, whose answer was lost, had been accepted."""
        try:
            answer = self._http.request(method, url, json=document)
        except httpx.HTTPError:
            return False
        return answer.is_success or answer.status_code == httpx.codes.CONFLICT


def statuses(database: Path) -> dict[str, str]:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return dict(connection.execute("SELECT order_id, status FROM orders").fetchall())


def outcomes(database: Path) -> dict[str, tuple[str, int, int]]:
    """Status, price and number of price changes of each order."""
    query = """SELECT order_id, status, price, (SELECT count(*) FROM price_changes p WHERE p.order_id = o.order_id)
               FROM orders o"""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
        return {order: (status, price, changes) for order, status, price, changes in connection.execute(query)}

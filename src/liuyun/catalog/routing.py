"""Which HTTP calls of an alias go to its other version, by what stands in them. Source: fc contract 1.5.

    read(route_policy)     the rules, or why they are none
    leads_on(rules, http)  whether a call goes to the other version

The vendor's words: `condition` is AND or OR; an item has a `type` (where to look), a `key` (the field's name), an
`operator` and a `value`. Comparisons are of text. `in` holds if the value contains the field's text. `percent` holds
for so many of a hundred texts of the field, always the same ones, so that callers keep their version. A field that
isn't in the call satisfies no item.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from liuyun.catalog.rules import shown
from liuyun.errors import Invalid
from liuyun.model.invocation import HttpCall

MOST_ITEMS = 100
PLACES = {
    "header": "header",
    "cookie": "cookie",
    "param": "query",
    "params": "query",
    "parameter": "query",
    "query": "query",
    "querystring": "query",
}
COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "=": lambda found, value: found == value,
    "!=": lambda found, value: found != value,
    ">": lambda found, value: found > value,
    "<": lambda found, value: found < value,
    ">=": lambda found, value: found >= value,
    "<=": lambda found, value: found <= value,
    "in": lambda found, value: bool(found) and found in value,
    "percent": lambda found, value: hundredth(found) < int(value),
}
SPELLINGS = {"percentage": "percent", "==": "="}  # the vendor's pages disagree on the first


class GivenItem(msgspec.Struct):
    """As it was sent."""

    type: str = ""
    key: str = ""
    operator: str = ""
    value: str = ""


class Given(msgspec.Struct, rename="camel"):
    condition: str = ""
    policy_items: list[GivenItem] = []


@dataclass(frozen=True, slots=True)
class Item:
    place: str
    key: str
    operator: str
    value: str

    def holds(self, http: HttpCall) -> bool:
        found = FIELDS[self.place](http, self.key)
        return found is not None and COMPARISONS[self.operator](found, self.value)


@dataclass(frozen=True, slots=True)
class Rules:
    every: bool
    items: tuple[Item, ...]


def leads_on(rules: Rules, http: HttpCall | None) -> bool:
    """A call that no HTTP request made has nothing that a rule could ask for."""
    if http is None or not rules.items:
        return False
    return (all if rules.every else any)(item.holds(http) for item in rules.items)


def read(policy: Mapping[str, Any]) -> Rules:
    """Without a policy, rules that no call satisfies. Raises Invalid."""
    try:
        given = msgspec.convert({name: value for name, value in policy.items() if value is not None}, Given)
    except msgspec.ValidationError as error:
        raise Invalid("policy_unreadable", "routePolicy is not one: {error}", error=error) from None
    if given.condition not in {"", "AND", "OR"}:
        raise Invalid(
            "policy_condition",
            "routePolicy.condition must be AND or OR, but is '{condition}'",
            condition=shown(given.condition),
        )
    if len(given.policy_items) > MOST_ITEMS:
        raise Invalid(
            "policy_items_most",
            "routePolicy.policyItems must be at most {most}, but are {count}",
            most=MOST_ITEMS,
            count=len(given.policy_items),
        )
    items = (item_of(item, f"routePolicy.policyItems[{at}]") for at, item in enumerate(given.policy_items))
    return Rules(given.condition != "OR", tuple(items))


def item_of(given: GivenItem, where: str) -> Item:
    place = PLACES.get(given.type.lower())
    if place is None:
        raise Invalid(
            "policy_type",
            "{where}.type must be Header, Cookie or Param, but is '{type}'",
            where=where,
            type=shown(given.type),
        )
    operator = SPELLINGS.get(given.operator, given.operator)
    if operator not in COMPARISONS:
        raise Invalid(
            "policy_operator",
            "{where}.operator must be one of {comparisons}, but is '{operator}'",
            where=where,
            comparisons=" ".join(COMPARISONS),
            operator=shown(given.operator),
        )
    if not given.key:
        raise Invalid("policy_key", "{where}.key must name a field of the request", where=where)
    if operator == "percent" and given.value not in PERCENTAGES:
        raise Invalid(
            "policy_value",
            "{where}.value must be a whole number from 1 to 100, but is '{value}'",
            where=where,
            value=shown(given.value),
        )
    return Item(place, given.key.lower() if place == "header" else given.key, operator, given.value)


def hundredth(text: str) -> int:
    """From 0 to 99, about as often for many texts, whatever they have in common."""
    return int.from_bytes(sha256(text.encode(errors="surrogatepass")).digest()[:8]) % 100


def header(http: HttpCall, key: str) -> str | None:
    return next((value for name, value in http.headers if name == key), None)


def cookie(http: HttpCall, key: str) -> str | None:
    for name, line in http.headers:
        if name == "cookie":
            for pair in line.split(";"):
                found, separator, value = pair.strip().partition("=")
                if separator and found == key:
                    return value.strip('"')
    return None


def parameter(http: HttpCall, key: str) -> str | None:
    return next((value for name, value in parse_qsl(http.query, keep_blank_values=True) if name == key), None)


FIELDS: Mapping[str, Callable[[HttpCall, str], str | None]] = {"header": header, "cookie": cookie, "query": parameter}
PERCENTAGES = frozenset(map(str, range(1, 101)))

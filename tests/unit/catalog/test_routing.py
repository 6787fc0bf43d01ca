"""Which calls of an alias its rules send to the other version."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liuyun.catalog.routing import COMPARISONS, leads_on, read
from liuyun.errors import Invalid
from liuyun.model.invocation import HttpCall

TEXTS = st.text("ab1;%", max_size=3)
KEYS = st.sampled_from(["uid", "team"])
OPERATORS = sorted(COMPARISONS)


def item(key: str = "uid", value: str = "b", operator: str = "=", *, place: str = "Header") -> dict[str, str]:
    return {"type": place, "key": key, "value": value, "operator": operator}


def call(headers: dict[str, str] | None = None, query: str = "") -> HttpCall:
    return HttpCall("GET", "/", query, "/", tuple((headers or {}).items()))


def holds(http: HttpCall | None, *items: dict[str, str], condition: str = "AND") -> bool:
    return leads_on(read({"condition": condition, "policyItems": list(items)}), http)


@st.composite
def items(draw: st.DrawFn) -> dict[str, str]:
    operator = draw(st.sampled_from(OPERATORS))
    value = str(draw(st.integers(1, 100))) if operator == "percent" else draw(TEXTS)
    return item(draw(KEYS), value, operator)


@given(rules=st.lists(items(), min_size=1, max_size=4), headers=st.dictionaries(KEYS, TEXTS))
def test_and_is_every_item_and_or_is_any(rules: list[dict[str, str]], headers: dict[str, str]):
    """Whatever the items are, and whichever fields the call has."""
    http = call(headers)
    each = [holds(http, rule) for rule in rules]
    assert holds(http, *rules, condition="AND") == all(each)
    assert holds(http, *rules, condition="OR") == any(each)


@given(found=TEXTS, value=TEXTS)
def test_comparisons_are_of_text(found: str, value: str):
    """In the order of a dictionary; `in` asks whether the value contains the field's text."""
    http = call({"uid": found})
    less, same, more = [holds(http, item("uid", value, operator)) for operator in ("<", "=", ">")]
    assert (less, same, more) == (found < value, found == value, found > value)
    assert holds(http, item("uid", value, "!=")) != same
    assert holds(http, item("uid", value, ">=")) != less
    assert holds(http, item("uid", value, "<=")) != more
    assert holds(http, item("uid", value, "in")) == (found != "" and found in value)


@given(found=st.text(max_size=20), low=st.integers(1, 100), high=st.integers(1, 100))
def test_who_was_sent_on_stays_when_the_percentage_grows(found: str, low: int, high: int):
    """The same texts always, and everybody at 100."""
    low, high = sorted((low, high))
    http = call({"uid": found})
    assert holds(http, item(value=str(low), operator="percent")) <= holds(
        http, item(value=str(high), operator="percent")
    )
    assert holds(http, item(value="100", operator="percent"))


def test_a_percentage_is_that_of_the_texts():
    """Within two percent over five thousand numbers in a row."""
    sent = sum(holds(call({"uid": str(n)}), item(value="20", operator="percentage")) for n in range(5000))
    assert abs(sent / 5000 - 0.2) < 0.02


@pytest.mark.parametrize("operator", OPERATORS)
def test_a_field_that_is_not_there_satisfies_nothing(operator: str):
    """Not even an inequality; nor does a call that no HTTP request made."""
    rule = item(value="50", operator=operator)
    assert not holds(call(), rule, condition="OR")
    assert not holds(None, rule, condition="OR")
    assert not leads_on(read({}), call({"uid": "50"}))


@pytest.mark.parametrize(
    ("rule", "http"),
    [
        (item("X-Uid"), call({"x-uid": "b"})),
        (item(place="cookie"), call({"cookie": 'a=1; uid="b"; c'})),
        (item(place="Param"), call(query="a=%20&uid=b&uid=c")),
        (item(value="a,b", operator="in"), call({"uid": "b"})),
        (item(value=" b", place="Param"), call(query="uid=+b")),
    ],
)
def test_fields_are_found_where_they_stand(rule: dict[str, str], http: HttpCall):
    """Headers whatever their case, cookies by name, parameters decoded; of several the first."""
    assert holds(http, rule)


@pytest.mark.parametrize(
    ("policy", "named"),
    [
        ({"condition": "XOR"}, "AND or OR"),
        ({"condition": ["AND"]}, "$.condition"),
        ({"policyItems": {"type": "Header"}}, "array"),
        ({"policyItems": [item()] * 101}, "at most 100"),
        ({"policyItems": ["x"]}, "object"),
        ({"policyItems": [{**item(), "value": 1}]}, "$.policyItems[0].value"),
        ({"policyItems": [item(place="Body")]}, "'Body'"),
        ({"policyItems": [item(operator="~")]}, "'~'"),
        ({"policyItems": [item(key="")]}, "key"),
        ({"policyItems": [item(), item(value="0", operator="percent")]}, "policyItems[1].value"),
        ({"policyItems": [item(value="²", operator="percent")]}, "'²'"),
    ],
)
def test_what_is_no_rule_is_named(policy: dict[str, Any], named: str):
    """Before it is stored: a call never meets a bad rule."""
    with pytest.raises(Invalid, match=re.escape(named)):
        read(policy)

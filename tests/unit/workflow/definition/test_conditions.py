import pytest

from liuyun.workflow.core.mappings import Outside, lookup
from liuyun.workflow.definition.conditions import BadCondition, parse_condition
from liuyun.workflow.definition.operators import ReadPath, evaluate, holds
from liuyun.workflow.definition.paths import MISSING

DATA = {
    "status": "paid",
    "total": 12,
    "price": 2.5,
    "vip": True,
    "none": None,
    "rows": [1, {"k": True}],
    "name": "zhifubao",
    "limit": 12,
    "bad": "(",
}


def over(data: dict) -> ReadPath:
    return lambda path: lookup(path, data, {}, Outside(dict, lambda schema, key: SETTINGS.get((schema, key), MISSING)))


SETTINGS = {("payment-method", "zhifubao"): {"discount": 20, "enabled": True}}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('$.status == "paid"', True),
        ("$.status == `paid`", True),
        ('$.status != "paid"', False),
        ("$.total <= $.limit", True),
        ("$.total > 12", False),
        ("$.total >= 12 && $.total < 13", True),
        ("$input.total == 12", True),
        ("$.total == 12.0", True),
        ('"a" < "b"', True),
        ("$.vip", True),
        ("!$.vip", False),
        ("-$.total < 0", True),
        ("!!$.vip", True),
        ("$.vip && ($.total >= 4000 || $.price < 3)", True),
        ("false || true && false", False),
        ("(true || true) && false", False),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("7 % 4", 3.0),
        ("9 / 2", 4.5),
        ("$.total-2", 10),
        ("1 + 1 == 2", True),
        ('$.status + "!"', "paid!"),
        ('$.status in ["paid", "sent"]', True),
        ("$.total in []", False),
        ("$.rows[0] in [1.0]", True),
        ("$.rows == [1, $.rows[1]]", True),
        ('$.name =~ "^zhi"', True),
        ('$.name !~ "bao$"', False),
        ('$.vip ? "yes" : "no"', "yes"),
        ("false ? 1 : true ? 2 : 3", 2),
        ("$.absent ?? $.none ?? 5", 5),
        ("$.none ?? $.none", None),
        ("$.total ?? 5", 12),
        ("$.none == null", True),
        ("1e2 == 100", True),
        ('"\\u00e9\\n" == `é\n`', True),
        ('$["status"]', "paid"),
        ("$.rows[*].k", [True]),
        ("1 < 2 == true", True),
        ('$config["payment-method"].zhifubao.discount-5', 15),
        ('$config["payment-method"][$.name].enabled && $.vip', True),
        ('$config["payment-method"][$["status"]].enabled ?? 7', 7),
        ('$config["payment-method"][$.rows[0]].enabled ?? 7', 7),
    ],
)
def test_conditions_are_computed_as_in_the_vendors_language(text: str, value: object):
    """Operators, precedence and constants."""
    found = evaluate(parse_condition(text), over(DATA))
    assert found == value
    assert isinstance(found, bool) == isinstance(value, bool)


@pytest.mark.parametrize(
    "text",
    [
        "$.absent",
        '$.absent == "paid"',
        '$.absent != "paid"',
        "$.absent > 1",
        "!($.absent == 1)",
        "$.absent == 1 && $.vip",
        "$.absent == 1 || $.vip == false",
        "$.absent in [1]",
        "1 in $.absent",
        "1 in [$.absent]",
        "$.total in 5",
        '$.total > "1"',
        "$.vip > 0",
        '$.total + "1"',
        "$.vip + 1",
        "1 / 0",
        "1 % 0",
        "-$.status",
        "!$.total",
        '$.total =~ "1"',
        "$.status =~ 1",
        "$.status =~ $.bad",
        "$.total && true",
        "$.total || false",
        "$.absent ? 1 : 2",
        "$.absent ?? $.gone",
        "1e308 * 10",
        "10 * 1e308",
    ],
)
def test_what_makes_no_sense_has_no_value(text: str):
    """An absent path, mixed kinds, an impossible sum: no branch is chosen by them."""
    condition = parse_condition(text)
    assert evaluate(condition, over(DATA)) is MISSING
    assert holds(condition, over(DATA)) is False


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$.absent && false", False),
        ("false && $.absent", False),
        ("$.absent || true", True),
        ("true || $.absent", True),
    ],
)
def test_one_side_may_decide_alone(text: str, value: bool):
    """`and` needs only one false, `or` only one true."""
    assert evaluate(parse_condition(text), over(DATA)) is value


@pytest.mark.parametrize(
    "text",
    ['$.vip == "true"', "$.vip == 1", "$.total == true", '$.total == "12"', "[true] == [1]", "$.rows[1] == $.vip"],
)
def test_kinds_are_strict(text: str):
    """True is neither "true" nor 1, also inside lists."""
    assert evaluate(parse_condition(text), over(DATA)) is False


@pytest.mark.parametrize("text", ["$.total", "$.status", "$.rows", "$", "1", '"true"', "null"])
def test_only_true_holds(text: str):
    """A number, a text or an object chooses no branch."""
    assert holds(parse_condition(text), over(DATA)) is False


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("$.a ==", "it breaks off after $.a ==: something must follow"),
        ("($.a", "it breaks off after ($.a: something must follow"),
        ("[1,", "it breaks off after [1,: something must follow"),
        ("$.a = 1", "it can't be read at character 5, =: compare with =="),
        ("$.a & $.b", "it can't be read at character 5, &: and is written &&"),
        ("$.a | $.b", "it can't be read at character 5, |: or is written ||"),
        ("$.a == 'x'", "it can't be read at character 8, ': texts stand in double quotes"),
        ('$.a == "x', "it can't be read at character 8, \": the text that begins here has no end"),
        ("$.a @ 1", "it can't be read at character 5, @"),
        ("$.a)", "it can't be read (character 4): ) is not expected there"),
        ("$.a $.b", "it can't be read (character 5): $.b is not expected there"),
        ("status == 1", 'status has no meaning (character 1): a path is $.status, a text "status"'),
        ("+1", "+ stands before nothing to add to (character 1); remove it"),
        ('"\\q"', 'the text "\\q" has an escape that JSON doesn\'t know (character 1)'),
        ("1e999", "the number 1e999 is too large (character 1)"),
        ('$.a =~ "("', "the regular expression ( is not valid (character 5)"),
        (
            "$local.a",
            "$local.a can't be read here (character 1): a condition sees the step's input, as $.name, and $config",
        ),
        ("$foo.a", "$foo.a is not a path: a path begins with $., $input, $local, $context or $config (character 1)"),
        ("x" * 4097, "it is 4097 characters long; at most 4096 are allowed"),
        ("!" * 40 + "$.a", "it is nested more than 32 levels deep; split it into several choices"),
        ("[" * 40 + "]" * 40, "it is nested more than 32 levels deep; split it into several choices"),
    ],
)
def test_a_wrong_condition_says_what_and_where(text: str, message: str):
    """Found when the flow is created, not when it runs."""
    with pytest.raises(BadCondition) as caught:
        parse_condition(text)
    assert str(caught.value) == message


def test_long_chains_are_not_deep():
    """Many alternatives side by side are one level."""
    text = " || ".join(f"$.total == {number}" for number in range(150))
    assert holds(parse_condition(text), over(DATA))


def test_hostile_patterns_end_at_once():
    """The time of a regular expression grows with the text only."""
    data = {"text": "a" * 30_000 + "!"}
    assert holds(parse_condition('$.text =~ "^(a+)+$"'), over(data)) is False


def test_nested_parts_count_for_the_depth():
    """Every form passes its depth on."""
    text = "$.a"
    for form in ("({} ? 1 : 2) == 1", "!({})", "[{}] == 1", "({}) ?? 1", "({}) && true", "({}) || true") * 6:
        text = form.format(text)
    with pytest.raises(BadCondition, match="levels deep"):
        parse_condition(text)

import pytest

from liuyun.cli.deploy.document import Call, Problem, parse, plain
from liuyun.cli.deploy.intrinsics import Scope, fill_in, resolve

SCOPE = Scope(
    refs={"Name": "orders", "Size": 7, "On": True, "shop/pay": "acs:fc:::services/shop/functions/pay"},
    attributes={"Topic": {"ARN.WithSlash": "acs:mns:r:1:/topics/t"}, "shop/pay": {"Arn": "arn-of-pay"}},
)


def value(text: str) -> object:
    tree, problems = parse(text, "f")
    resolved = resolve(tree, SCOPE, problems)
    assert not problems
    return plain(resolved)


def complaint(text: str) -> str:
    tree, problems = parse(text, "f")
    assert isinstance(resolve(tree, SCOPE, problems), Call)
    return problems[0].text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("!Ref Name", "orders"),
        ("{Ref: Size}", 7),
        ("!Ref shop/pay", "acs:fc:::services/shop/functions/pay"),
        ("!GetAtt Topic.ARN.WithSlash", "acs:mns:r:1:/topics/t"),
        ("!GetAtt [Topic, ARN.WithSlash]", "acs:mns:r:1:/topics/t"),
        ("'Fn::GetAtt': [shop/pay, Arn]", "arn-of-pay"),
        ("!Sub 'q-${Name}-${Size}-${On}-${shop/pay.Arn}-${!kept}'", "q-orders-7-true-arn-of-pay-${kept}"),
        ("'Fn::Sub': ['${a}/${Name}', {a: !Ref Size}]", "7/orders"),
        ("!Join ['-', [a, !Ref Name]]", "a-orders"),
        ("'Fn::Replace': [{<t>: !Ref Name}, 'topics/<t>/messages']", "topics/orders/messages"),
    ],
)
def test_functions(text: str, expected: object) -> None:
    """Each of the vendor's functions, in its short and its long spelling."""
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!Ref name", "Did you mean 'Name'?"),
        ("!GetAtt Topic.Arn", "it has ARN.WithSlash"),
        ("!GetAtt Tpic.Arn", "no resource"),
        ("!GetAtt Topic", "takes a resource and an attribute"),
        ("!Sub [1]", "Fn::Sub takes"),
        ("!Join x", "Fn::Join takes"),
        ("!Replace x", "Fn::Replace takes"),
        ("!Select [0, [a]]", "Fn::Select is not supported"),
        ("!Ref [a]", "Ref takes a name"),
    ],
)
def test_faults(text: str, said: str) -> None:
    """A call that can't be resolved says why and stays a call."""
    assert said in complaint(text)


def test_inner_fault_is_reported_once() -> None:
    """A call whose argument can't be resolved adds no second problem."""
    tree, problems = parse("!Join ['-', [!Ref Nope]]", "f")
    resolve(tree, SCOPE, problems)
    assert len(problems) == 1


def test_filling_in_keeps_lines() -> None:
    """Whatever a call took, what follows keeps its line; comments survive."""
    source = "a: !Ref Name # why\nb:\n  Fn::Sub:\n    - 'x${v}'\n    - {v: !Ref Name}\nc: last\n"
    filled, problems = fill_in(source, "flow.yml", SCOPE)
    assert not problems
    assert filled == 'a: "orders" # why\nb:\n  "xorders"\n\n\nc: last\n'


def test_filling_in_reports_positions() -> None:
    """An unknown reference is reported where it stands, and the text is left."""
    filled, problems = fill_in("steps:\n  - resourceArn: !Ref shop/nope\n", "flow.yml", SCOPE)
    assert "!Ref shop/nope" in filled
    assert [str(problem).partition(" ")[0] for problem in problems] == ["flow.yml:2:18:"]
    assert isinstance(problems[0], Problem)

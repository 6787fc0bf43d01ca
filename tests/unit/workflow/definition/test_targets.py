import pytest

from liuyun.workflow.definition.targets import (
    BadTarget,
    FunctionTarget,
    QueueTarget,
    Target,
    TopicTarget,
    parse_target,
)


@pytest.mark.parametrize(
    ("arn", "target"),
    [
        ("acs:fc:::services/orders/functions/pay", FunctionTarget("orders", "pay", "")),
        ("acs:fc:::services/orders.prod/functions/pay", FunctionTarget("orders", "pay", "prod")),
        ("acs:fc:::services/orders.3/functions/pay", FunctionTarget("orders", "pay", "3")),
        ("acs:fc:cn-hangzhou:1234567890:services/orders/functions/pay", FunctionTarget("orders", "pay", "")),
        ("acs:fc:::functions/pay", FunctionTarget("", "pay", "")),
        ("acs:fc:::functions/pay/LATEST", FunctionTarget("", "pay", "LATEST")),
        ("acs:mns:::/topics/paid/messages", TopicTarget("paid")),
        ("acs:mns:::/queues/to-ship/messages", QueueTarget("to-ship")),
        ("acs:mns:cn-hangzhou:123:/queues/to-ship/messages", QueueTarget("to-ship")),
    ],
)
def test_the_known_forms_are_read(arn: str, target: Target):
    """Functions of both generations, topics and queues; region and account don't matter."""
    assert parse_target(arn) == target


@pytest.mark.parametrize(
    "arn",
    [
        "",
        "pay",
        "acs:fc:::services/orders",
        "acs:fc:::services/orders/functions/",
        "acs:fc:::services/or/ders/functions/pay",
        "acs:fc:::functions/pay/LATEST/x",
        "acs:mns:::/topics/paid",
        "acs:mns:::topics/paid/messages",
        "acs:oss:::bucket",
        " acs:fc:::functions/pay",
    ],
)
def test_other_texts_are_refused_with_the_forms(arn: str):
    """Whoever mistypes an ARN sees what it may look like."""
    with pytest.raises(BadTarget, match="acs:fc:::services/<service>"):
        parse_target(arn)


def test_a_flow_as_a_target_is_refused_clearly():
    """It is a form that exists, but not here yet."""
    with pytest.raises(BadTarget, match="tasks that start flows aren't supported by this version"):
        parse_target("acs:fnf:::flow/child")

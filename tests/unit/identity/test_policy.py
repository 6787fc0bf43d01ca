"""What the roles of users may do in the products by their access keys."""

import pytest

from liuyun.errors import Denied
from liuyun.identity.policy import authorise, is_change
from liuyun.model.account import Principal, PrincipalKind
from liuyun.model.people import Role

NEEDED = {
    Role.VIEWER: [("fc", "GetFunction"), ("fnf", "ListExecutions"), ("mns", "PeekMessage"), ("oss", "GetObject")],
    Role.OPERATOR: [
        ("fc", "InvokeFunction"), ("fnf", "StopExecution"), ("mns", "ReceiveMessage"), ("oss", "PutObject"),
    ],
    Role.ADMINISTRATOR: [
        ("fc", "UpdateFunction"), ("fc", "GetTempBucketToken"), ("fnf", "CreateFlow"), ("mns", "CreateQueue"),
        ("mns", "Subscribe"), ("oss", "DeleteBucket"),
    ],
}  # fmt: skip
CASES = [(role, *action) for role, actions in NEEDED.items() for action in actions]


@pytest.mark.parametrize(("least", "product", "action"), CASES)
def test_a_role_may_what_it_may_in_the_console(least: Role, product: str, action: str):
    """Each action is for one role and those above it."""
    for role in Role:
        principal = Principal("1", "LY1", PrincipalKind.USER, user="robot", role=role)
        if role.includes(least):
            authorise(principal, product, action)
        else:
            with pytest.raises(Denied, match=f"robot is a {role}"):
                authorise(principal, product, action)


@pytest.mark.parametrize(
    ("product", "action", "change"),
    [
        ("fc", "InvokeFunction", False),
        ("fc", "GetFunction", False),
        ("fc", "DisableFunctionInvocation", True),
        ("fc", "PutProvisionConfig", True),
        ("fnf", "StartExecution", False),
        ("fnf", "StopExecution", True),
        ("mns", "SendMessage", False),
        ("mns", "Subscribe", True),
        ("oss", "PutObject", False),
        ("oss", "PutBucket", True),
    ],
)
def test_what_is_a_change(product: str, action: str, change: bool):
    """What sets something up, or takes it away; not what reads it or uses it."""
    assert is_change(product, action) is change

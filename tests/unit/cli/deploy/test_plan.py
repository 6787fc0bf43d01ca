from typing import Any

from liuyun.cli.deploy.document import Position
from liuyun.cli.deploy.plan import Action, Change, plan
from liuyun.cli.deploy.resources import Kind, Resource


def one(kind: Kind, wanted: dict[str, Any], actual: dict[str, Any] | None) -> tuple[Action, tuple[Change, ...]]:
    resource = Resource(kind, "name", wanted, Position("f", 1, 1))
    (step,) = plan([resource], {resource.key: actual})
    return step.action, step.changes


def test_absent_is_created() -> None:
    """What is not there is made."""
    assert one(Kind.QUEUE, {"DelaySeconds": 1}, None) == (Action.CREATE, ())


def test_equal_is_left_alone() -> None:
    """Fields that the template doesn't decide never matter, and empty equals absent."""
    actual = {"timeout": 3, "functionId": "x", "memorySize": 128}
    assert one(Kind.FUNCTION, {"timeout": 3, "initializer": ""}, actual)[0] is Action.UNCHANGED


def test_changed_field() -> None:
    """A difference is named with both values."""
    expected = (Action.UPDATE, (Change("timeout", 3, 60),))
    assert one(Kind.FUNCTION, {"timeout": 60}, {"timeout": 3}) == expected


def test_environment_is_compared_whole() -> None:
    """A variable that was taken out of the template must go."""
    wanted, actual = {"environmentVariables": {"A": "1"}}, {"environmentVariables": {"A": "1", "B": "2"}}
    assert one(Kind.FUNCTION, wanted, actual)[0] is Action.UPDATE


def test_trigger_config_may_gain_defaults() -> None:
    """The platform's own defaults inside a mapping and another order of methods are no difference."""
    wanted = {"triggerConfig": {"methods": ["POST", "GET"]}}
    actual = {"triggerConfig": {"methods": ["GET", "POST"], "disableURLInternet": False}}
    assert one(Kind.TRIGGER, wanted, actual)[0] is Action.UNCHANGED


def test_immutable_field_is_refused() -> None:
    """A trigger can't move to another topic; the plan says so instead of deleting it."""
    action, changes = one(Kind.TRIGGER, {"sourceArn": "b"}, {"sourceArn": "a"})
    assert action is Action.REFUSED
    assert changes == (Change("sourceArn", "a", "b"),)

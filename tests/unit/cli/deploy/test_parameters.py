import pytest

from liuyun.cli.deploy.resources import Kind
from liuyun.cli.deploy.template import InvalidTemplate
from tests.unit.cli.deploy.templates import find, template

BODY = """\
Parameters:
  Name: {Type: String, MinLength: 2}
  Size: {Type: Number, Default: 2048, MinValue: 1024}
  Kind: {Type: String, Default: small, AllowedValues: [small, large]}
  Key: {Type: String, Default: k, NoEcho: true}
Resources:
  topic: {Type: 'Aliyun::MNS::Topic', Properties: {TopicName: !Ref Name, MaximumMessageSize: !Ref Size}}
"""


def complaint(**given: str) -> str:
    with pytest.raises(InvalidTemplate) as caught:
        template(BODY, parameters=given)
    return str(caught.value)


def test_values_reach_the_resources() -> None:
    """A given value wins over the default and has the declared type."""
    found = template(BODY, parameters={"Name": "orders", "Size": "4096"})
    assert find(found, Kind.TOPIC, "orders").wanted["MaximumMessageSize"] == 4096
    assert find(template(BODY, parameters={"Name": "a1"}), Kind.TOPIC, "a1").wanted["MaximumMessageSize"] == 2048


def test_missing_value() -> None:
    """A parameter with neither a value nor a default says how to give one."""
    assert "template.yml:4:9: The parameter Name has no value: give it with --parameter Name=VALUE." in complaint()


def test_undeclared_parameter() -> None:
    """A value for a parameter that the template doesn't declare is a mistake, not ignored."""
    assert "--parameter Nmae was given" in complaint(Name="orders", Nmae="x")


def test_constraints() -> None:
    """The template's own constraints hold."""
    assert "must be one of small, large" in complaint(Name="orders", Kind="huge")
    assert "beyond its MinLength of 2" in complaint(Name="o")
    assert "beyond its MinValue of 1024" in complaint(Name="orders", Size="10")
    assert "is no Number" in complaint(Name="orders", Size="many")


def test_secret_parameters() -> None:
    """NoEcho marks a value that must not be shown."""
    assert template(BODY, parameters={"Name": "orders"}).secrets == {"k"}

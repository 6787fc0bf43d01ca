"""What a template asks for, in the words of the platform's APIs."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from liuyun.cli.deploy.document import Fields, Position, Scalar

STRUCTURE = {"Type", "Properties", "DependsOn", "DeletionPolicy"}  # the keys that are no functions


class Kind(StrEnum):
    """In the order in which things are made: each refers only to earlier ones."""

    TOPIC = "topic"
    QUEUE = "queue"
    SERVICE = "service"
    FUNCTION = "function"
    TRIGGER = "trigger"
    SETTING = "setting"  # of a function: how many instances, how asynchronous calls are treated
    DOMAIN = "domain"
    SUBSCRIPTION = "subscription"
    FLOW = "flow"


ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Resource:
    """`name` is the path of names, `service/function/trigger`; a function without a service has none before it.
    `wanted` are the fields that the template decides.
    """

    kind: Kind
    name: str
    wanted: Mapping[str, Any]
    at: Position
    code: str = ""  # of a function: its CodeUri

    @property
    def key(self) -> tuple[Kind, str]:
        return self.kind, self.name

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a template is deployed to."""

    endpoint: str
    account_id: str
    region: str
    stack: str = "liuyun"


def type_of(node: Fields) -> str:
    kind = node.nodes.get("Type")
    return str(kind.value) if isinstance(kind, Scalar) else ""

"""What a deployment will do: the template's resources compared with those that are there. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from liuyun.cli.deploy.resources import Kind, Resource

Actual = Mapping[tuple[Kind, str], Mapping[str, Any] | None]  # fields as the API shows them; None: not there

IMMUTABLE: Mapping[Kind, frozenset[str]] = {
    Kind.TRIGGER: frozenset({"triggerType", "sourceArn"}),  # triggers contract 1
    Kind.SUBSCRIPTION: frozenset({"Endpoint", "FilterTag", "NotifyContentFormat"}),  # mns contract 4
}
WHOLE = frozenset({"environmentVariables"})  # what the template leaves out must go; other mappings gain server defaults


class Action(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"  # it differs in something that can't be changed in place


@dataclass(frozen=True, slots=True)
class Change:
    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Step:
    action: Action
    resource: Resource
    changes: tuple[Change, ...] = ()

    @property
    def frozen_fields(self) -> list[str]:
        frozen = IMMUTABLE.get(self.resource.kind, frozenset())
        return [change.field for change in self.changes if change.field in frozen]


def plan(resources: Sequence[Resource], actual: Actual) -> list[Step]:
    return [step(resource, actual.get(resource.key)) for resource in resources]


def step(resource: Resource, actual: Mapping[str, Any] | None) -> Step:
    if actual is None:
        return Step(Action.CREATE, resource)
    changes = tuple(
        Change(name, actual.get(name), wanted)
        for name, wanted in resource.wanted.items()
        if not same(wanted, actual.get(name), whole=name in WHOLE)
    )
    if not changes:
        return Step(Action.UNCHANGED, resource)
    frozen = IMMUTABLE.get(resource.kind, frozenset())
    refused = any(change.field in frozen for change in changes)
    return Step(Action.REFUSED if refused else Action.UPDATE, resource, changes)


def same(wanted: Any, actual: Any, *, whole: bool = False) -> bool:
    """Absent and empty are one. Of a mapping only what is wanted counts, unless `whole`; lists are sets,
    but for lists of mappings, which the API may complete and in which the order counts.
    """
    if not wanted and not actual:
        return True
    match wanted, actual:
        case dict(), dict():
            want, have = cast(dict[str, Any], wanted), cast(dict[str, Any], actual)
            names = want.keys() | have.keys() if whole else want.keys()
            return all(same(want.get(name), have.get(name)) for name in names)
        case list(), list():
            return same_items(cast(list[Any], wanted), cast(list[Any], actual))
        case _:
            return wanted == actual


def same_items(wanted: list[Any], actual: list[Any]) -> bool:
    if any(isinstance(item, dict) for item in wanted):
        return len(wanted) == len(actual) and all(map(same, wanted, actual))
    return sorted(map(str, wanted)) == sorted(map(str, actual))

"""How stored values follow a schema that changes: a list of small operations, applied to every value of every scope.

    {"op": "set", "property": "currency", "value": "CNY"}      where the property is absent
    {"op": "rename", "from": "rate", "to": "discount"}
    {"op": "remove", "property": "note"}
    {"op": "map", "property": "level", "values": {"1": "low"}}  other values stay as they are

They work on the properties of objects; any other value passes through unchanged.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from liuyun.errors import Invalid
from liuyun.model.config import Json

Operation = Mapping[str, Any]
NEEDS = {"set": ("property", "value"), "rename": ("from", "to"), "remove": ("property",), "map": ("property", "values")}
MOST_OPERATIONS = 100


def check_migration(operations: Sequence[Operation]) -> None:
    """Raises Invalid naming the operation that can't be understood."""
    if len(operations) > MOST_OPERATIONS:
        raise Invalid(f"a migration must have at most {MOST_OPERATIONS} operations")
    for number, operation in enumerate(operations):
        needed = NEEDS.get(str(operation.get("op")))
        if needed is None:
            raise Invalid(f"migration/{number}: op must be one of {', '.join(NEEDS)}")
        for word in needed:
            if word not in operation:
                raise Invalid(f"migration/{number}: '{operation['op']}' needs '{word}'")
        if operation["op"] == "map" and not isinstance(operation["values"], Mapping):
            raise Invalid(f"migration/{number}: 'values' must be an object")


def migrated(value: Json, operations: Sequence[Operation]) -> Json:
    if not isinstance(value, Mapping):
        return value
    result = dict(cast(Mapping[str, Json], value))
    for operation in operations:
        apply(result, operation)
    return result


def apply(value: dict[str, Json], operation: Operation) -> None:
    match operation["op"]:
        case "set":
            value.setdefault(operation["property"], operation["value"])
        case "rename":
            if operation["from"] in value:
                value[operation["to"]] = value.pop(operation["from"])
        case "remove":
            value.pop(operation["property"], None)
        case "map":
            name = operation["property"]
            if name in value:
                value[name] = operation["values"].get(str(value[name]), value[name])
        case unknown:
            raise AssertionError(f"checked before: {unknown}")
